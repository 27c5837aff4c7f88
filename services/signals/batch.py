"""A batch of texts: each item read, detected and answered by itself, in the order sent."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.signals import schema
from services.signals.detecting import Desk, found
from services.signals.response import response
from shared.errors import Forbidden, ServiceError

Fault = Callable[[ServiceError], dict[str, Any]]
"""Renders an error as the envelope's `error`."""


def results(desk: Desk, tenant_id: str, items: Sequence[Any], fault: Fault) -> list[dict[str, Any]]:
    """Return one answer an item; a faulty one answers with its error."""
    return [_result(desk, tenant_id, item, fault) for item in items]


def _result(desk: Desk, tenant_id: str, item: Any, fault: Fault) -> dict[str, Any]:
    begun = time.perf_counter()
    named = {"id": _name(item)}
    try:
        _admit(item, tenant_id)
        asked = schema.item(item)
        return named | response(found(desk, tenant_id, asked), begun)
    except ServiceError as error:
        return named | {"success": False, "error": fault(error)}


def _admit(item: Any, tenant_id: str) -> None:
    """Raise what is wrong with *item* before it is read, another account's name above all."""
    if isinstance(item, ServiceError):
        raise item
    if isinstance(item, Mapping) and item.get("user_id") not in (None, tenant_id):
        raise Forbidden(details={"user_id": "must be the account of the batch"})


def _name(item: Any) -> Any:
    """Return what a caller calls an item, if it is a name that may be said back."""
    name = item.get("id") if isinstance(item, Mapping) else None
    return name if schema.is_name(name) else None
