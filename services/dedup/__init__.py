"""Is this lead someone we already know?"""
