"""What of a request may be counted and logged: its rule and method, from closed sets."""

import time

from flask import Flask

from shared.web.context import notes, running

UNMATCHED = "unmatched"
"""The route of a request that no rule fits; its path is the caller's text."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def route() -> str:
    """Return the URL rule of the running request, with placeholders in place of values."""
    rule = running().url_rule
    return rule.rule if rule else UNMATCHED


def method() -> str:
    """Return the method of the running request, or `other`: HTTP lets callers invent some."""
    sent = running().method
    return sent if sent in METHODS else "other"


def elapsed_seconds() -> float:
    """Return how long the running request has taken so far."""
    now = time.perf_counter()
    return now - float(notes().get("started", now))


def install(app: Flask) -> None:
    """Note when each request of *app* starts; install this first."""

    @app.before_request
    def start() -> None:
        notes().started = time.perf_counter()
