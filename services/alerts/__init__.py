"""Who should hear of it, once, and by which channel?"""
