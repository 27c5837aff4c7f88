"""A sample payload, and how it would be understood: for whoever sets a sender up.

Nothing is stored, no signature is looked at, no lead is compared with any other.
"""

import json
from collections.abc import Mapping
from typing import Any

from services.dedup.intake import detection
from services.dedup.intake.post import Post
from services.dedup.intake.sender import Sender
from services.dedup.intake.sent import Ignored, Item, Notice, Sent, Withdrawn
from services.dedup.intake.understanding import understood
from services.dedup.schema import LeadData
from shared.errors import Malformed, UnsupportedMediaType
from shared.validation import loaded

MOST_SHOWN = 100
"""Items of one payload that are shown."""

NEITHER = "is neither JSON nor a form's fields"

UNREACHABLE = "no email or phone was found: such a lead is refused"

NAMELESS = "the sender gives it no name of its own: a repeated post is known by its content"

GUESSED = "some of it is a guess: say in field_map which field is which"


def sample(sent: object, content_type: str | None = None) -> Post:
    """Return the post that somebody's sample would be: JSON, or a body as text.

    Of a text without *content_type* it is seen whether it is JSON or a form's fields.
    """
    if isinstance(sent, str):
        return posted(sent.encode("utf-8", "replace"), content_type or "")
    return posted(json.dumps(sent).encode(), content_type or "application/json")


def posted(raw: bytes, content_type: str) -> Post:
    """Return the post whose body is *raw*."""
    return Post(headers={"content-type": content_type}, raw=raw)


def tried(
    post: Post, adapter: str | None = None, field_map: Mapping[str, str] = {}
) -> dict[str, Any]:
    """Return, in the words of the API, how *post* would be understood.

    Raises Malformed if it cannot be read, and as `detection.named`.
    """
    try:
        claimants = [sender.name for sender in detection.claimants(post)]
    except UnsupportedMediaType as error:
        raise Malformed(details={"sample": NEITHER}) from error
    except Malformed as error:
        faults = {"sample" if name == "body" else name: why for name, why in error.details.items()}
        raise Malformed(details=faults) from error
    sender = detection.detected(post, adapter)
    items = sender.items(post.payload)
    shown = [_shown(item, sender, field_map) for item in items[:MOST_SHOWN]]
    return {
        "adapter": sender.name,
        "title": sender.title,
        "claimed_by": claimants,
        "count": len(items),
        "items": shown,
        "warnings": _doubts(sender, claimants, len(items)),
    }


def _doubts(sender: Sender, claimants: list[str], count: int) -> list[str]:
    doubts = []
    if claimants and sender.name not in claimants:
        doubts.append(f"this looks like {' or '.join(claimants)}, and is read as {sender.name}")
    elif len(claimants) > 1:
        doubts.append(f"{' and '.join(claimants)} would claim it: name the adapter")
    if count == 0:
        doubts.append("there is nothing in it")
    if count > MOST_SHOWN:
        doubts.append(f"only the first {MOST_SHOWN} are shown")
    return doubts


def _shown(item: Item, sender: Sender, field_map: Mapping[str, str]) -> dict[str, Any]:
    """Return one thing that a payload amounts to; what it is not, is absent."""
    match item:
        case Sent():
            return {"kind": "lead", **_lead(item, sender, field_map)}
        case Notice():
            return {"kind": "notice", "key": item.reference, "test": item.test}
        case Withdrawn():
            return {"kind": "withdrawn", "key": item.key}
        case Ignored():
            return {"kind": "ignored", "reason": item.reason}


def _lead(sent: Sent, sender: Sender, field_map: Mapping[str, str]) -> dict[str, Any]:
    found = understood(sent, field_map, sender.name)
    mapping = found.mapping.as_dict()
    return {
        "fields": found.fields,
        "mapping": mapping,
        "key": sent.key,
        "replaces": sent.replaces,
        "test": sent.test,
        "warnings": [
            *_faults(found.fields),
            *([GUESSED] if mapping.get("needs_mapping") else []),
            *([NAMELESS] if sent.key is None else []),
        ],
    }


def _faults(fields: Mapping[str, str]) -> list[str]:
    """Return what the duplicate check would say against a lead of these *fields*."""
    if not (fields.get("email") or fields.get("phone")):
        return [UNREACHABLE]
    try:
        loaded(_LEAD, fields)
    except Malformed as error:
        return [f"{name} {problem}" for name, problem in error.details.items()]
    return []


_LEAD = LeadData()
