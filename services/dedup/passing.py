"""Passing: what is kept of a lead that nobody could check, until somebody can.

An entry of the spool holds the submission as it was read, and the answer that was given, under
the installation's key.
"""

from base64 import b64decode
from dataclasses import asdict
from datetime import UTC, datetime
from time import perf_counter
from typing import Any
from uuid import UUID

import orjson

from services.dedup.outcome import Outcome
from services.dedup.preparation import Arrival, Prepared, prepare
from services.dedup.trade.deal import Deal
from services.dedup.verdict import Submission, unjudged
from shared.idempotency import KeyReused
from shared.ids import uuid7
from shared.leads import base64_or_none
from shared.privacy.consent import Consent
from shared.privacy.gate import Gate
from shared.spool import Entry


def passed(lead: Prepared, lists: bool | None) -> Outcome:
    """Return the outcome of a lead that passes because it cannot be checked now.

    *lists* tells whether its account keeps suppression lists, None that nobody knows: unless there
    are none, it is held until they are asked.
    """
    started = perf_counter()
    outcome = Outcome(
        lead_id=lead.arrival.lead_id,
        decision_id=uuid7(),
        review_id=None,
        submission=lead.submission,
        verdict=unjudged(lead.submission, lead.reading),
        took_ms=lead.took_ms + (perf_counter() - started) * 1000,
        skipped=True,
        receipt_id=lead.receipt_id,
    )
    return outcome if lists is False else outcome.unasked()


def entry(lead: Prepared, answer: bytes) -> Entry:
    """Return *lead* and the *answer* given for it as the spool keeps them."""
    submission = lead.submission
    content = {
        "country": lead.country,
        "received_at": lead.arrival.received_at,
        "request": lead.retry.request if lead.retry else None,
        "answer": base64_or_none(answer),
        "submission": asdict(submission)
        | {
            "raw": base64_or_none(submission.raw),
            "consent": _consent(submission.consent),
        },
    }
    return Entry(
        receipt_id=lead.receipt_id,
        tenant_id=lead.permit.tenant_id,
        lead_id=lead.arrival.lead_id,
        sealed=lead.permit.seal(orjson.dumps(content), _place(lead.receipt_id)),
        spooled_at=datetime.now(UTC),
    )


def recalled(gate: Gate, kept: Entry) -> Prepared:
    """Return the lead of an entry as it was when it came, its answer with it.

    Raises Unsealable under another key, ConsentMissing where the mode has become stricter.
    """
    content = _content(gate, kept)
    submission = content["submission"]
    consent = submission["consent"]
    fields = {
        "submitted_at": datetime.fromisoformat(submission["submitted_at"]),
        "raw": b64decode(submission["raw"] or ""),
        "consent": consent and Consent(**consent | _agreed(consent)),
        "deal": Deal(**submission.get("deal") or {}),
    }
    arrival = Arrival(
        kept.lead_id, datetime.fromisoformat(content["received_at"]), b64decode(content["answer"])
    )
    read = Submission(**submission | fields)
    return prepare(gate, kept.tenant_id, read, content["country"], arrival)


def answer(gate: Gate, kept: Entry, lead: Prepared) -> bytes:
    """Return the answer given to an entry, of which *lead* is a retry. Raises KeyReused."""
    content = _content(gate, kept)
    if lead.retry and content["request"] != lead.retry.request:
        raise KeyReused
    return b64decode(content["answer"])


def _content(gate: Gate, kept: Entry) -> dict[str, Any]:
    return orjson.loads(gate.unseal(kept.tenant_id, kept.sealed, _place(kept.receipt_id)))


def _consent(consent: Consent | None) -> dict[str, Any] | None:
    return asdict(consent) | {"purposes": sorted(consent.purposes)} if consent else None


def _agreed(consent: dict[str, Any]) -> dict[str, Any]:
    return {
        "purposes": frozenset(consent["purposes"]),
        "given_at": datetime.fromisoformat(consent["given_at"]),
    }


def _place(receipt_id: UUID) -> str:
    return f"spool/{receipt_id}"
