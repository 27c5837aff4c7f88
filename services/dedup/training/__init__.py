"""Training: what does this account's own past say of the weights?"""
