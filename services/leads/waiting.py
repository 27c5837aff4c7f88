"""A lead that is kept and cannot be read back just now, as it will be shown."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.leads import lead_answer
from services.leads.lead_store import StoredLead
from shared.privacy.gate import Gate

UNLISTED = (
    *("investigation_id", "signal_strength", "intent_score", "country", "admin1", "place"),
    *("latitude", "longitude", "industry", "company_size", "lead_category", "lead_type"),
    *("assigned_to", "tags", "needs"),
)
"""What only its listing and its signals say of a lead."""


def waiting(
    gate: Gate, tenant_id: str, lead_id: UUID, source_id: str, fields: Mapping[str, str]
) -> dict[str, Any]:
    """Return a lead as JSON by what it says; None is what nobody has worked out yet."""
    now = datetime.now(UTC)
    stored = StoredLead(
        id=lead_id,
        source_id=source_id,
        status="new",
        duplicate_of=None,
        received_at=now,
        submitted_at=now,
        fields=fields,
        sealed=None,
        **dict.fromkeys(UNLISTED),
    )
    return lead_answer.lead(gate, tenant_id, stored)
