"""Where are more people like this?"""
