"""A batch of leads: each read, matched and answered by itself, in the order sent."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.matching import answer, schema
from services.matching.matchmaking import Desk, found
from shared.errors import Forbidden, ServiceError

Fault = Callable[[ServiceError], dict[str, Any]]
"""Renders an error as the envelope's `error`."""


def results(
    desk: Desk, tenant_id: str, leads: Sequence[Any], limit: int | None, fault: Fault
) -> list[dict[str, Any]]:
    """Return one answer a lead; a faulty one answers with its error."""
    return [_result(desk, tenant_id, lead, limit, fault) for lead in leads]


def _result(
    desk: Desk, tenant_id: str, lead: Any, limit: int | None, fault: Fault
) -> dict[str, Any]:
    named = {"id": schema.item_name(lead)}
    try:
        _admit(lead, tenant_id)
        return named | answer.found(found(desk, tenant_id, schema.item(lead, limit)))
    except ServiceError as error:
        return named | {"success": False, "error": fault(error)}


def _admit(lead: Any, tenant_id: str) -> None:
    """Raise what is wrong with *lead* before it is read, another account's name above all."""
    if isinstance(lead, ServiceError):
        raise lead
    if isinstance(lead, Mapping) and lead.get("user_id") not in (None, tenant_id):
        raise Forbidden(details={"user_id": "must be the account of the batch"})
