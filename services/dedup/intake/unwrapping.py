"""What a workflow tool wraps around a payload that it passes on whole.

n8n's Webhook node gives `{headers, params, query, body, webhookUrl, executionMode}`, and n8n's
items are lists of `{json: …}`. What was sent is inside; who sent it is told by that.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from services.dedup.intake.reading.form_fields import nested
from services.dedup.intake.reading.lenient_json import parsed, surely
from shared.errors import Malformed

DEEPEST = 4
"""Layers that are taken off: a list, an item, an envelope, and a list in its body."""

_ENVELOPE = ("params", "query", "webhookUrl", "executionMode")
FORMS = frozenset(("application/x-www-form-urlencoded", "multipart/form-data"))
"""Bodies whose names may spell objects (`fields[email][value]`)."""

_ITEM = {"json", "pairedItem", "binary"}


def unwrapped(payload: Any, headers: Mapping[str, str]) -> tuple[Any, Mapping[str, str]]:
    """Return what was sent at first, and under which headers (names in lower case).

    A payload that nothing is wrapped around comes back as it is; a list of one is that one.
    """
    for _ in range(DEEPEST):
        if enveloped(payload):
            headers = _lowered(payload["headers"])
            payload = _spelt_out(_inside(payload), headers.get("content-type", ""))
        elif isinstance(payload, list) and len(payload) == 1 and isinstance(payload[0], dict):
            payload = payload[0]
        elif itemised(payload):
            payload = payload["json"]
        else:
            break
    return payload, headers


def enveloped(payload: Any) -> bool:
    """Return whether *payload* is a whole request as n8n's Webhook node gives it."""
    return (
        isinstance(payload, dict)
        and "body" in payload
        and isinstance(payload.get("headers"), dict)
        and any(name in payload for name in _ENVELOPE)
    )


def itemised(payload: Any) -> bool:
    """Return whether *payload* is one of n8n's items."""
    return isinstance(payload, dict) and "json" in payload and set(payload) <= _ITEM


def _inside(envelope: dict[str, Any]) -> Any:
    """Return the body, read if it came as a text; of a GET, which has none, the query."""
    body = envelope["body"] or envelope.get("query") or envelope["body"]
    if not (isinstance(body, str) and surely(body)):
        return body
    with suppress(Malformed):
        return parsed(body)
    return body


def _spelt_out(body: Any, content_type: str) -> Any:
    """Return a form's fields as the objects that their names spell.

    n8n 2.41.1 leaves such names as they are; a name that comes more than once has a list.
    """
    if not isinstance(body, dict) or content_type.partition(";")[0].strip().lower() not in FORMS:
        return body
    sent = [(n, one) for n, v in body.items() for one in (v if isinstance(v, list) else [v])]
    with suppress(Malformed):
        return nested(sent)
    return body


def _lowered(headers: dict[Any, Any]) -> dict[str, str]:
    return {str(name).lower(): value for name, value in headers.items() if isinstance(value, str)}
