"""n8n's Webhook node, or its items, passed on whole: the lead of whoever sent it at first.

What is inside is read by the sender that recognises it. Its signature cannot be checked any more:
n8n has parsed the body that was signed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.dedup.intake.sender import Sender
from services.dedup.intake.sent import Item
from services.dedup.intake.unwrapping import enveloped, itemised, unwrapped


def passed_on(senders: Sequence[Sender], generic: Sender) -> Sender:
    """Return the adapter for what n8n passes on of *senders*, and of anybody else by *generic*."""

    def inside(payload: Any) -> tuple[Sender, Any]:
        within, headers = unwrapped(payload, {})
        claimants = (sender for sender in senders if sender.recognises(within, headers))
        return next(claimants, generic), within

    def recognises(payload: Any, headers: Mapping[str, str]) -> bool:
        """Return whether this is n8n's, or a list of one that holds what somebody recognises."""
        entries = payload if isinstance(payload, list) else [payload]
        if entries and all(enveloped(entry) or itemised(entry) for entry in entries):
            return True
        return isinstance(payload, list) and len(payload) == 1 and inside(payload)[0] is not generic

    def items(payload: Any) -> Sequence[Item]:
        if isinstance(payload, list) and len(payload) > 1 and recognises(payload, {}):
            return [item for entry in payload for item in items(entry)]
        sender, within = inside(payload)
        return sender.items(within)

    def redacted(payload: Any) -> Any:
        """Return what was sent at first: the headers around it may hold whoever's credentials."""
        if isinstance(payload, list) and len(payload) > 1 and recognises(payload, {}):
            return [redacted(entry) for entry in payload]
        sender, within = inside(payload)
        return sender.redacted(within) if sender.redacted else within

    return Sender(
        name="n8n_webhook",
        title="n8n Webhook node, passed on whole",
        recognises=recognises,
        items=items,
        redacted=redacted,
    )
