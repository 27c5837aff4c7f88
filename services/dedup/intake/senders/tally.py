"""Tally: one JSON document a submission, a list of fields that each bring their options along.

Shape and signature: tally.so/help/webhooks (its example holds every type of field).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.dedup.intake.post import Post
from services.dedup.intake.sender import Forged, Sender
from services.dedup.intake.senders.json_values import file_names, listed, mapping, moment, text
from services.dedup.intake.senders.signatures import base64_hmac, same
from services.dedup.intake.senders.submission import submission
from services.dedup.intake.sent import Answer, Circumstances, Ignored, Item

FIELDS = {"INPUT_EMAIL": "email", "INPUT_PHONE_NUMBER": "phone"}
"""Types of question that are a lead's field."""

PAID = ("_price", "_currency")
"""How the keys of a payment end that say what was paid. Who pays is not always who asks, so the
payer's name and address are no answers; the link opens the form owner's account."""


def recognises(payload: Any, headers: Mapping[str, str]) -> bool:
    """True for a FORM_RESPONSE with Tally's `data`."""
    event = mapping(payload)
    data = mapping(event.get("data"))
    return event.get("eventType") == "FORM_RESPONSE" and isinstance(data.get("fields"), list)


def items(payload: Any) -> Sequence[Item]:
    """Return the submission."""
    if not recognises(payload, {}):
        return (Ignored("this is no response of a Tally form"),)
    data = mapping(payload["data"])
    key = text(data.get("submissionId")) or text(data.get("responseId"))
    around = Circumstances(
        submitted_at=moment(data.get("createdAt")) or moment(payload.get("createdAt")),
        form_id=text(data.get("formId")) or None,
        form_name=text(data.get("formName")) or None,
    )
    return (submission(_answers(data), around, key),)


def verify(post: Post, secret: str, now: datetime) -> None:
    """Raise Forged unless `Tally-Signature` signs the body. No time is signed."""
    if not same(base64_hmac(secret, post.raw), post.headers.get("tally-signature", "")):
        raise Forged


def _answers(data: Mapping[str, Any]) -> Iterator[Answer]:
    boxes: set[str] = set()
    for field in map(mapping, data["fields"]):
        key, kind = text(field.get("key")), text(field.get("type"))
        if kind == "CHECKBOXES":
            # After a question of boxes each box comes once more by itself, as true or false.
            if key.rpartition("_")[0] in boxes:
                continue
            boxes.add(key or kind)
        if kind != "PAYMENT" or key.endswith(PAID):
            yield Answer(text(field.get("label")) or key, _value(field), key, FIELDS.get(kind, ""))


def _value(field: Mapping[str, Any]) -> Any:
    """Return what a field says, ids of options replaced by their labels; of files the names."""
    kind, value = field.get("type"), field.get("value")
    if kind in ("FILE_UPLOAD", "SIGNATURE"):
        return file_names(value)
    if kind == "MATRIX":
        rows, columns = _texts(field.get("rows")), _texts(field.get("columns"))
        return [
            f"{rows.get(row, row)}: {', '.join(_resolved(listed(chosen), columns))}"
            for row, chosen in mapping(value).items()
        ]
    options = _texts(field.get("options"))
    if not options:
        return value
    return _resolved(value, options) if isinstance(value, list) else options.get(text(value), value)


def _texts(options: Any) -> dict[str, str]:
    """Return the labels of options (or a matrix's rows or columns) by their ids."""
    every = map(mapping, listed(options))
    return {text(one.get("id")): text(one.get("text")) or text(one.get("name")) for one in every}


def _resolved(ids: list[Any], options: Mapping[str, str]) -> list[str]:
    """Return labels; what is no option's id was written in by hand."""
    return [options.get(text(one)) or text(one) for one in ids]


TALLY = Sender(
    name="tally",
    title="Tally",
    recognises=recognises,
    items=items,
    verify=verify,
)
