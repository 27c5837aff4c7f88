"""What callers may send to the duplicate check.

The nested form is the contract's; a flat body (JSON or a direct form post) is
folded into it first. Fields we did not ask for are dropped: what is not asked
for is not kept (GDPR Art. 5(1)(c), data minimisation).
"""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from marshmallow import fields, post_load, pre_load, validate

from services.dedup.lead_data_schema import LONGEST_MESSAGE, LeadData
from services.dedup.options import NO_OPTIONS, Answering, Options
from services.dedup.trade.deal import LONGEST_HOLD_SECONDS, LONGEST_NAME, Deal
from services.dedup.verdict import Submission
from shared.errors import Malformed, Meaningless
from shared.fields import Form, Milliseconds, Moment, Name, Text
from shared.idempotency import named_key
from shared.lead_fields import FIELDS
from shared.privacy import consent
from shared.privacy.purposes import LEAD_PROCESSING, PURPOSES
from shared.validation import loaded

LONGEST_SOURCE_ID = 128
"""Characters in the name of a lead's source."""

SOURCE_ID = (
    "The form, campaign or import that the lead came from. "
    "With `AUTH_MODE=local` it may be absent and is `unknown`."
)
"""What a source is, for those who send one."""


class Context(Form):
    """What surrounds the lead."""

    ip = Text("The visitor's IP address; kept only as a keyed hash.", examples=["203.0.113.9"])
    user_agent = Text("The visitor's browser; not kept.", longest=LONGEST_MESSAGE)
    submitted_at = Moment("When the lead was sent, at most 10 minutes ahead; absent, now.")
    form_fill_ms = Milliseconds("From the form's appearance to its submission, in milliseconds.")
    honeypot = Text("What stands in a field that people cannot see.", longest=LONGEST_MESSAGE)
    campaign_id = Name("The campaign that brought the lead: its terms hold.", longest=LONGEST_NAME)
    buyer_id = Name("Who is to have the lead: their terms hold.", longest=LONGEST_NAME)
    hold_seconds = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(
            min=1, max=LONGEST_HOLD_SECONDS, error=f"must be from 1 to {LONGEST_HOLD_SECONDS}"
        ),
        metadata={
            "description": "Hold the lead's identity for so long, until the hold is confirmed or "
            "released: nobody like it is let through meanwhile."
        },
    )
    ping_id = Text("The answer to the ping that this lead follows.", longest=LONGEST_MESSAGE)

    @post_load
    def checked(self, data: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Return the context with its address in one spelling; one that cannot be read is none.

        A proxy's way to write an address is no reason to lose a lead.
        """
        data["ip"] = _address(data.get("ip") or "")
        return data


def _address(text: str) -> str | None:
    """Return the first IP address in *text*: of a chain of proxies, without port or brackets.

    An IPv4 address that came over IPv6 (`::ffff:192.0.2.1`) is itself, as `shared.web.peer` has it.
    """
    first = text.split(",")[0].strip().strip('"')
    unbracketed = first.partition("]")[0].lstrip("[")
    without_port = first.rpartition(":")[0] if first.count(":") == 1 else unbracketed
    try:
        read = ipaddress.ip_address(without_port.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(read, "ipv4_mapped", None) or read)


class ConsentGiven(Form):
    """What the data subject agreed to."""

    purposes = fields.List(
        fields.String(
            validate=validate.Length(min=1, max=100), error_messages={"invalid": "must be text"}
        ),
        required=True,
        validate=validate.Length(min=1, max=20, error="must list 1 to 20 purposes"),
        error_messages={"invalid": "must be a list of texts"},
        metadata={
            "description": "A list, or a text with commas. Ours are "
            f"{', '.join(PURPOSES)}; others are kept as a document.",
            "type": ["array", "string"],
            "examples": [[LEAD_PROCESSING]],
        },
    )
    text_version = Text("Which wording of the consent text was shown.", examples=["2026-01"])
    given_at = Moment("When the person agreed; absent, when the lead was sent.")
    proof = Text("What demonstrates the consent: a certificate's address, say.", longest=2000)

    @pre_load
    def listed(self, data: Any, **options: Any) -> Any:
        """Read a form's comma-separated purposes as the list they are."""
        if isinstance(data, dict) and isinstance(data.get("purposes"), str):
            words = [word.strip() for word in data["purposes"].split(",") if word.strip()]
            return data | {"purposes": words}
        return data


class LeadSubmission(Form):
    """One lead with its circumstances."""

    source_id = Name(SOURCE_ID, longest=LONGEST_SOURCE_ID, examples=["website-contact"])
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
            deal=Deal(
                context.get("buyer_id") or "",
                context.get("campaign_id") or "",
                context.get("hold_seconds"),
                context.get("ping_id") or None,
            ),
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

    source_id = Name(
        "The source of every lead that names none.",
        longest=LONGEST_SOURCE_ID,
        examples=["spring-import"],
    )
    leads = fields.List(
        fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(min=1, max=1000, error="must list 1 to 1000 leads"),
        error_messages={"invalid": "must be a list"},
    )


CONTEXT_FIELDS = ("honeypot", "form_fill_ms", "campaign_id")
"""What a lead form may send about itself in a flat body."""


def nested(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return *data* in the contract's nested form; a flat body and bracket keys are folded in."""
    whole = {name: value for name, value in data.items() if "[" not in name}
    # A form does not send a box that was left unticked, but the hidden fields beside it.
    ticked = bool(str(data.get("consent[purposes]", "")).strip())
    folded = ("lead_data", "context", "options", *(("consent",) if ticked else ()))
    for name, value in data.items():
        outer, _, inner = name.partition("[")
        if inner.endswith("]") and outer in folded:
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
    dry_run: bool = False,
) -> Submission:
    """Return the lead that *data* holds, nested or flat.

    *visitor* is the address to count where the lead names none, *raw* is the body as sent,
    *key* the `Idempotency-Key` header, *default_source* what an absent source_id means; without
    one it must be there. A *dry_run* uses up no key. Raises Malformed with the faults by field
    path, Meaningless if it asks for a dry run where there is none.
    """
    if not isinstance(data, dict):
        raise Malformed(details={"body": "must be an object"})
    if options(data).dry_run and not dry_run:
        # Whoever asks for a dry run must not find the lead stored.
        raise Meaningless(details={"options.dry_run": "is for a whole request; nothing was stored"})
    lead: Submission = loaded(_LEAD, nested(data))
    source_id = lead.source_id or default_source
    if not source_id:
        raise Malformed(details={"source_id": "is required"})
    named = named_key(key, data.get("submission_id"))
    used = None if dry_run else named
    return replace(lead, source_id=source_id, ip=lead.ip or visitor, raw=raw, idempotency_key=used)


def options(data: Mapping[str, Any]) -> Options:
    """Return the options of *data*, a lead or a batch; without any, a lead is checked and stored.

    In a flat body a text under that name is a field of somebody's own form. Raises Malformed for
    what may have been meant and cannot be read.
    """
    if "options" not in data and not any(name.startswith("options[") for name in data):
        return NO_OPTIONS
    sent = nested(data)["options"]
    flat = "lead_data" not in data and "leads" not in data
    if flat and not isinstance(sent, dict):
        return NO_OPTIONS
    chosen: Options | None = loaded(_ANSWERING, {"options": sent})["options"]
    return chosen or NO_OPTIONS


def batch(data: Mapping[str, Any]) -> list[Any]:
    """Return the items of a batch, each with the batch's `source_id` where it has none."""
    whole = loaded(_BATCH, data)
    common = {"source_id": whole["source_id"]} if whole.get("source_id") else {}
    return [common | item if isinstance(item, dict) else item for item in whole["leads"]]


def sources(items: Iterable[Any], default_source: str | None) -> list[str]:
    """Return the source of each item of a batch; where none can be read, the default or none."""
    named = (item.get("source_id") if isinstance(item, dict) else None for item in items)
    return [
        name.strip() if isinstance(name, str) and name.strip() else default_source or ""
        for name in named
    ]


_ANSWERING = Answering()
_LEAD = LeadSubmission()
_BATCH = Batch()
