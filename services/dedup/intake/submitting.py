"""Submitting: what a sender sent, understood, as a submission of the duplicate check."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.dedup import schema
from services.dedup.intake.sent import Circumstances, Sent
from services.dedup.intake.source import Declared, Source
from services.dedup.intake.understanding import Understood, understood
from services.dedup.verdict import Submission
from shared.errors import Malformed
from shared.idempotency import apart

REACHING = frozenset({"email", "phone"})
"""Fields without one of which nobody can be reached."""

LONGEST_PROOF = 2000
"""Characters of a consent's proof (`schema.ConsentGiven`); a longer one is no certificate."""

AHEAD = timedelta(minutes=10)
"""How far a sender's clock may be ahead (`schema.Context`)."""

SAME_SUBMISSION = "one submission of a sender"
"""What all posts under one key have in common (`Submission.asked`)."""


class Unreachable(Malformed):
    """No email or phone that reaches anybody was found in this post; nothing was stored."""


@dataclass(frozen=True, slots=True)
class Read:
    """A lead as it was understood."""

    submission: Submission
    mapping: Mapping[str, Any]
    """Which of the sender's fields became what, for the answer."""


def name_of(source_id: str, key: str) -> str:
    """Return the idempotency key of what its sender calls *key*; no other source has the same."""
    return apart("in", source_id, "name", key)


def nameless(source_id: str, content: str, position: int) -> str:
    """Return the idempotency key of the lead at *position* of a post with the hash *content*."""
    return apart("in", source_id, "content", f"{content}/{position}")


def read(source: Source, sender: str, sent: Sent, key: str, raw: bytes, now: datetime) -> Read:
    """Return *sent* as the submission with the idempotency *key*.

    *raw* is what is kept of the body for a short time. Raises Unreachable.
    """
    found = understood(sent, source.field_map, sender)
    mapping = found.mapping.as_dict()
    data = {
        "source_id": source.source_id,
        "lead_data": found.fields,
        "context": _context(sent.around, now),
        "consent": _consent(source.consent, sent, found),
    }
    submission = replace(
        _submission(data, raw, mapping),
        idempotency_key=key,
        asked=SAME_SUBMISSION,
        provided=sent.key is not None,
    )
    return Read(submission, mapping)


def _submission(data: dict[str, Any], raw: bytes, mapping: Mapping[str, Any]) -> Submission:
    try:
        return schema.submission(data, raw=raw)
    except Malformed as error:
        faulty = {path.split(".")[1] for path in error.details if path.startswith("lead_data.")}
        if not faulty or faulty & REACHING or not faulty < data["lead_data"].keys():
            raise _unreachable(error, mapping) from None
    # An odd field beside a good address is no reason to lose somebody.
    fields = {name: text for name, text in data["lead_data"].items() if name not in faulty}
    try:
        return schema.submission(data | {"lead_data": fields}, raw=raw)
    except Malformed as error:
        raise _unreachable(error, mapping) from None


def _unreachable(error: Malformed, mapping: Mapping[str, Any]) -> Unreachable:
    return Unreachable(details={**error.details, "mapping": dict(mapping)})


def _context(around: Circumstances, now: datetime) -> dict[str, Any]:
    at = around.submitted_at
    known = at is not None and at <= now + AHEAD
    return {"ip": around.ip, "submitted_at": at.isoformat() if at and known else None}


def _consent(declared: Declared | None, sent: Sent, found: Understood) -> dict[str, Any] | None:
    """Return the consent that the form asks for, as its owner declares, if the person gave it."""
    if declared is None or (declared.field is not None and not found.consented(declared.field)):
        return None
    proof = sent.around.consent_proof
    return {
        "purposes": list(declared.purposes),
        "text_version": declared.text_version,
        "proof": proof if proof and len(proof) <= LONGEST_PROOF else None,
    }
