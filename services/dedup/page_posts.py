"""Leads that a web page posts under a publishable key: what of them is believed, and answered.

The key stands in the page, so anybody may be the sender. What the answer says depends on the
request alone: no verdict, no id of anything stored, no sign that a lead or a key came before.
"""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.dedup import schema
from services.dedup.verdict import Submission
from shared.errors import Forbidden
from shared.idempotency import apart

NOT_BELIEVED = ("ip", "submitted_at", "buyer_id", "hold_seconds", "ping_id")
"""What a trusted caller may say of a lead's circumstances; of a page's we know it ourselves."""

NEXT_STEPS = ("Thank the visitor.",)


def believed(data: Mapping[str, Any], source_id: str) -> dict[str, Any]:
    """Return the body as a lead of *source_id*, the key's, without what is not believed.

    Raises Forbidden if it names another source.
    """
    if data.get("source_id") not in (None, "", source_id):
        raise Forbidden(details={"source_id": "must be the source of the publishable key"})
    whole = schema.nested(data)
    whole.pop("options", None)  # looked at before: a page's own field may have that name
    context = whole.get("context")
    if isinstance(context, dict):
        whole["context"] = {n: value for n, value in context.items() if n not in NOT_BELIEVED}
    return whole | {"source_id": source_id}


def named(submission: Submission, prefix: str) -> Submission:
    """Return *submission* with its idempotency key in the space of the key with *prefix*.

    The lead itself is part of the name: who guesses another visitor's key meets nothing of it,
    neither an earlier answer nor a refusal.
    """
    if submission.idempotency_key is None:
        return submission
    asked = repr(
        (submission.idempotency_key, submission.source_id, sorted(submission.fields.items()))
    )
    hashed = sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()
    return replace(submission, idempotency_key=apart("page", prefix, hashed))


def acknowledgement(receipt_id: UUID) -> dict[str, Any]:
    """Return what every kept lead is answered; a retry under one key has the same *receipt_id*."""
    return {"success": True, "receipt_id": str(receipt_id), "next_steps": list(NEXT_STEPS)}
