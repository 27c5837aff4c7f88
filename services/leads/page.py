"""Pages of leads: in which order, how many, and where the next one begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from shared.errors import Malformed

SORTS = ("strongest", "newest", "oldest", "nearest")
"""The orders in which leads may be listed."""

PAGE = 100
"""Leads in one answer, unless the caller asks for another number (contract, section 3)."""

LONGEST_PAGE = 1000
"""Leads in one answer at most (contract, section 3)."""

DEEPEST = 100_000
"""How many leads an offset may pass over; `after` has no such bound."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One lead's place in an order: what it is sorted by."""

    lead_id: UUID
    received_at: datetime
    signal_strength: int
    half_chord: float | None = None
    """How far from the middle of `near` (`filter_store.half_chord`), if leads are sorted by it."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of which order."""

    sort: str = "strongest"
    limit: int = PAGE
    offset: int = 0
    after: Mark | None = None


def spelled(sort: str, mark: Mark) -> str:
    """Return *mark* as callers carry it from one page to the next."""
    chord = mark.half_chord if _measured(sort) else None
    parts = (sort, mark.lead_id, mark.received_at, mark.signal_strength, chord)
    return urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def mark(sort: str, text: str) -> Mark:
    """Return the mark that *text* spells. Raises Malformed if it is none, or of another sort."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        said, lead_id, received_at, strength, chord = orjson.loads(urlsafe_b64decode(padded))
        at = datetime.fromisoformat(received_at)
        numbers = type(strength) is int and 0 <= strength <= 100
        if said != sort or at.tzinfo is None or not numbers or (chord is None) == _measured(sort):
            raise ValueError
        return Mark(UUID(lead_id), at, strength, None if chord is None else float(chord))
    except (ValueError, TypeError, AttributeError):
        raise Malformed(details={"after": "is no next_after of this list"}) from None


def _measured(sort: str) -> bool:
    return sort == "nearest"
