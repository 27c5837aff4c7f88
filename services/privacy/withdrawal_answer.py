"""What callers are answered of consents and withdrawals, in the words of the API."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.privacy.effects import stopped
from services.privacy.withdrawing import Withdrawn
from shared.consents import Standing, Word
from shared.privacy.modes import Mode
from shared.privacy.purposes import PURPOSES

MOST_LEADS = 100
"""Ids that are answered; there are more of a shared inbox."""


def withdrawn(mode: Mode, purposes: Sequence[str], done: Withdrawn) -> dict[str, Any]:
    """Return what a withdrawal came to."""
    return {
        "success": True,
        "recorded": done.recorded,
        "purposes": sorted(purposes or PURPOSES),
        "people": done.people,
        "lead_ids": list(done.lead_ids[:MOST_LEADS]),
        "addresses_kept": done.addresses_kept,
        "stopped": stopped(mode, purposes),
    }


def consents(
    lead_id: UUID, where: Standing, said: Iterable[tuple[Word, str | None]]
) -> dict[str, Any]:
    """Return where a lead's person stands, and what they said."""
    return {
        "success": True,
        "lead_id": lead_id,
        "standing": _standing(where),
        "history": [_word(word, reason) for word, reason in said],
    }


def _standing(where: Standing) -> dict[str, Any]:
    consent = where.consent
    state = "agreed" if consent else "withdrawn" if where.withdrawn_at else "nothing_said"
    return {
        "state": state,
        "purposes": sorted(consent.purposes) if consent else [],
        "given_at": consent and _utc(consent.given_at),
        "text_version": consent and consent.text_version,
        "withdrawn_at": _utc(where.withdrawn_at),
        "taken_back": sorted(where.taken_back),
        "objected_at": _utc(where.objected_at),
    }


def _word(word: Word, reason: str | None) -> dict[str, Any]:
    return {
        "kind": word.kind,
        "at": _utc(word.at),
        "recorded_at": _utc(word.recorded_at),
        "lead_id": word.lead_id,
        "purposes": None if word.purposes is None else sorted(word.purposes),
        "text_version": word.text_version,
        "channel": word.channel,
        "by": word.by,
        "reason": reason,
    }


def _utc(at: datetime | None) -> datetime | None:
    return at and at.astimezone(UTC)
