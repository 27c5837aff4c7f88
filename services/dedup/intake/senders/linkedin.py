"""LinkedIn lead gen forms: news that there is a lead, or that it was taken back; then fetched.

Source: learn.microsoft.com/linkedin, webhook validation and Lead Sync API. A lead is known by the
URN of its form response, in a notification and when it is fetched.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.dedup.intake.post import Post
from services.dedup.intake.sender import (
    ACCESS_TOKEN,
    SECRET,
    Fetch,
    Forged,
    Greeting,
    Secrets,
    Sender,
)
from services.dedup.intake.senders.json_values import affirmed, mapping, moment, objects, text
from services.dedup.intake.senders.signatures import hex_hmac, same
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
    "FIRST_NAME": "first_name",
    "LAST_NAME": "last_name",
    "EMAIL": "email",
    "WORK_EMAIL": "email",
    "PHONE_NUMBER": "phone",
    "WORK_PHONE_NUMBER": "phone",
    "COMPANY_NAME": "company",
    "JOB_TITLE": "job_title",
    "CITY": "city",
    "STATE": "state",
    "ZIP_CODE": "postal_code",
    "POSTAL_CODE": "postal_code",
    "COUNTRY": "country",
    "COUNTRY_REGION": "country",
}
"""Questions that LinkedIn fills in itself, by `predefinedField`."""

URN = "urn:li:leadGenFormResponse:"

VERSION = "202606"
"""The API's version of June 2026; LinkedIn keeps each for a year at least."""

WANTED = (
    "id,submittedAt,testLead,leadType,versionedLeadGenFormUrn,leadMetadata,formResponse,"
    "form:(hiddenFields,name,id,content)"
)
"""What a lead is fetched with: its answers, and the questions that say what they are."""

SIGNED_AS = "hmacsha256="

_REFERENCE = re.compile(rf"(?:{URN})?([\w-]{{1,100}})", re.ASCII)
_CODE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def recognises(payload: Any, headers: Mapping[str, str]) -> bool:
    """Return whether this is a notification of a lead, or a fetched form response."""
    if not isinstance(payload, dict):
        return False
    noted = text(payload.get("leadGenFormResponse")).startswith(URN)
    return noted or _fetched(payload) or "x-li-signature" in headers


def items(payload: Any) -> Sequence[Item]:
    """Return the news of a notification, or the lead itself if somebody fetched it already."""
    whole = mapping(payload)
    return [_lead(whole, _urn(whole.get("id")))] if _fetched(whole) else [_news(whole)]


def fetched(payload: Any, reference: str) -> Sequence[Item]:
    """Return the lead that the API answered with, under the notice's reference."""
    whole = mapping(payload)
    if not _fetched(whole):
        return [Ignored("LinkedIn's answer holds no form response")]
    return [_lead(whole, reference)]


def _fetched(payload: Mapping[str, Any]) -> bool:
    return isinstance(mapping(payload.get("formResponse")).get("answers"), list)


def _urn(value: Any) -> str:
    """Return the form response's name, which is the same whether it came with its URN or not."""
    known = text(value)
    return known if known.startswith(URN) or not known else URN + known


def _news(payload: Mapping[str, Any]) -> Item:
    reference, action = _urn(payload.get("leadGenFormResponse")), payload.get("leadAction")
    if not _REFERENCE.fullmatch(reference):
        return Ignored("a notification that names no form response")
    if action == "DELETED":
        return Withdrawn(reference)
    if action != "CREATED":
        return Ignored("a notification that a lead was neither created nor deleted")
    about = mapping(payload.get("associatedEntity"))
    around = Circumstances(
        submitted_at=moment(payload.get("occurredAt")),
        form_id=text(payload.get("leadGenForm")) or None,
        campaign=next(
            filter(None, map(text, (payload.get("associatedEntity"), *about.values()))), None
        ),
    )
    return Notice(reference, around)


def _lead(payload: Mapping[str, Any], key: str) -> Sent:
    form = mapping(payload.get("form"))
    response = mapping(payload.get("formResponse"))
    content = mapping(form.get("content"))
    return submission(
        [*_answers(response, content), *_consents(response, content)],
        _around(payload, form),
        key,
        test=affirmed(payload.get("testLead")),
    )


