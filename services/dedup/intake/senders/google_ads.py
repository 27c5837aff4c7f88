"""Google Ads lead forms: a lead is one object, and what was filled in stands in its columns.

Source: developers.google.com/google-ads/webhook/docs/implementation. Google signs nothing: a key
that both sides know stands in the body, so it is taken out before anything is stored.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.dedup.intake.post import Post
from services.dedup.intake.sender import Forged, Sender
from services.dedup.intake.senders.json_values import affirmed, mapping, moment, objects, text
from services.dedup.intake.senders.signatures import same
from services.dedup.intake.senders.submission import submission
from services.dedup.intake.sent import Answer, Circumstances, Ignored, Item
from services.dedup.intake.unwrapping import unwrapped
from shared.errors import ServiceError

FIELDS = {
    "FULL_NAME": "name",
    "FIRST_NAME": "first_name",
    "LAST_NAME": "last_name",
    "EMAIL": "email",
    "WORK_EMAIL": "email",
    "PHONE_NUMBER": "phone",
    "WORK_PHONE": "phone",
    "COMPANY_NAME": "company",
    "JOB_TITLE": "job_title",
    "STREET_ADDRESS": "street",
    "CITY": "city",
    "REGION": "state",
    "POSTAL_CODE": "postal_code",
    "COUNTRY": "country",
}
"""Column ids of the vendor's page; a question of one's own has an id that is none of them."""

VERIFIED = "PHONE_NUMBER_VERIFIED"
"""Says whether the number was verified, or is that number."""

SHORTEST_NUMBER = 7
"""Digits from which what stands under VERIFIED is a number, not a yes or a count."""

KEY = "google_key"


def recognises(payload: Any, headers: Mapping[str, str]) -> bool:
    """Return whether the payload has Google's columns."""
    return isinstance(payload, dict) and isinstance(payload.get("user_column_data"), list)


def items(payload: Any) -> Sequence[Item]:
    """Return the one lead; ids of 64 bits stay exact."""
    # What `verify` finds its key in must be read too, or a verified lead would be lost.
    payload, _ = unwrapped(payload, {})
    if not recognises(payload, {}):
        return [Ignored("it has no user_column_data, so it is no lead of Google Ads")]
    around = Circumstances(
        submitted_at=moment(payload.get("lead_submit_time")),
        form_id=text(payload.get("form_id")) or None,
        campaign=text(payload.get("campaign_id")) or None,
    )
    return [
        submission(
            map(_answer, objects(payload["user_column_data"])),
            around,
            key=text(payload.get("lead_id")),
            test=affirmed(payload.get("is_test")),
        )
    ]


def _answer(column: Mapping[str, Any]) -> Answer:
    title, key = text(column.get("column_name")), text(column.get("column_id"))
    # Some who pass leads on have only the one, and put the id in the name's place.
    known = key or title
    value = text(column.get("string_value"))
    return Answer(title or key, value, key=known, field=_field(known, value))


def _field(column_id: str, value: str) -> str:
    if column_id == VERIFIED:
        return "phone" if sum(map(str.isdigit, value)) >= SHORTEST_NUMBER else ""
    return FIELDS.get(column_id, "")


def verify(post: Post, secret: str, now: datetime) -> None:
    """Raise Forged unless the body holds the source's key. A body that is unreadable holds none."""
    try:
        payload, _ = unwrapped(post.payload, post.headers)
    except ServiceError:
        raise Forged from None
    if not same(secret, text(mapping(payload).get(KEY))):
        raise Forged


def redacted(payload: Any) -> Any:
    """Return the payload without the key, however deep another tool has put the lead."""
    return _keyless(unwrapped(payload, {})[0])


def _keyless(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _keyless(inner) for name, inner in value.items() if name != KEY}
    return [_keyless(inner) for inner in value] if isinstance(value, list) else value


GOOGLE_ADS = Sender(
    name="google_ads",
    title="Google Ads lead forms",
    recognises=recognises,
    items=items,
    verify=verify,
    redacted=redacted,
    reply="google",
)
