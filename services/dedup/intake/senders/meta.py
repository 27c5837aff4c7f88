"""Meta lead ads (Facebook, Instagram): news that there is a lead, which is then fetched.

Source: developers.facebook.com, webhooks for leadgen and lead retrieval; the shapes of n8n's
Facebook Lead Ads trigger are those of its source. A notification says nothing about the person.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.dedup.intake.post import Post
from services.dedup.intake.sender import (
    ACCESS_TOKEN,
    VERIFY_TOKEN,
    Fetch,
    Forged,
    Greeting,
    Secrets,
    Sender,
)
from services.dedup.intake.senders.json_values import affirmed, mapping, moment, objects, sole, text
from services.dedup.intake.senders.signatures import hex_hmac, same
from services.dedup.intake.senders.submission import submission
from services.dedup.intake.sent import Answer, Circumstances, Ignored, Item, Notice, Sent

FIELDS = {
    "full_name": "name",
    "first_name": "first_name",
    "last_name": "last_name",
    "email": "email",
    "work_email": "email",
    "phone": "phone",
    "phone_number": "phone",
    "phone_otp": "phone",
    "work_phone_number": "phone",
    "whatsapp_number": "phone",
    "company_name": "company",
    "job_title": "job_title",
    "website": "website",
    "street_address": "street",
    "city": "city",
    "state": "state",
    "province": "state",
    "zip": "postal_code",
    "zip_code": "postal_code",
    "post_code": "postal_code",
    "postal_code": "postal_code",
    "country": "country",
    "dob": "date_of_birth",
    "date_of_birth": "date_of_birth",
}
"""The questions that Meta fills in itself, by type and by name in lower case. In a form of another
language their names are translated; then words tell."""

WANTED = "id,created_time,ad_id,form_id,field_data,custom_disclaimer_responses"
"""What a lead is fetched with. Names of ads and campaigns need a permission more, and without it
Graph refuses the whole lead."""

SAMPLE = re.compile(r"4{9,}")
"""The id of the lead that the webhook dashboard's test button sends; there is none under it."""

DUMMY = re.compile(r"<?test lead: dummy data for|^test@(?:fb|meta)\.com$", re.IGNORECASE)
"""What Meta's lead ads testing tool fills in; a lead has no other mark of a test."""

_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_CHALLENGE = re.compile(r"[\w.~+/=:-]{1,256}", re.ASCII)


def recognises(payload: Any, headers: Mapping[str, str]) -> bool:
    """Return whether this is a page's notification, a lead from Graph, or one as n8n gives it."""
    if not isinstance(payload, dict):
        return False
    return _notified(payload) or bool(_leads(payload))


def items(payload: Any) -> Sequence[Item]:
    """Return a notice for each lead of a notification, in its order; or the leads themselves."""
    whole = mapping(payload)
    if _notified(whole):
        news = [_news(change) for change in _changes(whole)]
        return news or [Ignored("the notification says nothing")]
    leads = [_lead(lead) for lead in _leads(whole)]
    return leads or [Ignored("it is neither a notification of Meta's nor a lead")]


def fetched(payload: Any, reference: str) -> Sequence[Item]:
    """Return the lead that Graph answered with."""
    leads = _leads(mapping(payload))
    return [_lead(lead, reference) for lead in leads[:1]] or [
        Ignored("Meta's answer holds no lead: the access token may lack leads_retrieval")
    ]


def _notified(payload: Mapping[str, Any]) -> bool:
    return payload.get("object") == "page" and isinstance(payload.get("entry"), list)


