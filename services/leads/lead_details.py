"""One lead with all that is known about it."""

from typing import Any
from uuid import UUID

from services.leads import (
    behaviour_store,
    change_store,
    lead_answer,
    lead_store,
    note_store,
    signal_store,
)
from services.leads.lead_answer import utc
from services.leads.lead_store import MOST_SHOWN
from shared import consents
from shared.db import Database
from shared.errors import NotFound
from shared.privacy.consent import Consent
from shared.privacy.gate import Gate


def details(database: Database, gate: Gate, tenant_id: str, lead_id: UUID) -> dict[str, Any]:
    """Return one lead with its signals, behaviour, notes, changes, other records and consent.

    Raises NotFound, for another account's lead just the same.
    """
    with database.transaction(tenant_id) as conn:
        row = lead_store.one(conn, tenant_id, lead_id)
        if row is None:
            raise NotFound
        consent = consents.latest(conn, tenant_id, lead_id)
        return {
            "lead": lead_answer.lead(gate, tenant_id, row),
            "signals": signal_store.of_lead(conn, gate, tenant_id, lead_id),
            "behaviors": behaviour_store.of_lead(conn, gate, tenant_id, lead_id, MOST_SHOWN),
            "notes": note_store.page(conn, gate, tenant_id, lead_id, None, MOST_SHOWN),
            "history": change_store.history(conn, gate, tenant_id, lead_id, None, MOST_SHOWN),
            "duplicates": lead_store.records(conn, tenant_id, lead_id),
            "consent": consent and _agreed(consent),
        }


def _agreed(consent: Consent) -> dict[str, Any]:
    return {
        "purposes": sorted(consent.purposes),
        "given_at": utc(consent.given_at),
        "text_version": consent.text_version,
    }
