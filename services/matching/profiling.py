"""Profiling: what matching knows of each lead is read anew soon after something of it changed.

Whatever changes leaves a note (migration 0017). The worker follows the notes; whoever is about to
rank leads follows those of the newest leads first, and so finds what was stored before.
"""

import logging
from collections.abc import Callable, Sequence
from hashlib import blake2b
from math import isfinite
from typing import Any

from services.matching import lead_reading, profile_store, profiling_store
from services.matching.profile import Profile
from services.matching.profile_store import Row
from services.matching.service import Amount
from shared.connection import Connection
from shared.db import Database
from shared.privacy.gate import Gate

MOST = 500
"""Notes that a reader follows before it reads: a tenth of a second."""

AT_A_TIME = 1000
"""Notes that the worker follows in one transaction: a fifth of a second, that readers may wait."""

MOST_TENANTS = 1000
"""Tenants that the worker looks after in turn; an import of one holds up no other."""

log = logging.getLogger(__name__)


def follow(database: Database, gate: Gate, country: str, stop: Callable[[], bool]) -> None:
    """Read anew whatever changed, of all tenants, until nothing is left or *stop*.

    The worker's part. *country* is the installation's.
    """
    waiting = True
    while waiting and not stop():
        with database.lookup() as conn:
            tenants = profiling_store.tenants(conn, MOST_TENANTS)
        waiting = False
        for tenant_id in tenants:
            taken = _followed(database, gate, country, tenant_id, AT_A_TIME, newest=False)
            waiting = waiting or taken > 0
            if stop():
                return


def catch_up(database: Database, gate: Gate, country: str, tenant_id: str) -> None:
    """Read anew up to MOST leads of a tenant that changed, the newest leads first."""
    with database.transaction(tenant_id) as conn:
        waiting = profiling_store.noted(conn, tenant_id, 1, newest=True)
    if waiting:
        _followed(database, gate, country, tenant_id, MOST, newest=True)


def _followed(
    database: Database, gate: Gate, country: str, tenant_id: str, most: int, newest: bool
) -> int:
    """Follow up to *most* notes; return how many there are fewer now."""
    with database.transaction(tenant_id, holding=[_key(tenant_id)]) as conn:
        notes = profiling_store.noted(conn, tenant_id, most, newest)
        return _read_anew(conn, gate, country, tenant_id, notes) if notes else 0


def _read_anew(
    conn: Connection,
    gate: Gate,
    country: str,
    tenant_id: str,
    notes: Sequence[profiling_store.Note],
) -> int:
    """Store the profiles of the leads noted, and of their persons' other leads.

    One consent holds for all leads of a person. Return how many notes were followed: those of
    leads that are being erased are left.
    """
    persons = profiling_store.held(conn, tenant_id, [note.lead_id for note in notes])
    held = [note for note in notes if note.lead_id in persons]
    left = {note.left_subject for note in held if note.left_subject}
    leads = profiling_store.of_persons(conn, tenant_id, sorted(left | set(persons.values())))
    rows = profile_store.rows(conn, tenant_id, sorted({*persons, *leads}))
    read = [_stored(gate, country, tenant_id, row) for row in rows if row.is_listed]
    if read:
        profiling_store.save(conn, tenant_id, read)
    profiling_store.done(conn, tenant_id, held)
    return len(held)


def _stored(gate: Gate, country: str, tenant_id: str, row: Row) -> dict[str, Any]:
    """Return a row of profiles; one that cannot be read is shown nowhere, and holds up no other."""
    try:
        known, _ = profile_store.known_of(gate, tenant_id, row)
        return {"lead_id": row.id, "shown": row.shown, **_said(lead_reading.stored(known, country))}
    except Exception as error:
        log.error(
            "a lead cannot be read for matching",
            extra={"fields": {"lead_id": str(row.id), "error": type(error).__name__}},
        )
        return {"lead_id": row.id, "shown": False}


def _said(profile: Profile) -> dict[str, Any]:
    """Return what a profile says as JSON has it."""
    purposes = profile.purposes
    return {
        **{name: getattr(profile, name) for name in _AS_IT_IS},
        "purposes": None if purposes is None else sorted(purposes),
        "needs": profile.needs and list(profile.needs),
        "loan_amount": _number(profile.loan_amount),
        "revenue": _number(profile.revenue),
    }


def _number(said: Amount | None) -> float | None:
    return float(said) if said is not None and isfinite(said) else None


def _key(tenant_id: str) -> int:
    """Return the key under which a tenant's profiles are written one transaction after another."""
    digest = blake2b(f"matching.profiles/{tenant_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


_AS_IT_IS = (
    *("lead_type", "company_size", "currency", "industry", "lead_category", "country", "admin1"),
    *("latitude", "longitude", "founded_year", "signal_strength", "intent_score"),
    "last_activity_at",
)
