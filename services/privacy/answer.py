"""What the privacy desk answers, in the contract's words."""

from typing import Any
from uuid import UUID

from services.privacy.erasing_people import Gone
from services.privacy.erasure import Erased

OUT_OF_REACH = (
    "What n8n keeps of its own lies beyond this service: delete this person's rows in its data "
    "table kept_for_check, and past executions."
)
"""n8n stores leads there that it could not have checked (n8n-workflows/README.md)."""


def erased(lead_id: UUID, reach: str, done: Erased) -> dict[str, Any]:
    """Return what became of the request to erase a lead or its person."""
    return {
        "success": True,
        "lead_id": lead_id,
        "reach": reach,
        "records_erased": done.records,
        "records_remaining": done.remaining,
        "objections_forgotten": done.objections_forgotten,
        "next_steps": next_steps(done),
    }


def person_erased(done: Gone) -> dict[str, Any]:
    """Return what became of the request to erase whoever gave an address."""
    return {
        "success": True,
        "records_erased": done.erased.records if done.erased else 0,
        "objections_forgotten": done.objections_forgotten,
        "objections_kept": done.objections_kept,
        "next_steps": next_steps(done.erased) if done.erased else [],
    }


def next_steps(done: Erased) -> list[str]:
    """Return what is left to do, in sentences."""
    steps = [OUT_OF_REACH]
    if done.remaining:
        steps.append(
            f"{done.remaining} other records of this person remain: name one of them with "
            "reach=person to erase them all."
        )
    if done.unreadable:
        steps.append(
            f"{done.unreadable} leads of this account could not be stored and may be this "
            "person's: leadfly erase finds them by address or number."
        )
    return steps
