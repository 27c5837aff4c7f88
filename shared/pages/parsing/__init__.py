"""Parsing: what a page says, from its HTML. Pure; it runs in a process of its own (`reader`)."""
