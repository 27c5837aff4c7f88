"""Counts and durations for Prometheus; labels come from closed sets, never from a caller.

Under several workers the supervisor sets PROMETHEUS_MULTIPROC_DIR to an empty
folder before they start: each worker then writes there and /metrics adds them up.
https://prometheus.github.io/client_python/multiprocess/
"""

import os
import re
from collections.abc import Sequence

from flask import Flask, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY

from shared.web.context import context
from shared.web.routes import elapsed_seconds, method, route

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Upper bounds of the duration buckets; the contract's limits are 0.1 and 0.5 s."""


def counter(name: str, help_text: str, labels: Sequence[str] = ()) -> Counter:
    """Return a new counter of a service, declared once where its module is imported.

    Raises ValueError unless *name* starts with `leadfly_`. Label values must come
    from a closed set: each new one is a new time series.
    """
    return Counter(_ours(name), help_text, labels)


def histogram(
    name: str, help_text: str, labels: Sequence[str] = (), buckets: Sequence[float] = SECONDS
) -> Histogram:
    """Return a new histogram of a service; the rules of `counter` hold."""
    return Histogram(_ours(name), help_text, labels, buckets=buckets)


def exposition() -> bytes:
    """Return every metric in Prometheus' text format, of all workers together."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)


def install(app: Flask) -> None:
    """Count and time every request of *app*."""

    @app.after_request
    def count(response: Response) -> Response:
        service, rule = context().service, route()
        _requests.labels(service, rule, method(), str(response.status_code)).inc()
        _seconds.labels(service, rule).observe(elapsed_seconds())
        return response


def _ours(name: str) -> str:
    if not re.fullmatch(r"leadfly_[a-z0-9_]+", name):
        raise ValueError("a metric of ours is named leadfly_… in small letters")
    return name


_requests = counter(
    "leadfly_requests_total", "Requests answered.", ("service", "route", "method", "status")
)
_seconds = histogram("leadfly_request_seconds", "Time to answer.", ("service", "route"))
