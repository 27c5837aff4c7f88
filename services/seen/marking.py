"""Marking: what stands for a key in the database, and for a request that may come again."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import orjson

from services.seen.claim import Wanted
from shared.privacy.pseudonym import Keyring

HALVES = ("seen.key", "seen.key.more")
"""Two pseudonyms of 64 bits each, independent as their kinds differ."""

_UNSIGNED = 2**64 - 1


class Again(NamedTuple):
    """How a request is known again."""

    key: int
    request: int
    """Stands for all that it asks: another one under the same key is a mistake."""


def mark(keyring: Keyring, tenant_id: str, spelling: str) -> UUID:
    """Return 128 bits that stand for a key; the same in every scope of the account."""
    high, low = (keyring.pseudonym(tenant_id, half, spelling) & _UNSIGNED for half in HALVES)
    return UUID(int=high << 64 | low)


def again(keyring: Keyring, tenant_id: str, key: str, wanted: Sequence[Wanted]) -> Again:
    """Return how a request for *wanted* under the Idempotency-Key *key* is known again."""
    asked = [[*one.place, one.ttl_days, one.hold_seconds] for one in wanted]
    said = orjson.dumps(asked).decode("utf-8")
    return Again(
        keyring.pseudonym(tenant_id, "seen.answer", key),
        keyring.pseudonym(tenant_id, "seen.request", said),
    )