def _answers(response: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Answer]:
    questions = {
        text(entry.get("questionId")): entry for entry in objects(content.get("questions"))
    }
    for entry in objects(response.get("answers")):
        key = text(entry.get("questionId"))
        question = questions.get(key, {})
        predefined = text(question.get("predefinedField"))
        label = _localised(question.get("question")) or text(question.get("name"))
        value = _value(mapping(entry.get("answerDetails")), question)
        if value:
            name = label or predefined or key
            yield Answer(name, value, key=key, field=FIELDS.get(predefined, ""))


def _value(details: Mapping[str, Any], question: Mapping[str, Any]) -> Any:
    """Return the text that was written, or the labels of what was chosen."""
    written = text(mapping(details.get("textQuestionAnswer")).get("answer"))
    chosen = mapping(details.get("multipleChoiceAnswer")).get("options")
    if written or not isinstance(chosen, list):
        return written
    offered = mapping(question.get("questionDetails")).get("multipleChoiceQuestionDetails")
    labels = {
        text(option.get("id")): _localised(option.get("text"))
        for option in objects(mapping(offered).get("options"))
    }
    return [labels.get(option) or option for option in map(text, chosen) if option]


def _localised(value: Any) -> str:
    """Return a text that stands as it is, or by its language."""
    spoken = mapping(mapping(value).get("localized"))
    return text(value) or next(filter(None, map(text, spoken.values())), "")


def _consents(response: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Answer]:
    legal = objects(mapping(content.get("legalInfo")).get("consents"))
    asked = {text(entry.get("id")): _localised(entry.get("consent")) for entry in legal}
    for entry in objects(response.get("consentResponses")):
        if key := text(entry.get("consentId")):
            yield Answer(asked.get(key) or key, affirmed(entry.get("accepted")), key=key)


def _around(payload: Mapping[str, Any], form: Mapping[str, Any]) -> Circumstances:
    sponsored = mapping(mapping(payload.get("leadMetadata")).get("sponsoredLeadMetadata"))
    around = Circumstances(
        submitted_at=moment(payload.get("submittedAt")),
        form_id=text(form.get("id")) or text(payload.get("versionedLeadGenFormUrn")) or None,
        form_name=text(form.get("name")) or None,
        campaign=text(sponsored.get("campaign")) or None,
    )
    # Hidden fields are the advertiser's own words, the same for everybody: no answers of a person.
    hidden = objects(form.get("hiddenFields"))
    unseen = (Answer(text(entry.get("name")), entry.get("value")) for entry in hidden)
    return submission(unseen, around).around


def verify(post: Post, secret: str, now: datetime) -> None:
    """Raise Forged unless the header is the hex HMAC of the raw body by the client secret.

    The vendor's page says that the value "is the hash of the body prefixed by hmacsha256=": the
    prefix may belong to what is signed or to the header. Both are taken, since both need the
    secret; that `greet` signs nothing but a UUID keeps anybody from being given either.
    """
    sent = post.headers.get("x-li-signature", "").strip().lower().removeprefix(SIGNED_AS)
    signed = hex_hmac(secret, SIGNED_AS.encode() + post.raw), hex_hmac(secret, post.raw)
    # Both are compared every time, so that the time tells nothing.
    if not any([same(signature, sent) for signature in signed]):
        raise Forged


def greet(post: Post, secrets: Secrets) -> Greeting | None:
    """Return the signed challenge code of LinkedIn's handshake. Raises Forged.

    Whoever knows the address may ask. So only a UUID is signed, as LinkedIn sends: a body could
    otherwise be handed in as a code, and would come back with its signature.
    """
    code = post.query.get("challengeCode")
    if code is None:
        return None
    if not _CODE.fullmatch(code):
        raise Forged
    answer = {
        "challengeCode": code,
        "challengeResponse": hex_hmac(secrets.get(SECRET, ""), code.encode()),
    }
    return Greeting(json.dumps(answer).encode(), "application/json")


def fetch(reference: str, secrets: Secrets) -> Fetch | None:
    """Return how the Lead Sync API is asked for a form response, by its id alone."""
    token, known = secrets.get(ACCESS_TOKEN), _REFERENCE.fullmatch(reference)
    if not token or not known:
        return None
    headers = {
        "Authorization": f"Bearer {token}",
        "LinkedIn-Version": VERSION,
        "X-Restli-Protocol-Version": "2.0.0",
    }
    return Fetch(f"/leadFormResponses/{known[1]}?fields={WANTED}", headers)


LINKEDIN = Sender(
    name="linkedin",
    title="LinkedIn lead gen forms",
    recognises=recognises,
    items=items,
    verify=verify,
    greet=greet,
    fetch=fetch,
    fetched=fetched,
)
