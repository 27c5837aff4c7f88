"""One lead with all that is known about it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.leads import (
    also_known,
    behaviour_store,
    change_store,
    enrichment_store,
    lead_answer,
    lead_store,
    note_store,
    provenance_store,
    signal_store,
)
from services.leads.lead_answer import utc
from services.leads.lead_store import MOST_SHOWN, StoredLead
from shared import consents
from shared.db import Database
from shared.errors import NotFound
from shared.privacy.consent import Consent
from shared.privacy.gate import Gate


def details(
    database: Database, gate: Gate, tenant_id: str, lead_id: UUID, country: str
) -> dict[str, Any]:
    """Return one lead with its signals, behaviour, notes, changes, other records and consent.

    And with how much was found of it elsewhere. *country* reads national numbers. Raises NotFound,
    for another account's lead just the same.
    """
    with database.transaction(tenant_id) as conn:
        row = lead_store.one(conn, tenant_id, lead_id)
        if row is None:
            raise NotFound
        consent = consents.latest(conn, tenant_id, lead_id)
        others = lead_store.records(conn, tenant_id, lead_id)
        return {
            "lead": lead_answer.lead(gate, tenant_id, row),
            "signals": signal_store.of_lead(conn, gate, tenant_id, lead_id),
            "behaviors": behaviour_store.of_lead(conn, gate, tenant_id, lead_id, MOST_SHOWN),
            "notes": note_store.page(conn, gate, tenant_id, lead_id, None, MOST_SHOWN),
            "history": change_store.history(conn, gate, tenant_id, lead_id, None, MOST_SHOWN),
            "duplicates": others,
            "also_known": _also_known(conn, gate, tenant_id, row, others, country),
            "consent": consent and _agreed(consent),
            "enrichment": enrichment_store.summary(conn, tenant_id, lead_id),
            "provenance": provenance_store.of_lead(conn, gate, tenant_id, lead_id),
        }


def _also_known(
    conn: Connection[Any],
    gate: Gate,
    tenant_id: str,
    row: StoredLead,
    others: Sequence[UUID],
    country: str,
) -> list[dict[str, Any]]:
    records = lead_store.many(conn, tenant_id, others) if others else []
    said = [
        also_known.Said(
            one.id, one.source_id, utc(one.received_at), lead_answer.opened(gate, tenant_id, one)
        )
        for one in records
    ]
    return also_known.also_known(lead_answer.opened(gate, tenant_id, row), said, country)


def _agreed(consent: Consent) -> dict[str, Any]:
    return {
        "purposes": sorted(consent.purposes),
        "given_at": utc(consent.given_at),
        "text_version": consent.text_version,
    }
