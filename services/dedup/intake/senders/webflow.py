"""Webflow: one JSON document a submission, answers by their labels.

Shapes: developers.webflow.com, `form_submission` of Data API v2 and v1; signature: the same site's
page on webhooks, and n8n's WebflowTrigger.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.dedup.intake.post import Post
from services.dedup.intake.reading.flattening import answers
from services.dedup.intake.sender import Forged, Sender
from services.dedup.intake.senders.json_values import file_names, listed, mapping, moment, text
from services.dedup.intake.senders.signatures import hex_hmac, recent, same
from services.dedup.intake.senders.submission import submission
from services.dedup.intake.sent import Answer, Circumstances, Ignored, Item


def recognises(payload: Any, headers: Mapping[str, str]) -> bool:
    """True for an event of Data API v2, or for a submission as v1 posts it."""
    event = mapping(payload)
    if isinstance(event.get("triggerType"), str):
        return isinstance(event.get("payload"), dict) or "siteId" in event
    first = isinstance(event.get("data"), dict) and "site" in event
    return first and "_id" in event and "name" in event


def items(payload: Any) -> Sequence[Item]:
    """Return the submission; other events of a site are none."""
    if not recognises(payload, {}):
        return (Ignored("this is no submission of a Webflow form"),)
    if payload.get("triggerType", "form_submission") != "form_submission":
        return (Ignored("an event of the site that is no form submission"),)
    sent = mapping(payload.get("payload")) or payload
    data = mapping(sent.get("data"))
    key = _first(sent.get("id"), data.get("submissionId"), sent.get("_id"))
    return (submission(_answers(sent, data), _around(sent, data), key),)


def verify(post: Post, secret: str, now: datetime) -> None:
    """Raise Forged unless `x-webflow-signature` signs the time (in ms) and the body, just now."""
    at = post.headers.get("x-webflow-timestamp", "")
    expected = hex_hmac(secret, at.encode("utf-8", "replace") + b":" + post.raw)
    genuine = same(expected, post.headers.get("x-webflow-signature", ""))
    if not (genuine and recent(at, now)):
        raise Forged


def _around(sent: Mapping[str, Any], data: Mapping[str, Any]) -> Circumstances:
    # Webflow sends the page's path, and no address; a form's own names win over the site's.
    at = _first(sent.get("submittedAt"), data.get("dateSubmitted"), sent.get("d"))
    return Circumstances(
        submitted_at=moment(at),
        form_id=_first(sent.get("formId"), data.get("formId")) or None,
        form_name=_first(sent.get("name"), data.get("formName")) or None,
    )


def _answers(sent: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Answer]:
    kinds = {
        text(mapping(one).get("fieldName")): mapping(one) for one in listed(sent.get("schema"))
    }
    if isinstance(data.get("fields"), list):
        yield from answers(data["fields"])
        return
    for name, value in (mapping(data.get("fields")) or data).items():
        question = kinds.get(name, {})
        if text(question.get("fieldType")) == "FormFileUploadInput":
            value = file_names(value)
        yield Answer(name, value, text(question.get("fieldElementId")))


def _first(*values: Any) -> str:
    return next((said for said in map(text, values) if said), "")


WEBFLOW = Sender(
    name="webflow",
    title="Webflow",
    recognises=recognises,
    items=items,
    verify=verify,
)
