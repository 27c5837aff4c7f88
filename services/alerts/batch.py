"""A batch of events: each read by itself, all raised together, answered in the order sent."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.alerts import schema
from services.alerts.desk import Desk
from services.alerts.posting import Posted, post_all
from services.alerts.raised import Raised
from shared.errors import Forbidden, ServiceError

Fault = Callable[[ServiceError], dict[str, Any]]
"""Renders an error as the envelope's `error`."""


def answer(raised: Raised) -> dict[str, Any]:
    """Return what the webhook answers."""
    shown: dict[str, Any] = {"success": True, "alert_ids": list(raised.alert_ids)}
    return shown | ({"suppressed_by": raised.suppressed_by} if raised.suppressed_by else {})


def results(desk: Desk, tenant_id: str, items: Sequence[Any], fault: Fault) -> list[dict[str, Any]]:
    """Return one answer an event; a faulty one answers with its error."""
    read = [_read(item, tenant_id) for item in items]
    posts = [one for one in read if isinstance(one, Posted)]
    found = iter(post_all(desk, tenant_id, posts) if posts else ())
    came = [next(found) if isinstance(one, Posted) else one for one in read]
    return [
        {"id": schema.item_name(item)}
        | (answer(one) if isinstance(one, Raised) else {"success": False, "error": fault(one)})
        for item, one in zip(items, came, strict=True)
    ]


def _read(item: Any, tenant_id: str) -> Posted | ServiceError:
    if isinstance(item, ServiceError):
        return item
    if isinstance(item, Mapping) and item.get("user_id") not in (None, tenant_id):
        return Forbidden(details={"user_id": "must be the account of the batch"})
    try:
        return schema.item(item)
    except ServiceError as error:
        return error
