"""Alerts as they change: the stream, what may be asked for instead, and the page of both."""
