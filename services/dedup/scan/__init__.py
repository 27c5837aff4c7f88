"""Scans: who among the leads that are stored already is one person, for somebody to look at."""
