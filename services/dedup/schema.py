"""What callers may send to the duplicate check.

The nested form is the contract's; a flat body (JSON or a direct form post) is
folded into it first. Fields we did not ask for are dropped: what is not asked
for is not kept (GDPR Art. 5(1)(c), data minimisation).
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from services.dedup.record import FIELDS
from services.dedup.verdict import Submission
from shared.errors import Malformed
from shared.idempotency import named_key
from shared.normalize import email, phone
from shared.privacy import consent
from shared.validation import loaded

LONGEST_TEXT = 500
"""Characters in any field of a lead but its message."""

LONGEST_MESSAGE = 20_000
"""Characters in a lead's message."""

LONGEST_SOURCE_ID = 128
"""Characters in the name of a lead's source."""

CLOCK_SKEW = timedelta(minutes=10)
"""How far ahead of ours a caller's clock may run."""


class Text(fields.String):
    """Text of bounded length; null and the empty text mean that the field is silent."""

    default_error_messages = {"invalid": "must be text"}  # noqa: RUF012 (marshmallow's own idiom)

    def __init__(self, longest: int = LONGEST_TEXT, **options: Any):
        super().__init__(
            validate=validate.Length(max=longest, error=f"must have at most {longest} characters"),
            allow_none=True,
            **options,
        )


class Form(Schema):
    """A schema that ignores what it does not know."""

    class Meta:
        unknown = EXCLUDE


class LeadData(Form):
    """The lead's own fields."""

    email = Text()
    phone = Text()
    name = Text()
    first_name = Text()
    last_name = Text()
    company = Text()
    job_title = Text()
    website = Text()
    street = Text()
    city = Text()
    state = Text()
    postal_code = Text()
    country = Text()
    date_of_birth = Text()
    message = Text(longest=LONGEST_MESSAGE)

    @post_load
    def reachable(self, data: dict[str, str | None], **options: Any) -> dict[str, str]:
        """Return the fields that say something; one of them must reach the person."""
        given = {name: text.strip() for name, text in data.items() if text and text.strip()}
        if not ("email" in given or "phone" in given):
            raise ValidationError({"email": ["give an email or a phone"]})
        usable = email.parse(given.get("email", "")) or phone.parse(given.get("phone", ""))
        if not usable:
            problems = {"email": "is not an email address", "phone": "is not a phone number"}
            raise ValidationError({name: [problems[name]] for name in problems if name in given})
        return given


