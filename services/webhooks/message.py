"""What an endpoint is sent: a small JSON body, signed by Standard Webhooks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import orjson

from shared.signature import sign

TEST_EVENT = "webhook.test"
"""What a message is called that an endpoint's owner asked for, to try it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One event as it is told."""

    id: str
    """The same at every attempt, so that a receiver can see that it had it before."""
    body: bytes


def message(
    event_id: UUID, name: str, lead_id: UUID | None, data: Mapping[str, object], at: datetime
) -> Message:
    """Return what is told of an event that happened *at*: ids and verdicts, nothing of the lead."""
    told = {"lead_id": lead_id, **data} if lead_id else dict(data)
    body = {"event": name, "timestamp": at.astimezone(UTC), "data": told}
    return Message(str(event_id), orjson.dumps(body, option=orjson.OPT_UTC_Z))


def headers(message: Message, secrets: Iterable[str], at: datetime) -> dict[str, str]:
    """Return the headers of an attempt *at*, signed with each of *secrets*.

    Several signatures stand side by side with spaces between (Standard Webhooks, "Webhook
    signatures"): a receiver accepts any that it can verify.
    """
    signatures = [sign(secret, message.id, at, message.body) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
