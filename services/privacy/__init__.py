"""What do we hold about you, on what basis, and will you have it gone? The desk where one asks.

The law that it goes by is `shared.privacy`.
"""
