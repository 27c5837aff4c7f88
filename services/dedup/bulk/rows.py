"""A row of a whole table made ready: its record, when it came, and its blocking keys as numbers.

What is asked of a row is what the live check asks of a lead, so a table is read as its rows would
have been had they been posted one by one.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import NamedTuple
from zlib import crc32

from services.dedup import blocking
from services.dedup.blocking import VALUES, Key
from services.dedup.contact import promoted
from services.dedup.record import read

UNDATED = float("inf")
"""When a row came that does not say so: after all others."""


SOUND_BITS = 12
"""Of a key that hold a name's sound; a thousand rows of a million share them, as a rule."""

_BEGUN = blake2b(digest_size=8)
"""Copied for each key: to begin one takes twice as long."""

_WHOLE, _BEHIND_THE_SOUND = 2**64 - 1, 2 ** (64 - SOUND_BITS) - 1


class Ready(NamedTuple):
    """A row as it is compared."""

    at: float
    """Seconds since 1970; UNDATED if the row does not say."""
    packed: bytes
    """Its `Record`, packed."""
    keys: tuple[int, ...]
    """Its identity keys, see `number`."""


def ready(fields: Mapping[str, str], at: datetime | None, country: str) -> Ready:
    """Return a row made ready that says *fields* (names as in `shared.lead_fields.FIELDS`).

    *country* (ISO 3166-1 alpha-2) reads national numbers of rows that name none. Who gives neither
    address nor number is compared by the rest: a table is no form.
    """
    record = read(promoted(fields), country).record
    keys = tuple(map(number, blocking.keys(record)))
    return Ready(at.timestamp() if at else UNDATED, record.pack(), keys)


def number(key: Key) -> int:
    """Return *key* as 64 bits; the last one tells a value alone from one beside a name.

    A key beside a name begins with how the name sounds, in SOUND_BITS: sorted by their keys, pairs
    stand together whose names do. Two keys of ten million fall together with a chance of one in
    ten thousand, and then a pair is compared in vain.
    """
    kind, value = key
    hashed = _BEGUN.copy()
    hashed.update(f"{kind}\0{value}".encode("utf-8", "replace"))
    found = int.from_bytes(hashed.digest(), "big") & ~1
    if kind in VALUES:
        return found | 1
    sound = crc32(value.partition(" ")[0].encode("utf-8", "replace"))
    return (sound << 64 - SOUND_BITS | found & _BEHIND_THE_SOUND) & _WHOLE


def moment(at: float) -> datetime:
    """Return when a row came, as a time; those that don't say all came at once."""
    return datetime.fromtimestamp(0.0 if at == UNDATED else at, UTC)
