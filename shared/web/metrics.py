"""Counts and durations for Prometheus; labels come from closed sets, never from a caller.

Under several processes the supervisor sets PROMETHEUS_MULTIPROC_DIR to a folder of theirs: each
writes there and /metrics adds them up, those that have died included.
https://prometheus.github.io/client_python/multiprocess/
"""

import os
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from flask import Flask, Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from shared.web.context import context
from shared.web.routes import elapsed_seconds, method, route

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable that names the folder where several processes count together."""

AT_SCRAPE = "leadfly.at_scrape"
"""Where the collectors stand in `app.extensions` that are asked whenever /metrics is."""

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


def state(name: str, help_text: str) -> Gauge:
    """Return a new gauge of what each process sees: the highest value of those alive counts."""
    return Gauge(_ours(name), help_text, multiprocess_mode="livemax")


def exposition(at_scrape: Iterable[Collector] = ()) -> bytes:
    """Return every metric in Prometheus' text format, of all processes together.

    *at_scrape* are collectors of what is the same for all of them.
    """
    asked = CollectorRegistry()
    for collector in at_scrape:
        asked.register(collector)
    return generate_latest(_counted()) + generate_latest(asked)


def clear(folder: Path, pattern: str = "*.db") -> None:
    """Delete the files in *folder* of processes that are no longer alive."""
    for file in folder.glob(pattern):
        if not _alive(file.stem.rpartition("_")[2]):
            file.unlink(missing_ok=True)


def _counted() -> CollectorRegistry:
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder is None:
        return REGISTRY
    clear(Path(folder), "gauge_live*.db")
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


def _alive(pid: str) -> bool:
    """True if a process of this number lives; prometheus_client ends its file names with it."""
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:  # somebody else's
        return True
    try:
        # A killed one whose parent was killed first may wait long for somebody to reap it.
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:  # not Linux, or gone this moment
        return True


def install(app: Flask) -> None:
    """Count and time every request of *app*."""

    @app.after_request
    def count(response: Response) -> Response:
        counted, timed = _series(context().service, route(), method(), response.status_code)
        counted.inc()
        timed.observe(elapsed_seconds())
        return response


@cache  # each of them is a time series, so there are few
def _series(service: str, rule: str, verb: str, status: int) -> tuple[Counter, Histogram]:
    return _requests.labels(service, rule, verb, str(status)), _seconds.labels(service, rule)


def _ours(name: str) -> str:
    if not re.fullmatch(r"leadfly_[a-z0-9_]+", name):
        raise ValueError("a metric of ours is named leadfly_… in small letters")
    return name


_requests = counter(
    "leadfly_requests_total", "Requests answered.", ("service", "route", "method", "status")
)
_seconds = histogram("leadfly_request_seconds", "Time to answer.", ("service", "route"))
