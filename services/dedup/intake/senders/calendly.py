"""Calendly: an appointment that somebody made, or a routing form that somebody filled in.

Source: developer.calendly.com, webhooks. A moved appointment is cancelled and made anew; the new
one names the old.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.dedup.intake.post import Post
from services.dedup.intake.sender import Forged, Sender
from services.dedup.intake.senders.json_values import mapping, moment, objects, text
from services.dedup.intake.senders.signatures import hex_hmac, recent, same
from services.dedup.intake.senders.submission import submission
from services.dedup.intake.sent import Answer, Circumstances, Ignored, Item

BOOKED, CANCELLED, ROUTED = EVENTS = (
    "invitee.created",
    "invitee.canceled",
    "routing_form_submission.created",
)

FIELDS = {
    "email": "email",
    "name": "name",
    "first_name": "first_name",
    "last_name": "last_name",
    "text_reminder_number": "phone",
}
"""What an invitee is asked for; anything else is a question of one's own."""

MOST_PARTS = 8
"""Parts of the signature's header that are read; Calendly sends two."""

CALLED = "outbound_call"
"""The kind of place where the host rings the invitee up: then the place is the invitee's number."""


def recognises(payload: Any, headers: Mapping[str, str]) -> bool:
    """Return whether this is an event of Calendly's, also one that makes no lead."""
    if not (isinstance(payload, dict) and isinstance(payload.get("payload"), dict)):
        return False
    signed = "calendly-webhook-signature" in headers
    return payload.get("event") in EVENTS or (signed and "event" in payload)


def items(payload: Any) -> Sequence[Item]:
    """Return the one lead, or why there is none."""
    whole = mapping(payload)
    event, about = whole.get("event"), mapping(whole.get("payload"))
    if event == CANCELLED:
        return [Ignored(_cancellation(about))]
    if event not in EVENTS:
        return [Ignored("an event of Calendly's that makes no lead")]
    sent = submission(
        [*_invitee(about), *_answers(about)], _around(whole, about), text(about.get("uri"))
    )
    return [replace(sent, replaces=text(about.get("old_invitee")) or None)]


def _cancellation(about: Mapping[str, Any]) -> str:
    if about.get("rescheduled") is True:
        return "the old half of a moved appointment: the new one comes by itself"
    return "a cancelled appointment: the lead stays what it was"


def _around(whole: Mapping[str, Any], about: Mapping[str, Any]) -> Circumstances:
    around = Circumstances(
        submitted_at=moment(about.get("created_at")) or moment(whole.get("created_at")),
        form_id=_form(about),
        form_name=text(mapping(about.get("scheduled_event")).get("name")) or None,
    )
    tracking = mapping(about.get("tracking")).items()
    return submission((Answer(str(name), value) for name, value in tracking), around).around


def _form(about: Mapping[str, Any]) -> str | None:
    scheduled = mapping(about.get("scheduled_event"))
    known = about.get("routing_form"), scheduled.get("event_type"), about.get("event")
    return next(filter(None, map(text, known)), None)


def _invitee(about: Mapping[str, Any]) -> Iterator[Answer]:
    for name, field in FIELDS.items():
        if value := text(about.get(name)):
            yield Answer(name, value, key=name, field=field)
    place = mapping(mapping(about.get("scheduled_event")).get("location"))
    if place.get("type") == CALLED and (number := text(place.get("location"))):
        yield Answer("location", number, key="location", field="phone")


def _answers(about: Mapping[str, Any]) -> Iterator[Answer]:
    for entry in objects(about.get("questions_and_answers")):
        if question := text(entry.get("question")):
            yield Answer(question, entry.get("answer"), key=text(entry.get("question_uuid")))


def verify(post: Post, secret: str, now: datetime) -> None:
    """Raise Forged unless a `v1` of the header is the hex HMAC of its `t`, a dot, and the body."""
    header = post.headers.get("calendly-webhook-signature", "")
    pairs = [part.strip().partition("=")[::2] for part in header.split(",", MOST_PARTS)]
    at = next((value for name, value in pairs if name == "t"), "")
    expected = hex_hmac(secret, at.encode("utf-8", "replace") + b"." + post.raw)
    signed = [same(expected, value) for name, value in pairs if name == "v1"]
    if not (any(signed) and recent(at, now)):
        raise Forged


CALENDLY = Sender(
    name="calendly",
    title="Calendly",
    recognises=recognises,
    items=items,
    verify=verify,
)
