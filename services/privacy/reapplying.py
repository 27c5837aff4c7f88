"""Catching up with the ledger: what was erased is erased again where a restore brought it back.

An entry lists the leads that went. Those of them that are there go, and nobody else: who was
joined with them at the restored moment, and no longer when they were erased, stays.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from services.privacy import store
from services.privacy.erasure import ERASING_SECONDS, Desk
from shared import clusters
from shared.erasure_ledger import Entry

TOGETHER = 100
"""Leads that are erased in one transaction."""

LEFT_OUT = "left out"
"""Who stands in the audit of an erasure that somebody chose not to repeat."""


@dataclass(frozen=True, slots=True)
class Reapplied:
    """What catching up came to."""

    erasures: int
    """That the database had not seen."""
    records: int
    """Leads that were back, and went."""
    left_out: int


def missing(desk: Desk, entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield those of *entries* that the database has not seen. Raises Unavailable."""
    for made in entries:
        with desk.database.lookup() as conn:
            unseen = store.missing(conn, [made.id])
        if unseen:
            yield made


def reapply(
    desk: Desk, entries: Iterable[Entry], left_out: Collection[UUID] = frozenset()
) -> Reapplied:
    """Erase again what *entries* name, but for those *left_out*; the database then has seen all.

    It may be done any number of times, and by several at once. Raises Unavailable if something is
    left to do.
    """
    erasures, records, left = 0, 0, 0
    for made in missing(desk, entries):
        if made.id in left_out:
            _note(desk, made, 0, LEFT_OUT)
            left += 1
        else:
            records += _erased_again(desk, made)
            erasures += 1
        desk.ledger.finished(made.id)
    return Reapplied(erasures, records, left)


def finish(desk: Desk, entries: Iterable[Entry]) -> Reapplied:
    """Finish what was asked for by a process that died before it could say how it went."""
    overdue = list(entries)
    done = reapply(desk, overdue)
    for made in overdue:
        desk.ledger.finished(made.id)
    return done


def _erased_again(desk: Desk, made: Entry) -> int:
    """Erase what is there of an entry's leads, and have it seen; return how many went."""
    gone = 0
    for start in range(0, len(made.leads), TOGETHER):
        some = made.leads[start : start + TOGETHER]
        with desk.database.transaction(made.tenant_id) as conn:
            keys = store.keys_around_all(conn, made.tenant_id, some)
        held = [clusters.turn(desk.gate, made.tenant_id), *keys]
        with desk.database.transaction(made.tenant_id, held, ERASING_SECONDS) as conn:
            gone += store.erase_leads(conn, made.tenant_id, some)
    _note(desk, made, gone)
    return gone


def _note(desk: Desk, made: Entry, records: int, by: str | None = None) -> None:
    with desk.database.transaction(made.tenant_id) as conn:
        store.note(conn, made, records, by)
