"""What callers may send to create a lead, and what they get back."""

from typing import Any

from marshmallow import fields, post_load, pre_load, validate

from services.leads.change import LONGEST_ASSIGNEE
from services.leads.change_schema import OfAccount, Tags
from services.leads.creating import New
from services.leads.filter import COMPANY_SIZES, LEAD_TYPES
from services.leads.lead_answer_schema import LeadShown
from services.leads.notes import LONGEST_NOTE
from services.leads.signal_store import CATEGORIES, MOST_SIGNALS, SOURCES, TYPES, Signal
from shared.answers import Stamped
from shared.fields import Figure, Form, Text

LONGEST_SOURCE_ID = 128
"""Characters, as everywhere that a source is named."""

UNKNOWN_SOURCE = "unknown"
"""The source of a lead that names none (contract, section 1)."""

LONGEST_CONTENT = 5000
"""Characters of what a signal quotes."""


def _choice(meaning: str, choices: tuple[str, ...], default: str) -> fields.String:
    return fields.String(
        load_default=default,
        validate=validate.OneOf(choices, error=f"must be one of {', '.join(choices)}"),
        metadata={"description": meaning},
    )


class _Number:
    """A number, and no text that looks like one."""

    def _validated(self, value: Any) -> Any:
        if isinstance(value, str):
            raise self.make_error("invalid")  # type: ignore[attr-defined]
        return super()._validated(value)  # type: ignore[misc]


class Strength(_Number, fields.Integer):
    """How strong a signal is."""


class Confidence(_Number, fields.Float):
    """How sure a signal is."""


class SignalGiven(Form):
    """A sign of what somebody needs."""

    signal_type = fields.String(
        required=True,
        validate=validate.OneOf(TYPES, error=f"must be one of {', '.join(TYPES)}"),
        metadata={"description": "What it is a sign of; `type` is read, too."},
    )
    signal_category = _choice("Where it showed; `category` is read, too.", CATEGORIES, "content")
    source = _choice("How it was found.", SOURCES, "content_analysis")
    content = Text("What it quotes; kept sealed.", longest=LONGEST_CONTENT)
    strength = Strength(
        required=True,
        strict=True,
        validate=validate.Range(min=0, max=100, error="must be from 0 to 100"),
        metadata={"description": "How strong it is, 0 to 100.", "examples": [80]},
    )
    confidence = Confidence(
        load_default=1.0,
        validate=validate.Range(min=0, max=1, error="must be from 0 to 1"),
        metadata={"description": "How sure it is, 0 to 1."},
    )

    @pre_load
    def named(self, data: Any, **options: Any) -> Any:
        """Return what was sent with the detectors' short names read as the long ones."""
        if not isinstance(data, dict):
            return data
        short = {"signal_type": data.get("type"), "signal_category": data.get("category")}
        return {name: value for name, value in short.items() if value is not None} | data

    @post_load
    def signal(self, data: dict[str, Any], **options: Any) -> Signal:
        """Return it as it is stored."""
        return Signal(**data | {"content": data.get("content") or ""})


