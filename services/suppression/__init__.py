"""Is this address or number on a list of those who are to be left alone?"""
