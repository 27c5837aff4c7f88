"""What of a request may be counted and logged: its rule and method, from closed sets."""

import time

from flask import Flask, g, request

UNMATCHED = "unmatched"
"""The route of a request that no rule fits; its path is the caller's text."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def route() -> str:
    """Return the URL rule of the running request, with placeholders in place of values."""
    return request.url_rule.rule if request.url_rule else UNMATCHED


def method() -> str:
    """Return the method of the running request, or `other`: HTTP lets callers invent some."""
    return request.method if request.method in METHODS else "other"


def elapsed_seconds() -> float:
    """Return how long the running request has taken so far."""
    return time.perf_counter() - float(g.get("started", time.perf_counter()))


def install(app: Flask) -> None:
    """Note when each request of *app* starts; install this first."""

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()
