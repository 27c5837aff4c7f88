"""Reconciling: leads that passed unchecked are stored and checked, in the order they came.

Each is decided by the same function as any other lead, as of the time it came. A few of a tenant
share a transaction; if one is at fault, each gets its own. The answer that was given stands; if
it was wrong, an event says so.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from services.dedup import passing
from services.dedup.check import Answered, check
from services.dedup.decision import ALLOW
from shared.attempts import Busy
from shared.db import Database, ForeignKey
from shared.errors import Unavailable
from shared.privacy.gate import Gate
from shared.spool import Entry, Spool
from shared.web.metrics import counter

CHUNK = 100
"""Entries settled together: a spool settles 100 almost as fast as one."""

TOGETHER = 25
"""Entries of one tenant that share a transaction, as a batch does: they come in turn, and wait for
the disk once. A lead that comes meanwhile waits for their locks, some 40 ms at most."""

log = logging.getLogger(__name__)


def reconcile(
    database: Database, gate: Gate, spool: Spool, tenant_id: str | None, seconds: float
) -> int:
    """Store waiting leads of *tenant_id*, or of all, for *seconds*; return how many.

    One at a time on this host: if another is at it, nothing is done. Raises Unavailable if the
    database is away; what is not stored waits on.
    """
    until = time.monotonic() + seconds
    stored = 0
    with suppress(Busy), spool.alone(0.0):
        while time.monotonic() < until:
            due = spool.due(datetime.now(UTC), CHUNK, tenant_id)
            if not due:
                break
            stored += _chunk(database, gate, spool, due, until)
    return stored


def _chunk(database: Database, gate: Gate, spool: Spool, due: Sequence[Entry], until: float) -> int:
    """Store entries until the time is over, and settle what was stored in any case."""
    stored: list[UUID] = []
    try:
        for together in _by_tenant(due):
            stored += _stored(database, gate, spool, together)
            if time.monotonic() > until:
                break
    finally:
        if stored:
            spool.settle(stored)
    return len(stored)


def _by_tenant(due: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Yield the entries of each tenant in their order, TOGETHER at most; tenants never meet."""
    entries: dict[str, list[Entry]] = {}
    for entry in due:
        entries.setdefault(entry.tenant_id, []).append(entry)
    for own in entries.values():
        yield from (own[start : start + TOGETHER] for start in range(0, len(own), TOGETHER))


def _stored(database: Database, gate: Gate, spool: Spool, entries: Sequence[Entry]) -> list[UUID]:
    """Store entries of one tenant in one transaction or, if one is at fault, each in its own."""
    try:
        leads = [passing.recalled(gate, entry) for entry in entries]
        answers = check(database, gate, entries[0].tenant_id, leads, _unread)
    except (Unavailable, ForeignKey):
        raise
    except psycopg.ProgrammingError as error:  # not migrated, not granted: no entry's fault
        raise Unavailable from error
    except Exception as error:
        if len(entries) > 1:
            return [one for entry in entries for one in _stored(database, gate, spool, [entry])]
        _failed(spool, entries[0], error)
        return []
    for answered in answers:
        _count(answered)
    return [entry.receipt_id for entry in entries]


def _failed(spool: Spool, entry: Entry, error: Exception) -> None:
    """Let an entry wait that fails by its own fault; it blocks nobody."""
    dead = spool.failed(entry.receipt_id, type(error).__name__, datetime.now(UTC))
    level = logging.ERROR if dead else logging.WARNING
    log.log(level, "%s could not be reconciled", entry.receipt_id, exc_info=error)


def _count(answered: Answered) -> None:
    RECONCILED.labels(_verdict(answered)).inc()


def _verdict(answered: Answered) -> str:
    """Return in a word what became of an entry."""
    if answered.outcome is None:
        return "divergent" if answered.divergent else "landed"
    allowed = answered.outcome.verdict.decision.action is ALLOW
    return "allowed" if allowed else "late_duplicate"


def _unread(outcome: object) -> bytes:
    raise RuntimeError("a lead that passed has its answer")


RECONCILED = counter(
    "leadfly_reconciled_total", "Leads that passed and were stored later.", ("verdict",)
)
"""By what would have been answered. `landed` and `divergent` were stored by their own request after
all: the database had decided as the answer says, or otherwise."""
