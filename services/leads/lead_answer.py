"""Leads in the contract's words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from services.leads.lead_store import StoredLead
from shared.normalize.industry import named
from shared.privacy.gate import Gate

SAID = ("first_name", "last_name", "company", "job_title", "email", "phone", "website")
SAID_PLACE = ("city", "state", "postal_code", "country")
SAID_FIGURES = ("loan_amount", "currency", "revenue", "founded_year")
"""Fields that are answered as they were sent."""


def lead(gate: Gate, tenant_id: str, row: StoredLead) -> dict[str, Any]:
    """Return one lead as JSON; what it is silent about is None. Sealed fields are opened."""
    fields = opened(gate, tenant_id, row)
    return {
        "id": row.id,
        "name": fields.get("name") or _joined(" ", fields, "first_name", "last_name"),
        **{name: fields.get(name) for name in SAID},
        "location": fields.get("location") or _joined(", ", fields, "city", "state", "country"),
        **{name: fields.get(name) for name in SAID_PLACE},
        "place": _place(row),
        **_industry(row, fields),
        "company_size": row.company_size,
        "lead_category": row.lead_category,
        "lead_type": row.lead_type,
        **{name: fields.get(name) for name in SAID_FIGURES},
        "source_id": row.source_id,
        "investigation_id": row.investigation_id,
        "status": row.status,
        "signal_strength": row.signal_strength or 0,
        "intent_score": row.intent_score or 0,
        "needs_identified": list(row.needs or ()),
        "assigned_to": row.assigned_to,
        "tags": list(row.tags or ()),
        "duplicate_of": row.duplicate_of,
        "received_at": utc(row.received_at),
        "submitted_at": utc(row.submitted_at),
    }


def opened(gate: Gate, tenant_id: str, row: StoredLead) -> Mapping[str, str]:
    """Return what a lead said, sealed or not. Raises Unsealable for another key's."""
    if row.sealed is None:
        return row.fields
    return {**row.fields, **orjson.loads(gate.unseal(tenant_id, row.sealed, str(row.id)))}


def utc(at: datetime) -> datetime:
    """Return *at* in UTC: the server's time zone is nobody's business."""
    return at.astimezone(UTC)


def _joined(between: str, fields: Mapping[str, str], *names: str) -> str | None:
    return between.join(fields[name] for name in names if fields.get(name)) or None


def _place(row: StoredLead) -> dict[str, Any] | None:
    if row.latitude is None or row.longitude is None:
        return None
    return {
        "name": row.place,
        "admin1": row.admin1,
        "country": row.country,
        "latitude": row.latitude,
        "longitude": row.longitude,
    }


def _industry(row: StoredLead, fields: Mapping[str, str]) -> dict[str, Any]:
    known = named(row.industry) if row.industry else None
    return {
        "industry": known.name if known else fields.get("industry"),
        "industry_code": row.industry,
    }
