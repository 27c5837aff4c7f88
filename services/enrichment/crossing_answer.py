"""What cross-referencing answers."""

from typing import Any
from uuid import UUID

from services.enrichment.crossing import Cross, Crossed


def crossed(lead_id: UUID, investigation_id: UUID, found: Crossed) -> dict[str, Any]:
    """Return what a lead has in common with others of an investigation."""
    return {
        "success": True,
        "lead_id": lead_id,
        "investigation_id": investigation_id,
        "count": len(found.crosses),
        "cross_references": [cross(one) for one in found.crosses],
        "truncated": found.truncated,
    }


def cross(one: Cross) -> dict[str, Any]:
    """Return one value that two leads have in common."""
    return {
        "lead_id": one.lead_id,
        "how": one.how,
        "field": one.finding.field,
        "value": one.finding.value,
        "provider": one.finding.provider,
        "other_field": one.other_field,
        "other_provider": one.other_provider,
    }
