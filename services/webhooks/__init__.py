"""Who wants to hear what happens to a lead?"""
