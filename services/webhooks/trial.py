"""A test message, sent while its owner waits: what the endpoint says to it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import BoundedSemaphore
from typing import Any

from services.webhooks.delivery import sent
from services.webhooks.endpoint import Endpoint
from services.webhooks.message import TEST_EVENT, message
from shared.errors import TooManyRequests
from shared.ids import uuid7
from shared.outbound import Door

SECONDS = 5.0
"""How long a caller waits at most."""

MOST = 2
"""Tests under way in one process: each keeps one of its threads from other callers."""

_places = BoundedSemaphore(MOST)


def trial(door: Door, endpoint: Endpoint) -> dict[str, Any]:
    """Send a test message and return what became of it, in the words of the API.

    Raises TooManyRequests if others are being sent.
    """
    now, begun = datetime.now(UTC), time.perf_counter()
    test = message(uuid7(), TEST_EVENT, None, {"webhook_id": endpoint.id}, now)
    with _place():
        found = sent(door, endpoint, test, now, SECONDS)
    return {
        "delivered": found.result == "delivered",
        "status": found.answered,
        "error": found.failure,
        "duration_ms": round((time.perf_counter() - begun) * 1000),
    }


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise TooManyRequests(details={"retry_after_seconds": int(SECONDS)})
    try:
        yield
    finally:
        _places.release()
