"""A batch of discoveries: each begun and answered by itself, in the order sent."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.discovery import answer, asking
from services.discovery.desk import Desk
from services.discovery.schema import Discover
from shared.errors import Forbidden, Malformed, ServiceError
from shared.idempotency import named_key
from shared.validation import loaded

Fault = Callable[[ServiceError], dict[str, Any]]
"""Renders an error as the envelope's `error`."""


def results(
    desk: Desk, tenant_id: str, items: Sequence[Any], by: str, now: datetime, fault: Fault
) -> list[dict[str, Any]]:
    """Begin every one of *items* and return their answers; a faulty one answers with its error.

    They are waited for together, no longer than one alone would be.
    """
    begun: list[UUID | dict[str, Any]] = []
    for item in items:
        try:
            begun.append(_begun(desk, tenant_id, item, by, now))
        except ServiceError as error:
            begun.append({"success": False, "error": fault(error)})
    asking.wait(desk, tenant_id, [one for one in begun if isinstance(one, UUID)])
    return [asked(desk, tenant_id, one)[0] if isinstance(one, UUID) else one for one in begun]


def asked(desk: Desk, tenant_id: str, job_id: UUID) -> tuple[dict[str, Any], bool]:
    """Return what there is to say of a discovery that was waited for, and whether it is over."""
    found = asking.found(desk, tenant_id, job_id, None, asking.MOST_LEADS)
    if found.job.ended_at is None:
        return answer.begun(found), False
    return answer.discovered(found), True


def _begun(desk: Desk, tenant_id: str, item: Any, by: str, now: datetime) -> UUID:
    if isinstance(item, ServiceError):
        raise item
    if not isinstance(item, Mapping):
        raise Malformed(details={"item": "must be an object"})
    if item.get("user_id") not in (None, tenant_id):
        raise Forbidden(details={"user_id": "must be the account of the batch"})
    key = named_key(None, item.get("submission_id"))
    job_id, _ = asking.ask(desk, tenant_id, loaded(_ITEM, item), by, key, now)
    return job_id


_ITEM = Discover()
