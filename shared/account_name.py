"""What an account may be called: a lead's `user_id`, which is a tenant. Pure."""

ANONYMOUS = "anonymous"
"""The tenant of a local caller who names none."""

LONGEST_USER_ID = 128
"""Characters (contract, section 1)."""
