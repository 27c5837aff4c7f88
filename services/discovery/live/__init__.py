"""Discoveries as they go on: the stream of their events."""
