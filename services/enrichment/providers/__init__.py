"""Providers of findings: each asks one place what it knows of a lead."""