def _changes(payload: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for entry in objects(payload.get("entry")):
        yield from objects(entry.get("changes"))


def _news(change: Mapping[str, Any]) -> Item:
    value = mapping(change.get("value"))
    reference = text(value.get("leadgen_id"))
    if change.get("field") != "leadgen":
        return Ignored("a change of a page that is no lead: subscribe to leadgen alone")
    if not _ID.fullmatch(reference):
        return Ignored("a leadgen change without a leadgen_id")
    return Notice(reference, _around(value), test=bool(SAMPLE.fullmatch(reference)))


def _leads(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the objects that are leads: the payload, or the page of them that Graph gives."""
    if _filled_in(payload) or _of_n8n(payload):
        return [payload]
    return [lead for lead in objects(payload.get("data")) if _filled_in(lead)]


def _filled_in(lead: Mapping[str, Any]) -> bool:
    """True if it has Meta's `field_data`; Snap's, of the same name, has `type` and no `name`."""
    filled = lead.get("field_data")
    return isinstance(filled, list) and all("name" in entry for entry in objects(filled))


def _of_n8n(payload: Mapping[str, Any]) -> bool:
    stands = all(isinstance(payload.get(name), dict) for name in ("data", "form"))
    return stands and any(name in payload for name in ("created_time", "ad", "adset", "page"))


def _lead(lead: Mapping[str, Any], reference: str = "") -> Sent:
    told = _told(lead)
    return submission(
        [*_answers(lead, told), *_consents(lead)],
        _around(lead),
        key=reference or text(lead.get("id")),
        test=any(DUMMY.search(text(value)) for value in told.values()),
    )


def _told(lead: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what was filled in, by the questions' names; a question of several has a list."""
    entries = {
        text(entry.get("name")): sole(entry.get("values"))
        for entry in objects(lead.get("field_data"))
    }
    return entries or dict(mapping(lead.get("data")))


def _answers(lead: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Answer]:
    form = mapping(lead.get("form"))
    questions = {text(entry.get("key")): entry for entry in objects(form.get("questions"))}
    for name, value in told.items():
        question = questions.get(name, {})
        kind = text(question.get("type")) or name
        label = text(question.get("label")) or name
        yield Answer(label, value, key=name, field=FIELDS.get(kind.lower(), ""))


def _consents(lead: Mapping[str, Any]) -> Iterator[Answer]:
    """Yield the boxes of a form's own disclaimer; a box that was left empty is an answer too."""
    for box in objects(lead.get("custom_disclaimer_responses")):
        if key := text(box.get("checkbox_key")):
            yield Answer(key, affirmed(box.get("is_checked")), key=key)


def _around(about: Mapping[str, Any]) -> Circumstances:
    form, ad = mapping(about.get("form")), mapping(about.get("ad"))
    campaign = about.get("campaign_name"), ad.get("name"), about.get("ad_id"), ad.get("id")
    return Circumstances(
        submitted_at=moment(about.get("created_time")),
        form_id=text(about.get("form_id")) or text(form.get("id")) or None,
        form_name=text(form.get("name")) or None,
        campaign=next(filter(None, map(text, campaign)), None),
    )


def verify(post: Post, secret: str, now: datetime) -> None:
    """Raise Forged unless the header is `sha256=` and the hex HMAC of the raw body.

    The secret is the app's. No time is signed; a replay meets the lead's id, which is its key.
    """
    expected = "sha256=" + hex_hmac(secret, post.raw)
    if not same(expected, post.headers.get("x-hub-signature-256", "")):
        raise Forged


def greet(post: Post, secrets: Secrets) -> Greeting | None:
    """Return the challenge of Meta's handshake as plain text. Raises Forged.

    It comes from whoever asks, so it is bounded and has no character that HTML needs.
    """
    if post.query.get("hub.mode") != "subscribe":
        return None
    challenge = post.query.get("hub.challenge", "")
    expected = secrets.get(VERIFY_TOKEN, "")
    known = same(expected, post.query.get("hub.verify_token", ""))
    if not (known and _CHALLENGE.fullmatch(challenge)):
        raise Forged
    return Greeting(challenge.encode(), "text/plain")


def fetch(reference: str, secrets: Secrets) -> Fetch | None:
    """Return how Graph is asked for a lead; the token stands in a header, which nobody logs."""
    token = secrets.get(ACCESS_TOKEN)
    if not token or not _ID.fullmatch(reference):
        return None
    return Fetch(f"/{reference}?fields={WANTED}", {"Authorization": f"Bearer {token}"})


META = Sender(
    name="meta",
    title="Meta lead ads (Facebook, Instagram)",
    recognises=recognises,
    items=items,
    verify=verify,
    greet=greet,
    fetch=fetch,
    fetched=fetched,
)
