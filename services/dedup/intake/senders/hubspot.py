"""HubSpot: a contact that a workflow posts, or an app's news about contacts.

Sources: knowledge.hubspot.com, webhooks in workflows; developers.hubspot.com, webhooks API and
request validation. HubSpot's forms post to no address of ours; a workflow does it for them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.dedup.intake.post import Post
from services.dedup.intake.sender import ACCESS_TOKEN, Fetch, Forged, Secrets, Sender
from services.dedup.intake.senders.json_values import mapping, moment, objects, text
from services.dedup.intake.senders.signatures import base64_hmac, recent, same
from services.dedup.intake.senders.submission import submission
from services.dedup.intake.sent import (
    Answer,
    Circumstances,
    Ignored,
    Item,
    Notice,
    Sent,
    Withdrawn,
)

FIELDS = {
    "email": "email",
    "work_email": "email",
    "phone": "phone",
    "mobilephone": "phone",
    "hs_whatsapp_phone_number": "phone",
    "firstname": "first_name",
    "lastname": "last_name",
    "company": "company",
    "jobtitle": "job_title",
    "website": "website",
    "address": "street",
    "city": "city",
    "state": "state",
    "zip": "postal_code",
    "country": "country",
    "date_of_birth": "date_of_birth",
    "message": "message",
}
"""HubSpot's own contact properties, by internal name, which no language changes."""

MORE_EMAILS = "hs_additional_emails"
"""A contact's other addresses, in one text with semicolons."""

OURS = re.compile(
    r"hs_|hubspot_|ip_|num_|owner|associatedcompany|currentlyinworkflow"
    r"|(?:first|recent|last)_(?:conversion|deal)|(?:twitter|linkedin|facebook|salesforce)"
)
"""Properties that HubSpot keeps by itself: of the contact's owner, not the contact, or derived."""

MARKS = ("vid", "canonical-vid", "identity-profiles", "form-submissions")
"""What stands beside the properties of a contact that a workflow posts."""

HALLMARKS = ("hs_object_id", "firstname", "lastname", "lifecyclestage", "lastmodifieddate")
"""Properties by whose spelling a contact of the CRM API is known to be HubSpot's."""

CONTACT = "0-1"
"""The object type of contacts in events of the newer kind (`object.creation`)."""

