"""Reconciling: leads that passed unchecked are stored and checked, in the order they came.

Each is decided by the same function as any other lead, as of the time it came, in a transaction
of its own. The answer that was given stands; if it was wrong, an event says so.
"""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import psycopg

from services.dedup import passing, store
from services.dedup.check import check
from services.dedup.decision import ALLOW
from services.dedup.preparation import Prepared
from shared.attempts import Busy, exclusive
from shared.db import Database, ForeignKey
from shared.errors import Unavailable
from shared.privacy.gate import Gate
from shared.spool import Entry, Spool
from shared.web.metrics import counter

CHUNK = 50
"""Entries settled together: a spool settles 50 almost as fast as one."""

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
    with suppress(Busy), exclusive(f"{spool.folder}/reconcile.lock", 0, 0.0):
        while time.monotonic() < until:
            due = spool.due(datetime.now(UTC), CHUNK, tenant_id)
            if not due:
                break
            stored += _chunk(database, gate, spool, due, until)
    return stored


def _chunk(database: Database, gate: Gate, spool: Spool, due: Sequence[Entry], until: float) -> int:
    """Store entries until the time is over; return how many.

    They wait for the disk together, before the spool forgets them. If the server dies meanwhile
    the spool forgets none: those that were stored for good are recognised the next time.
    """
    stored: list[UUID] = []
    with database.on_one_connection(), ThreadPoolExecutor(1) as reader:
        # The next ones are read while the database works on this one.
        leads = reader.map(partial(_recalled, gate), due)
        try:
            for entry, lead in zip(due, leads, strict=True):
                if _stored(database, gate, spool, entry, lead):
                    stored.append(entry.receipt_id)
                if time.monotonic() > until:
                    break
        finally:
            reader.shutdown(wait=False, cancel_futures=True)
            if stored:
                with database.lookup() as conn:
                    store.flush(conn)
                spool.settle(stored)
    return len(stored)


def _recalled(gate: Gate, entry: Entry) -> Prepared | Exception:
    """Return the lead of *entry*, or why it cannot be read."""
    try:
        return passing.recalled(gate, entry)
    except Exception as error:
        return error


def _stored(
    database: Database, gate: Gate, spool: Spool, entry: Entry, lead: Prepared | Exception
) -> bool:
    """Store one entry; one that fails by its own fault waits, and blocks nobody."""
    try:
        if isinstance(lead, Exception):
            raise lead
        (answered,) = check(database, gate, entry.tenant_id, [lead], _unread, hasty=True)
    except (Unavailable, ForeignKey):
        raise
    except psycopg.ProgrammingError as error:  # not migrated, not granted: no entry's fault
        raise Unavailable from error
    except Exception as error:
        dead = spool.failed(entry.receipt_id, type(error).__name__, datetime.now(UTC))
        level = logging.ERROR if dead else logging.WARNING
        log.log(level, "%s could not be reconciled", entry.receipt_id, exc_info=error)
        return False
    outcome = answered.outcome
    late = outcome and outcome.verdict.decision.action is not ALLOW
    RECONCILED.labels("landed" if not outcome else "late_duplicate" if late else "allowed").inc()
    return True


def _unread(outcome: object) -> bytes:
    raise RuntimeError("a lead that passed has its answer")


RECONCILED = counter(
    "leadfly_reconciled_total", "Leads that passed and were stored later.", ("verdict",)
)
"""By what would have been answered; `landed` was stored by its own request after all."""
