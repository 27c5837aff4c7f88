"""Creating a lead: through the duplicate check, then listed with all that came with it.

The check decides and stores in a transaction of its own. What follows (signals, tags, who works
on it) is a second one, which an outage may keep from happening: the lead is kept all the same,
and the same request under its key completes it. See docs/decisions/0035.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from services.leads import creation_store, investigation, lead_answer, lead_store, signal_store
from services.leads.catching_up import catch_up
from services.leads.signal_store import Signal
from services.leads.waiting import waiting
from shared import leads
from shared.admission import Admission, Admitted, Sent
from shared.connection import Connection
from shared.db import Database
from shared.errors import Conflict, NotFound, Unavailable
from shared.privacy.gate import Gate
from shared.privacy.purposes import LEAD_PROCESSING


@dataclass(frozen=True, slots=True)
class Desk:
    """What creating leads needs."""

    database: Database
    gate: Gate
    country: str
    """What national numbers and bare place names are read as."""
    admission: Admission


@dataclass(frozen=True, slots=True)
class New:
    """A lead that is to be created."""

    source_id: str
    fields: Mapping[str, str]
    """What it says; nothing empty."""
    investigation_id: UUID | None = None
    consent: Mapping[str, Any] | None = None
    signals: Sequence[Signal] = ()
    tags: Sequence[str] = ()
    assigned_to: str = ""

    @property
    def beside(self) -> list[str]:
        """Return what came with the lead that is not the lead's own, by its names."""
        return [name for name in ("signals", "tags", "assigned_to") if getattr(self, name)]


@dataclass(frozen=True, slots=True)
class Made:
    """A lead that is kept."""

    admitted: Admitted
    lead: Mapping[str, Any]
    """As JSON: the new one, or the first of somebody known."""
    incomplete: Sequence[str] = field(default_factory=tuple)
    """What came with it and is not stored yet."""

    def answer(self) -> dict[str, Any]:
        """Return it as callers read it."""
        return {
            "success": True,
            "lead": self.lead,
            "duplicate_check": self.admitted.check,
            "incomplete": list(self.incomplete),
        }


def create(desk: Desk, tenant_id: str, new: New, key: str | None = None, raw: bytes = b"") -> Made:
    """Check and store *new*, and return it with what is known of it.

    *key* names the request, *raw* is the body as it came. Raises NotFound or Closed for its
    investigation, and what `Admission.admit` raises; then nothing is stored.
    """
    sent = Sent(new.source_id, new.fields, new.consent, key, _asked(new), raw)
    _check_investigation(desk, tenant_id, new, sent)
    admitted = desk.admission.admit(tenant_id, sent)
    try:
        made = _completed(desk, tenant_id, new, admitted)
    except Unavailable:
        made = None
    if made is None:
        shown = waiting(desk.gate, tenant_id, admitted.lead_id, new.source_id, new.fields)
        made = Made(admitted, shown, new.beside)
    return made


def _check_investigation(desk: Desk, tenant_id: str, new: New, sent: Sent) -> None:
    """Return if the lead may join its investigation, or did at the first attempt."""
    if new.investigation_id is None:
        return
    try:
        investigation.check_open(desk.database, tenant_id, new.investigation_id)
    except (NotFound, Conflict):
        if not desk.admission.answered(tenant_id, sent):
            raise
    except Unavailable:
        # The lead is no less wanted while nobody can look; the listing takes none that is unknown.
        return


def _completed(desk: Desk, tenant_id: str, new: New, admitted: Admitted) -> Made | None:
    """Store what came with the lead, and return both; None if it is not in the database yet."""
    shown = [known for known in (admitted.first_id, admitted.lead_id) if known]
    catch_up(desk.database, desk.gate, desk.country, tenant_id)
    with desk.database.transaction(tenant_id) as conn:
        complete = _keep_beside(conn, desk, tenant_id, new, admitted.lead_id)
        rows = lead_store.many(conn, tenant_id, shown)
    if not rows:
        return None
    lead = lead_answer.lead(desk.gate, tenant_id, rows[0])
    return Made(admitted, lead, () if complete else new.beside)


def _keep_beside(conn: Connection, desk: Desk, tenant_id: str, new: New, lead_id: UUID) -> bool:
    """Store what came with a lead, with its own record; False if that is not listed yet."""
    if not new.beside:
        return True
    strength = max((signal.strength for signal in new.signals), default=0)
    if not creation_store.begin(conn, tenant_id, lead_id, strength, new.tags, new.assigned_to):
        return False
    if new.signals:
        kept = leads.find(conn, desk.gate, tenant_id, lead_id)
        permit = desk.gate.admit(tenant_id, LEAD_PROCESSING, kept.consent if kept else None)
        signal_store.add(conn, permit, lead_id, new.signals, datetime.now(UTC))
    return True


def _asked(new: New) -> str:
    """Return all that *new* asks for, in one spelling, by which a retry is known."""
    return orjson.dumps(
        [new.source_id, new.fields, new.signals, new.tags, new.assigned_to],
        option=orjson.OPT_SORT_KEYS,
    ).decode()
