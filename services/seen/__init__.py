"""Has this key been seen before?"""
