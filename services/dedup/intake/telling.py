"""Telling: what became of each item of a post, in the standard profile's words.

What is not a check's answer carries neither a request's id nor a time, so that a replay of it has
the same bytes.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.dedup.answer import answer, dry_answer
from services.dedup.decision import REJECT, REVIEW, Decision
from services.dedup.intake import replies
from services.dedup.intake.replies import Told
from services.dedup.judging import judged
from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared
from shared.errors import ServiceError

NEEDS_TOKEN = (
    "The lead was announced, not sent: give its source an access_token to have it fetched."
)
"""Why a notice comes to nothing."""


def stored(outcome: Outcome, mapping: Mapping[str, Any]) -> Told:
    """Return what is said of a lead that is kept."""
    decision = outcome.verdict.decision
    lead_data = dict(outcome.submission.fields)
    said = answer(outcome) | {"test": False, "mapping": mapping, "lead_data": lead_data}
    return Told(fate_of(outcome), said, str(outcome.lead_id), _reason(outcome, decision))


def fate_of(outcome: Outcome) -> str:
    """Return in a word what was decided of a lead that is kept."""
    decision = outcome.verdict.decision
    if outcome.skipped and not decision.needs_review:
        return replies.PASSED
    if decision.action is REJECT:
        return replies.TURNED_AWAY if decision.turned_away else replies.DUPLICATE
    return replies.FLAGGED if decision.action is REVIEW else replies.ALLOWED


def _reason(outcome: Outcome, decision: Decision) -> str | None:
    turned_away = not outcome.skipped and decision.turned_away
    return decision.reason if turned_away else None


def rehearsed(lead: Prepared, mapping: Mapping[str, Any]) -> Told:
    """Return what is said of a sender's test lead: what a lead would meet where nobody is known.

    Whoever has the address must not find out who is known without leaving a lead behind
    (`options.Options.scopes`); so nobody is looked up, and the database may be away.
    """
    lead_data = dict(lead.submission.fields)
    found = dry_answer(judged(lead, Neighbourhood()))
    said = found | {"test": True, "mapping": mapping, "lead_data": lead_data}
    return Told(replies.TEST, said)


def empty_test(error: ServiceError) -> Told:
    """Return what is said of a test lead that nobody could be reached by: some send dummies."""
    said = {"success": True, "test": True, "dry_run": True, "warnings": [error.message]}
    return Told(replies.TEST, {**said, **_mapped(error)})


def announced(test: bool) -> Told:
    """Return what is said of a notice: its lead will be fetched, unless it is a test."""
    fate = replies.TEST if test else replies.FETCHING
    return Told(fate, {"success": True, "result": fate, "test": test})


def withdrawn() -> Told:
    """Return what is said when a lead is taken back: it will be erased if it is here."""
    return _plain(replies.WITHDRAWN)


def moved(lead_id: UUID) -> Told:
    """Return what is said of an appointment that was moved: its lead is known."""
    said = {"success": True, "result": replies.MOVED, "test": False, "lead_id": str(lead_id)}
    return Told(replies.MOVED, said, str(lead_id))


def ignored(reason: str) -> Told:
    """Return what is said of what is no lead."""
    return _plain(replies.IGNORED, reason)


def faulty(error: ServiceError) -> Told:
    """Return what is said of a lead that could not be kept beside others of its post."""
    fault = {"code": error.code, "message": error.message, "details": error.details}
    return Told(replies.FAULTY, {"success": False, "error": fault}, reason=error.message)


def _plain(fate: str, reason: str | None = None) -> Told:
    why = {"reason": reason} if reason else {}
    return Told(fate, {"success": True, "result": fate, "test": False, **why}, reason=reason)


def _mapped(error: ServiceError) -> dict[str, Any]:
    return {"mapping": error.details["mapping"]} if "mapping" in error.details else {}
