"""Other libraries on the same leads, each in a process of an environment of its own.

What runs there imports nothing of the product: the libraries it needs are not the product's.
"""
