"""Services of the catalogue in the contract's words."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from services.matching.catalogue_store import Stored, Version
from services.matching.criteria import CRITERIA


def service(stored: Stored) -> dict[str, Any]:
    """Return a service as JSON."""
    return {
        "id": stored.id,
        "version": stored.version,
        "is_active": stored.is_active,
        **stored.definition,
        "understood": stored.understood,
        "created_at": stored.created_at.astimezone(UTC),
        "created_by": stored.created_by,
        "changed_at": stored.changed_at.astimezone(UTC),
        "changed_by": stored.changed_by,
        "weights": by_criterion(stored.weights),
    }


def version(stored: Version) -> dict[str, Any]:
    """Return what a service once was as JSON."""
    return {
        "version": stored.version,
        "is_active": stored.is_active,
        **stored.definition,
        "changed_at": stored.changed_at.astimezone(UTC),
        "changed_by": stored.changed_by,
        "weights": by_criterion(stored.weights),
    }


def exported(stored: Stored) -> dict[str, Any]:
    """Return a service as an import takes it."""
    return {"id": stored.id, "is_active": stored.is_active, **stored.definition}


def by_criterion(weights: Sequence[float] | None) -> dict[str, float] | None:
    """Return points by criterion; None: the usual."""
    if weights is None:
        return None
    return {c.name: weight for c, weight in zip(CRITERIA, weights, strict=True)}
