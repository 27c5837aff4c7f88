"""Typeform: one JSON document a response, answers by the type of their question.

Shape: developers.typeform.com/webhooks/example-payload; signature: n8n's TypeformTrigger.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.dedup.intake.post import Post
from services.dedup.intake.sender import Forged, Sender
from services.dedup.intake.senders.json_values import file_names, listed, mapping, moment, text
from services.dedup.intake.senders.signatures import base64_hmac, same
from services.dedup.intake.senders.submission import submission
from services.dedup.intake.sent import Answer, Circumstances, Ignored, Item

FIELDS = {"email": "email", "phone_number": "phone"}
"""Question types that are a lead's field."""

_RECALL = re.compile(r"\{\{[^{}]*\}\}")
"""An earlier answer shown in a title. It names that answer's field, which would mislead readers."""


def recognises(payload: Any, headers: Mapping[str, str]) -> bool:
    """True for a document with a `form_response` of Typeform's event types."""
    event = mapping(payload)
    kind = event.get("event_type")
    return isinstance(kind, str) and kind.startswith("form_response") and "form_response" in event


def items(payload: Any) -> Sequence[Item]:
    """Return the response, unless it is a partial one: the whole one comes when it is sent."""
    event = mapping(payload)
    kind, response = event.get("event_type"), mapping(event.get("form_response"))
    if kind == "form_response_partial":
        return (Ignored("a partial response: the whole one is posted when the form is sent"),)
    if kind != "form_response" or not response:
        return (Ignored("this is no response of a Typeform form"),)
    return (submission(_answers(response), _around(response), text(response.get("token"))),)


def verify(post: Post, secret: str, now: datetime) -> None:
    """Raise Forged unless `Typeform-Signature` signs the body. No time is signed."""
    expected = f"sha256={base64_hmac(secret, post.raw)}"
    if not same(expected, post.headers.get("typeform-signature", "")):
        raise Forged


def _around(response: Mapping[str, Any]) -> Circumstances:
    definition, metadata = mapping(response.get("definition")), mapping(response.get("metadata"))
    return Circumstances(
        submitted_at=moment(response.get("submitted_at")),
        user_agent=text(metadata.get("user_agent")) or None,
        form_id=text(response.get("form_id")) or text(definition.get("id")) or None,
        form_name=text(definition.get("title")) or None,
        page_url=text(metadata.get("referer")) or None,
    )


def _answers(response: Mapping[str, Any]) -> Iterator[Answer]:
    titles = _titles(response)
    for title, value in mapping(response.get("answers")).items():  # n8n's *Simplify Answers*
        yield Answer(title, value)
    for answer in map(mapping, listed(response.get("answers"))):
        question = mapping(answer.get("field"))
        kind = text(question.get("type")) or text(answer.get("type"))
        key = text(question.get("ref")) or text(question.get("id"))
        name = titles.get(text(question.get("id"))) or titles.get(key) or key
        yield Answer(name, _value(answer), key, FIELDS.get(kind, ""))
    for name, value in mapping(response.get("hidden")).items():
        yield Answer(name, value, name)
    for variable in map(mapping, listed(response.get("variables"))):
        name = text(variable.get("key"))
        yield Answer(name, variable.get(text(variable.get("type"))), name)


def _titles(response: Mapping[str, Any]) -> dict[str, str]:
    """Return the questions' titles, by id and by ref. Groups and contact questions hold others."""
    found: dict[str, str] = {}
    waiting = [response.get("definition")]
    while waiting:
        field = mapping(waiting.pop())
        title = " ".join(_RECALL.sub(" ", text(field.get("title"))).replace("*", "").split())
        for name in filter(None, (text(field.get("id")), text(field.get("ref")))):
            found[name] = title
        waiting += listed(field.get("fields"))
        waiting += listed(mapping(field.get("properties")).get("fields"))
    return found


def _value(answer: Mapping[str, Any]) -> Any:
    """Return what an answer says; of a payment the amount alone, of a file its name."""
    kind = text(answer.get("type"))
    value = answer.get(kind)
    if kind == "file_url":
        return file_names(value)
    if kind == "payment":
        return mapping(value).get("amount")
    if kind == "multi_format":
        return mapping(value).get("text")
    return _labels(value) if isinstance(value, dict | list) else value


def _labels(value: Any) -> Any:
    """Return the labels of a choice or of several, with what was written under "other"."""
    if isinstance(value, list):
        return [mapping(one).get("label") or text(one) for one in value]
    labels = listed(value.get("labels")) or [value.get("label")]
    said = [label for label in (*labels, value.get("other")) if text(label)]
    return said if "labels" in value else text(said[0] if said else None)


TYPEFORM = Sender(
    name="typeform",
    title="Typeform",
    recognises=recognises,
    items=items,
    verify=verify,
)
