"""An account's models in the words of the API and of the command line."""

from typing import Any

from psycopg import Connection

from services.dedup import model
from services.dedup.training import model_store, reading
from services.dedup.training.model_store import Made
from services.dedup.training.training import STANDARD_NAME
from shared.errors import Meaningless


def listed(conn: Connection, tenant_id: str, most: int) -> dict[str, Any]:
    """Return the newest *most* models, and which version decides."""
    uses = model_store.uses(conn, tenant_id, 1)
    used = uses[0].version if uses else None
    return {
        "in_use": used or STANDARD_NAME,
        "standard_version": model.VERSION,
        "models": [described(made, used) for made in model_store.models(conn, tenant_id, most)],
    }


def described(made: Made, used: str | None) -> dict[str, Any]:
    """Return one model; *used* is the version that decides."""
    return {
        "version": made.version,
        "in_use": made.version == used,
        "made_at": made.made_at,
        "made_by": made.made_by,
        "made_from": made.made_from,
        "base_version": made.base_version,
        "trained_on": dict(made.trained_on),
        "held_out": dict(made.held_out) if made.held_out is not None else None,
        "problem": problem(made),
    }


def problem(made: Made) -> str | None:
    """Return why a model cannot decide under this version of ours; None if it can."""
    try:
        reading.checked(made.version, made.prior, made.weights)
    except Meaningless as error:
        return "; ".join(f"{place} {what}" for place, what in error.details.items())
    return None