PERCENT = re.compile(r"%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE | re.ASCII)
"""What HubSpot signs decoded, of what stands encoded in an address; nothing else."""

_ID = re.compile(r"\d{1,20}", re.ASCII)


def recognises(payload: Any, headers: Mapping[str, str]) -> bool:
    """Return whether this is a contact with properties, events of an app, or signed by HubSpot."""
    if isinstance(payload, list):
        return bool(payload) and all(map(_event, payload))
    if not isinstance(payload, dict):
        return False
    return _event(payload) or _contact(payload) or "x-hubspot-signature-v3" in headers


def _event(payload: Any) -> bool:
    return isinstance(payload, dict) and "subscriptionType" in payload and "objectId" in payload


def _contact(payload: Mapping[str, Any]) -> bool:
    if "hs_object_id" in payload:
        return True
    if not isinstance(payload.get("properties"), dict):
        return False
    named = "id" in payload and any(name in payload["properties"] for name in HALLMARKS)
    return named or any(mark in payload for mark in MARKS)


def items(payload: Any) -> Sequence[Item]:
    """Return the contact, or an item for each event."""
    events = [payload] if _event(payload) else payload
    if isinstance(events, list):
        return [_news(event) for event in objects(events)] or [Ignored("it holds no event")]
    if not isinstance(payload, dict):
        return [Ignored("it is neither a contact of HubSpot's nor its events")]
    return [_lead(payload, _key(payload))]


def fetched(payload: Any, reference: str) -> Sequence[Item]:
    """Return the contact that the CRM API answered with."""
    if not mapping(mapping(payload).get("properties")):
        return [Ignored("HubSpot's answer holds no contact")]
    return [_lead(payload, reference)]


def _news(event: Mapping[str, Any]) -> Item:
    kind, _, action = text(event.get("subscriptionType")).rpartition(".")
    reference = text(event.get("objectId"))
    about_contact = kind == "contact" or text(event.get("objectTypeId")) == CONTACT
    if not (about_contact and _ID.fullmatch(reference)):
        return Ignored("an event about something other than a contact")
    if action == "creation":
        return Notice(reference, Circumstances(submitted_at=moment(event.get("occurredAt"))))
    if action in ("deletion", "privacyDeletion"):
        return Withdrawn(reference)
    return Ignored("an event that makes no contact: subscribe to creation and deletion alone")


def _lead(payload: Mapping[str, Any], key: str | None) -> Sent:
    properties = _properties(payload)
    answers = [
        Answer(name, value, key=name, field=FIELDS.get(name, ""))
        for name, value in properties.items()
        if name in FIELDS or not OURS.match(name)
    ]
    answers += [
        Answer("Email", address, key=MORE_EMAILS, field="email")
        for address in _more_emails(payload, properties)
    ]
    return submission(answers, _around(payload), key)


def _properties(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the contact's properties, unwrapped; those of a flat payload are all it has."""
    nested = payload.get("properties")
    properties = nested if isinstance(nested, dict) else payload
    return {
        str(name): value.get("value") if isinstance(value, dict) else value
        for name, value in properties.items()
        if not isinstance(value, list)
    }


def _more_emails(payload: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[str]:
    seen = {text(properties.get("email")).lower(), ""}
    listed = text(properties.get(MORE_EMAILS)).split(";")
    profiles = (
        text(identity.get("value"))
        for profile in objects(payload.get("identity-profiles"))
        for identity in objects(profile.get("identities"))
        if identity.get("type") == "EMAIL"
    )
    for address in (*map(str.strip, listed), *profiles):
        if address.lower() not in seen:
            seen.add(address.lower())
            yield address


def _submission(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the latest of a contact's form submissions; empty if there is none."""
    submissions = objects(payload.get("form-submissions"))
    return max(submissions, key=lambda each: text(each.get("timestamp")).zfill(20), default={})


def _key(payload: Mapping[str, Any]) -> str | None:
    """Return the form submission's id, else the contact's with the time of its last change."""
    if conversion := text(_submission(payload).get("conversion-id")):
        return conversion
    properties = _properties(payload)
    ids = payload.get("vid"), payload.get("canonical-vid"), payload.get("id")
    known = next(filter(None, map(text, (*ids, properties.get("hs_object_id")))), None)
    changed = (
        properties.get("lastmodifieddate"),
        payload.get("updatedAt"),
        payload.get("addedAt"),
        payload.get("createdAt"),
    )
    at = next(filter(None, map(text, changed)), "")
    return known and f"{known}/{at}" if at else known


def _around(payload: Mapping[str, Any]) -> Circumstances:
    submission = _submission(payload)
    at = submission.get("timestamp"), payload.get("addedAt"), payload.get("createdAt")
    return Circumstances(
        submitted_at=next(filter(None, map(moment, at)), None),
        form_id=text(submission.get("form-id")) or None,
        form_name=text(submission.get("title")) or None,
        page_url=text(submission.get("page-url")) or None,
    )


def verify(post: Post, secret: str, now: datetime) -> None:
    """Raise Forged unless version 3's signature fits: method, address, body and time, in base64.

    Versions 1 and 2 sign no time and are a bare hash of secret and body, which can be replayed
    for ever and, by SHA-256's length extension, prolonged; every request of HubSpot's has 3 too.
    """
    at = post.headers.get("x-hubspot-request-timestamp", "")
    address = PERCENT.sub(lambda found: chr(int(found[0][1:], 16)), post.url)
    signed = b"".join(
        (
            post.method.encode(),
            address.encode("utf-8", "replace"),
            post.raw,
            at.encode("utf-8", "replace"),
        )
    )
    expected = base64_hmac(secret, signed)
    if not (same(expected, post.headers.get("x-hubspot-signature-v3", "")) and recent(at, now)):
        raise Forged


def fetch(reference: str, secrets: Secrets) -> Fetch | None:
    """Return how the CRM API is asked for a contact, with the properties that are read."""
    token = secrets.get(ACCESS_TOKEN)
    if not token or not _ID.fullmatch(reference):
        return None
    wanted = ",".join((*FIELDS, MORE_EMAILS))
    path = f"/crm/v3/objects/contacts/{reference}?properties={wanted}"
    return Fetch(path, {"Authorization": f"Bearer {token}"})


HUBSPOT = Sender(
    name="hubspot",
    title="HubSpot workflows and apps",
    recognises=recognises,
    items=items,
    verify=verify,
    fetch=fetch,
    fetched=fetched,
    reply="hubspot",
)
