"""A test message, sent while a receiver's owner waits: what the other end says to it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID

from services.alerts.channels import Outlets, sent
from services.alerts.channels.channel import Target
from services.alerts.delivery_store import Addressed
from services.alerts.message import message
from services.alerts.notification import Notification
from shared.errors import TooManyRequests
from shared.ids import uuid7
from shared.privacy.modes import Mode

SECONDS = 5.0
"""How long a caller waits at most."""

MOST = 2
"""Tests under way in one process: each keeps one of its threads from other callers."""

_places = BoundedSemaphore(MOST)


def trial(
    outlets: Outlets,
    mode: Mode,
    public_url: str | None,
    receiver_id: UUID,
    name: str,
    to: Addressed,
) -> dict[str, Any]:
    """Send a test message to a receiver and return what became of it, in the words of the API.

    Raises TooManyRequests if others are being sent.
    """
    now, begun = datetime.now(UTC), time.perf_counter()
    test = Notification(uuid7(), "test", receiver_id, name, now, (), 0)
    target = Target(to.address, to.secret)
    with _place():
        said = message(test, mode, public_url)
        found = sent(outlets, to.channel, target, said, now, SECONDS)
    return {
        "delivered": found.result == "sent",
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
