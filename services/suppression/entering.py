"""Entering: people come on a list and off it, singly or by the file; all that was sent or none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy

from services.suppression import entry_store, keeping
from services.suppression.column import Reading
from services.suppression.desk import Desk
from services.suppression.entry_store import MOST_AT_ONCE
from services.suppression.identity import Identity
from services.suppression.sheet import Sheet
from shared.errors import Malformed

FAULTY = "Some rows cannot be read, so nothing was stored; see details."


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of entries that were sent."""

    added: int
    """Those that did not count before."""
    known: int
    """Those that did; one that was sent twice is one."""


@dataclass(frozen=True, slots=True)
class Unique:
    """Whether somebody is new to a list."""

    is_unique: bool
    added_at: datetime
    """When they came on it."""


def add(
    desk: Desk, tenant_id: str, list_id: UUID, people: Sequence[Identity], now: datetime
) -> Entered:
    """Put *people* on a list. Raises NotFound."""
    values = {value for person in people for value in person.entries}
    keys = sorted({desk.key(tenant_id, value) for value in values})
    with desk.database.transaction(tenant_id) as conn:
        roll = keeping.held(conn, tenant_id, list_id)
        added = sum(
            entry_store.add(conn, tenant_id, roll, keys[at : at + MOST_AT_ONCE], now)
            for at in range(0, len(keys), MOST_AT_ONCE)
        )
    return Entered(added, len(keys) - added)


def remove(desk: Desk, tenant_id: str, list_id: UUID, people: Sequence[Identity]) -> int:
    """Take *people* off a list, in whatever form they are on it; return how many were.

    What was said as a hash goes where the very hash is on it. Raises NotFound.
    """
    keyed = [
        {desk.key(tenant_id, value) for value in person.spellings}
        for person in dict.fromkeys(people)
    ]
    with desk.database.transaction(tenant_id) as conn:
        keeping.held(conn, tenant_id, list_id)
        gone = entry_store.remove(conn, tenant_id, list_id, sorted(set().union(*keyed)))
    return sum(not gone.isdisjoint(keys) for keys in keyed)


def unique(desk: Desk, tenant_id: str, list_id: UUID, person: Identity, now: datetime) -> Unique:
    """Return whether *person* is new to a list, and put them on it if so.

    Whoever asks about the same person at the same time waits: one is told that they are new. Raises
    NotFound.
    """
    spellings = [desk.key(tenant_id, value) for value in person.spellings]
    entries = sorted({desk.key(tenant_id, value) for value in person.entries})
    kind = f"suppression/{list_id}"
    turns = [desk.keyring.pseudonym(tenant_id, kind, str(key)) for key in spellings]
    with desk.database.transaction(tenant_id, turns) as conn:
        roll = keeping.held(conn, tenant_id, list_id)
        hits = entry_store.naming(conn, tenant_id, spellings, now, [list_id])
        if hits:
            return Unique(False, hits[0].added_at)
        if entry_store.add(conn, tenant_id, roll, entries, now) == 0:
            return Unique(False, now)  # an import was quicker
    return Unique(True, now)


def read(desk: Desk, tenant_id: str, chunks: Iterable[bytes], reading: Reading) -> Sheet:
    """Return what the file in *chunks* says. Raises Malformed where it cannot be read on."""
    sheet = Sheet(lambda value: desk.key(tenant_id, value), reading)
    sheet.read(chunks)
    return sheet


def enter(
    desk: Desk, tenant_id: str, list_id: UUID, sheet: Sheet, skip_faulty: bool, now: datetime
) -> Entered:
    """Put all whom *sheet* names on a list, in one transaction: what breaks off leaves nothing.

    Raises NotFound, and Malformed with the faulty rows unless they are to be skipped.
    """
    if sheet.fault_count and not skip_faulty:
        details: dict[str, object] = {f"rows.{row}": reason for row, reason in sheet.faults}
        raise Malformed(FAULTY, {"faulty_rows": sheet.fault_count} | details)
    if not sheet.row_count:
        raise Malformed(details={"file": "has no rows"})
    keys = _distinct(sheet)
    added = 0
    with desk.database.transaction(tenant_id) as conn:
        roll = keeping.held(conn, tenant_id, list_id)
        for at in range(0, len(keys), MOST_AT_ONCE):
            part = keys[at : at + MOST_AT_ONCE].tolist()
            added += entry_store.add(conn, tenant_id, roll, part, now)
    return Entered(added, len(keys) - added)


def _distinct(sheet: Sheet) -> "numpy.ndarray[tuple[int], numpy.dtype[numpy.int64]]":
    """Return the keys of *sheet*, each once and in ascending order; it keeps them sorted, too."""
    keys = numpy.frombuffer(sheet.keys, numpy.int64)
    keys.sort()  # in place: a million keys are there once
    first = numpy.ones(len(keys), bool)
    first[1:] = keys[1:] != keys[:-1]
    return keys[first]
