"""What do we know of a lead, where are more like it, and what became of them?"""