class NewLead(OfAccount):
    """A lead; somebody who can be reached, by an email or a phone."""

    json_schema: dict[str, Any] = {  # noqa: RUF012 (read by the description alone)
        "anyOf": [{"required": [name]} for name in ("email", "phone", "other_email", "other_phone")]
    }

    submission_id = Text(
        "Your own name for this lead, as the header `Idempotency-Key`, which wins.", longest=255
    )
    investigation_id = fields.UUID(
        allow_none=True,
        metadata={"description": "An open investigation of the account that it belongs to."},
    )
    source_id = Text(
        "The form, campaign or program that it came from; absent, `unknown`.",
        longest=LONGEST_SOURCE_ID,
        examples=["trade-fair"],
    )
    email = Text("E-mail address.", examples=["ada@analytical.example"])
    phone = Text("Phone number in any spelling.", examples=["+44 20 7946 0958"])
    other_email = Text("Further e-mail addresses, with commas.")
    other_phone = Text("Further phone numbers, with commas.")
    name = Text("Full name, where it does not come in parts.", examples=["Ada Lovelace"])
    first_name = Text("Given name.")
    last_name = Text("Family name.")
    company = Text("The organisation the person works for.", examples=["Analytical Engines Ltd"])
    job_title = Text("Position there.")
    website = Text("Address of a web site.")
    location = Text(
        "Where it is, in one text, where it does not come in parts. A place that we do not know "
        "is kept as it is.",
        examples=["Austin, TX"],
    )
    street = Text("Street and number.")
    city = Text("City or town.")
    state = Text("State, province or region.")
    postal_code = Text("Postal code.")
    country = Text("Country, by name or ISO 3166-1 code.")
    date_of_birth = Text("Date of birth.")
    industry = Text("What the company does, in words or as a NAICS code.", examples=["bakery"])
    company_size = Text(f"{', '.join(COMPANY_SIZES)}; lists do not find another word by it.")
    lead_category = Text("What it may want: loan, consulting, …", examples=["loan"])
    lead_type = Text(f"{', '.join(LEAD_TYPES)}; lists do not find another word by it.")
    loan_amount = Figure(
        "What it asks for, as it says it; matching reads `45000`, `€45k`, `1,2 Mio`, `50-100k`.",
        examples=["45000"],
    )
    currency = Text("Of its amounts: ISO 4217, a sign or a name.", examples=["USD"])
    revenue = Figure("Its company's revenue a year, as it says it.")
    founded_year = Figure("When its company was founded.")
    message = Text("What the person wrote.", longest=LONGEST_NOTE)
    notes = Text("What you want to remember of it: its first note.", longest=LONGEST_NOTE)
    consent = fields.Dict(
        keys=fields.String(),
        allow_none=True,
        metadata={
            "description": "What the person agreed to, as for the duplicate check: `{purposes[], "
            "text_version, given_at, proof}`. PRIVACY_MODE says whether it must be given.",
            "examples": [{"purposes": ["lead_processing"], "text_version": "2026-01"}],
        },
    )
    signals = fields.List(
        fields.Nested(SignalGiven),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=MOST_SIGNALS, error=f"must list at most {MOST_SIGNALS}"),
        metadata={"description": "Signs of what the person needs; the strongest ranks the lead."},
    )
    tags = Tags("Words to find it by.", least=0)
    assigned_to = Text("Who works on it.", longest=LONGEST_ASSIGNEE)

    @post_load
    def new(self, data: dict[str, Any], **options: Any) -> New:
        """Return it as the flow takes it, without what says nothing."""
        said = {name: data.get(name) for name in SAID}
        investigation_id = data.get("investigation_id")
        said["investigation_id"] = str(investigation_id) if investigation_id else None
        return New(
            source_id=(data.get("source_id") or "").strip() or UNKNOWN_SOURCE,
            fields={name: text for name, text in said.items() if text and text.strip()},
            investigation_id=investigation_id,
            consent=data.get("consent"),
            signals=tuple(data["signals"] or ()),
            tags=tuple(data.get("tags", ())),
            assigned_to=(data.get("assigned_to") or "").strip(),
        )


SAID = (
    *("email", "phone", "other_email", "other_phone", "name", "first_name", "last_name"),
    *("company", "job_title", "website", "location", "street", "city", "state", "postal_code"),
    *("country", "date_of_birth", "industry", "company_size", "lead_category", "lead_type"),
    *("loan_amount", "currency", "revenue", "founded_year", "message", "notes"),
)
"""The fields that are the lead's own."""


class CreatedAnswer(Stamped):
    """A lead that was created, or the one that was known."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    lead = fields.Nested(
        LeadShown,
        required=True,
        metadata={"description": "The new lead; of somebody known, their first lead."},
    )
    duplicate_check = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={
            "description": "What the duplicate check found, in the words of "
            "`POST /webhook/leadfly/duplicate-prevention`; its `lead_id` is the record that was "
            "made of this request, also of somebody known."
        },
    )
    incomplete = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "What of the request is not stored yet: `signals`, `tags`, "
            "`assigned_to`. The lead itself is. The same request under its `Idempotency-Key` "
            "completes it. Nearly always empty."
        },
    )