class Context(Form):
    """What surrounds the lead."""

    ip = Text()
    user_agent = Text(longest=LONGEST_MESSAGE)
    submitted_at = fields.AwareDateTime(
        default_timezone=UTC,
        allow_none=True,
        error_messages={"invalid": "must be an ISO 8601 time"},
    )
    form_fill_ms = fields.Integer(
        allow_none=True,
        validate=validate.Range(min=0, max=10**9, error="must be from 0 to 1000000000"),
        error_messages={"invalid": "must be a whole number of milliseconds"},
    )
    honeypot = Text(longest=LONGEST_MESSAGE)
    campaign_id = Text()

    @post_load
    def checked(self, data: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Return the context with its address in one spelling and its time not ahead of ours."""
        if data.get("ip"):
            try:
                data["ip"] = str(ipaddress.ip_address(data["ip"].strip()))
            except ValueError:
                raise ValidationError({"ip": ["is not an IP address"]}) from None
        at = data.get("submitted_at")
        if at and at > datetime.now(UTC) + CLOCK_SKEW:
            raise ValidationError({"submitted_at": ["lies in the future"]})
        return data


class ConsentGiven(Form):
    """What the data subject agreed to."""

    purposes = fields.List(
        fields.String(
            validate=validate.Length(min=1, max=100), error_messages={"invalid": "must be text"}
        ),
        required=True,
        validate=validate.Length(min=1, max=20, error="must list 1 to 20 purposes"),
        error_messages={"invalid": "must be a list of texts"},
    )
    text_version = Text()
    given_at = fields.AwareDateTime(
        default_timezone=UTC,
        allow_none=True,
        error_messages={"invalid": "must be an ISO 8601 time"},
    )
    proof = Text(longest=2000)

    @pre_load
    def listed(self, data: Any, **options: Any) -> Any:
        """Read a form's comma-separated purposes as the list they are."""
        if isinstance(data, dict) and isinstance(data.get("purposes"), str):
            words = [word.strip() for word in data["purposes"].split(",") if word.strip()]
            return data | {"purposes": words}
        return data


class LeadSubmission(Form):
    """One lead with its circumstances; loads to a `Submission`."""

    source_id = Text(longest=LONGEST_SOURCE_ID)
    lead_data = fields.Nested(LeadData, required=True)
    context = fields.Nested(Context, load_default=dict, allow_none=True)
    consent = fields.Nested(ConsentGiven, load_default=None, allow_none=True)

    @post_load
    def submission(self, data: dict[str, Any], **options: Any) -> Submission:
        """Return what the check takes; the raw body is added by the route."""
        context = data["context"] or {}
        at = context.get("submitted_at") or datetime.now(UTC)
        agreed = data["consent"]
        return Submission(
            source_id=data.get("source_id") or "",
            fields=data["lead_data"],
            submitted_at=at,
            ip=context.get("ip") or None,
            honeypot=context.get("honeypot") or "",
            form_fill_ms=context.get("form_fill_ms"),
            consent=consent.given(
                agreed["purposes"],
                agreed.get("given_at") or at,
                agreed.get("text_version"),
                agreed.get("proof"),
            )
            if agreed
            else None,
        )


class Batch(Form):
    """Up to 1,000 leads of one account."""

    source_id = Text(longest=LONGEST_SOURCE_ID)
    leads = fields.List(
        fields.Raw(),
        required=True,
        validate=validate.Length(min=1, max=1000, error="must list 1 to 1000 leads"),
        error_messages={"invalid": "must be a list"},
    )


CONTEXT_FIELDS = ("honeypot", "form_fill_ms", "campaign_id")
"""What a lead form may send about itself in a flat body."""


def nested(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return *data* in the contract's nested form; a flat body and bracket keys are folded in."""
    whole = {name: value for name, value in data.items() if "[" not in name}
    for name, value in data.items():
        outer, _, inner = name.partition("[")
        if inner.endswith("]") and outer in ("lead_data", "context", "consent"):
            whole.setdefault(outer, {})
            if isinstance(whole[outer], dict):
                whole[outer] = whole[outer] | {inner[:-1]: value}
    if "lead_data" not in whole:
        flat = {name: whole.pop(name) for name in FIELDS if name in whole}
        if flat:
            whole["lead_data"] = flat
            around = {name: whole.pop(name) for name in CONTEXT_FIELDS if name in whole}
            if around and isinstance(whole.get("context", {}), dict):
                whole["context"] = around | whole.get("context", {})
    return whole


def submission(
    data: Any,
    visitor: str | None = None,
    raw: bytes = b"",
    key: str | None = None,
    default_source: str | None = None,
) -> Submission:
    """Return the lead that *data* holds, nested or flat.

    *visitor* is the address to count where the lead names none, *raw* is the body as sent,
    *key* the `Idempotency-Key` header, *default_source* what an absent source_id means; without
    one it must be there. Raises Malformed with the faults by field path.
    """
    if not isinstance(data, dict):
        raise Malformed(details={"body": "must be an object"})
    lead: Submission = loaded(_LEAD, nested(data))
    source_id = lead.source_id or default_source
    if not source_id:
        raise Malformed(details={"source_id": "is required"})
    named = named_key(key, data.get("submission_id"))
    return replace(lead, source_id=source_id, ip=lead.ip or visitor, raw=raw, idempotency_key=named)


def batch(data: Mapping[str, Any]) -> list[Any]:
    """Return the items of a batch, each with the batch's `source_id` where it has none."""
    whole = loaded(_BATCH, data)
    common = {"source_id": whole["source_id"]} if whole.get("source_id") else {}
    return [common | item if isinstance(item, dict) else item for item in whole["leads"]]


_LEAD = LeadSubmission()
_BATCH = Batch()
