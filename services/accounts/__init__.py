"""Who may speak for this account?"""
