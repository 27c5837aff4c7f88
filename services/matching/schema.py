"""What callers may send to have a lead matched with services."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate, validates_schema

from services.matching.catalogue_fields import Currency, Money, Word
from services.matching.catalogue_schema import OfAccount
from services.matching.matchmaking import LIMIT, MOST, Asked
from shared.errors import Malformed
from shared.fields import Form, Moment, Switch, Text
from shared.validation import loaded

MOST_LEADS = 500
"""Leads of one batch."""

MOST_NEEDS, MOST_SIGNALS, MOST_PURPOSES = 50, 100, 50
"""Items of one list."""

LONGEST_ITEM_ID = 255
"""Characters of a caller's own name for a lead of a batch."""

YEARS = (1000, 2200)
"""Between them a company was founded."""

ASSIGN = (
    "True: give the lead to the best service that has room today, once; asked again, the answer is "
    "the same."
)

REASSIGN = (
    "With `assign`: the `match_id` by which the lead was given, for another service in its place; "
    "sent again, nothing more happens."
)

NO_LEAD = {"lead": "give a lead or a lead_id"}


def _points(meaning: str) -> fields.Float:
    return fields.Float(
        allow_none=True,
        validate=validate.Range(min=0, max=100, error="must be from 0 to 100"),
        metadata={"description": meaning},
    )


def _degrees(meaning: str, most: int) -> fields.Float:
    return fields.Float(
        allow_none=True,
        validate=validate.Range(min=-most, max=most, error=f"must be from -{most} to {most}"),
        metadata={"description": meaning},
    )


def _needs(meaning: str) -> fields.List:
    return fields.List(
        Word("A need.", "business_loan"),
        allow_none=True,
        validate=validate.Length(max=MOST_NEEDS, error=f"must list at most {MOST_NEEDS}"),
        metadata={"description": meaning, "examples": [["business_loan"]]},
    )


class SignalSaid(Form):
    """A signal as the signals service answers it; only its type is read."""

    type = Word("Its type.", "loan_need", allow_none=True)
    signal_type = Word("The same, as leads have it.", "loan_need", allow_none=True)


class ConsentSaid(Form):
    """What the lead agreed to."""

    purposes = fields.List(
        fields.String(),
        required=True,
        validate=validate.Length(max=MOST_PURPOSES, error=f"must list at most {MOST_PURPOSES}"),
        metadata={"description": "Purposes, as `sharing`.", "examples": [["sharing"]]},
    )


class Lead(Form):
    """What is known of a lead; what is absent is unknown. Other fields are ignored."""

    location = Text("Where it is, in one line.", examples=["Austin, TX"])
    city = Text("City or town.")
    state = Text("State, province or region.")
    postal_code = Text("Postal code.")
    country = Text("Country, by name or ISO 3166-1 code.")
    latitude = _degrees("Degrees, north positive.", 90)
    longitude = _degrees("Degrees, east positive.", 180)
    industry = Text("Its trade, in plain words or as a NAICS code.", examples=["bakery"])
    company_size = Text("`small`, `medium`, `large` or `enterprise`.")
    lead_type = Text("`consumer` or `business`.", examples=["business"])
    lead_category = Text("What it is about: `loan`, `consulting` …", longest=64)
    needs_identified = _needs("What it needs, the strongest first.")
    needs = _needs("What it said that it needs, in the same words.")
    signals = fields.List(
        fields.Nested(SignalSaid),
        allow_none=True,
        validate=validate.Length(max=MOST_SIGNALS, error=f"must list at most {MOST_SIGNALS}"),
        metadata={"description": "Its signals; their types stand for needs."},
    )
    loan_amount = Money("What it asks for.")
    currency = Currency()
    signal_strength = _points("How strong its signals are, 0 to 100.")
    intent_score = _points("How much they speak of the wish to buy, 0 to 100.")
    last_activity_at = Moment("When it was last heard of.")
    revenue = Money("Its company's revenue a year.")
    founded_year = fields.Integer(
        allow_none=True,
        strict=True,
        validate=validate.Range(*YEARS, error="must be from {min} to {max}"),
        metadata={"description": "When its company was founded."},
    )
    consent = fields.Nested(
        ConsentSaid,
        allow_none=True,
        metadata={"description": "What it agreed to; absent, nothing is known of that."},
    )

    @validates_schema
    def somewhere(self, data: dict[str, Any], **options: Any) -> None:
        """Raise ValidationError for half a point."""
        given = [name for name in ("latitude", "longitude") if data.get(name) is not None]
        if len(given) == 1:
            raise ValidationError({given[0]: ["needs the other coordinate"]})


class Matchable(Form):
    """Which lead: one of the account, one as it is said here, or what is said of the former."""

    lead_id = fields.UUID(
        allow_none=True, metadata={"description": "A lead of the account; 404 for another's."}
    )
    lead = fields.Nested(
        Lead,
        allow_none=True,
        metadata={"description": "What is known of it; goes before what is stored of `lead_id`."},
    )
    limit = fields.Integer(
        allow_none=True,
        validate=validate.Range(min=1, max=MOST, error=f"must be from 1 to {MOST}"),
        metadata={"description": f"How many matches at most; {LIMIT} unless said."},
    )


class MatchRequest(Matchable, OfAccount):
    """One lead to find services for."""

    assign = Switch(f"{ASSIGN} Of a stored lead alone; its matches are kept.")
    reassign = fields.UUID(allow_none=True, metadata={"description": REASSIGN})

    @validates_schema
    def of_a_stored_lead(self, data: dict[str, Any], **options: Any) -> None:
        """Raise ValidationError for what cannot be given."""
        if data.get("reassign") and not data.get("assign"):
            raise ValidationError({"reassign": ["is only for assign"]})
        if data.get("assign") and (data.get("lead") or not data.get("lead_id")):
            raise ValidationError({"assign": ["is for a lead_id alone: a lead that is stored"]})


class LeadOfBatch(Matchable, Lead):
    """One lead of a batch: as `lead`, as `lead_id`, or its own fields right here."""

    id = fields.Raw(
        allow_none=True,
        metadata={
            "description": "Your own name for it, a text or a whole number; answered as sent.",
            "type": ["string", "integer"],
            "maxLength": LONGEST_ITEM_ID,
            "examples": ["lead-17"],
        },
    )


class BatchOfLeads(OfAccount):
    """Many leads of one account."""

    leads = fields.List(
        fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(min=1, max=MOST_LEADS, error=f"must list 1 to {MOST_LEADS} leads"),
        metadata={"description": "The leads, answered in this order."},
    )
    limit = fields.Integer(
        allow_none=True,
        validate=validate.Range(min=1, max=MOST, error=f"must be from 1 to {MOST}"),
        metadata={"description": f"How many matches a lead at most; {LIMIT} unless said."},
    )


def request(data: Mapping[str, Any]) -> Asked:
    """Return what one request asks for. Raises Malformed."""
    said = loaded(_REQUEST, data)
    if said.get("lead") is None and said.get("lead_id") is None:
        raise Malformed(details=NO_LEAD)
    return Asked(
        said.get("lead_id"),
        said.get("lead") or {},
        said.get("limit") or LIMIT,
        said.get("assign") or False,
        said.get("reassign"),
    )


def leads(data: Mapping[str, Any]) -> tuple[list[Any], int | None]:
    """Return the leads of a batch as they were sent, and its limit. Raises Malformed."""
    whole = loaded(_BATCH, data)
    return whole["leads"], whole.get("limit")


def item(data: Any, limit: int | None) -> Asked:
    """Return what one lead of a batch asks for; *limit* is the batch's. Raises Malformed."""
    if not isinstance(data, Mapping):
        raise Malformed(details={"lead": "must be an object"})
    if data.get("assign"):
        raise Malformed(details={"assign": "is for one lead at a time"})
    said = loaded(_ITEM, data)
    own = {name: said[name] for name in Lead().fields if said.get(name) is not None}
    if not own and said.get("lead") is None and said.get("lead_id") is None:
        raise Malformed(details=NO_LEAD)
    lead = {**own, **(said.get("lead") or {})}
    return _asked(said.get("lead_id"), lead, said.get("limit") or limit)


def item_name(data: Any) -> Any:
    """Return what a caller calls a lead, if it is a name that may be said back; else None."""
    name = data.get("id") if isinstance(data, Mapping) else None
    if isinstance(name, str) and len(name) <= LONGEST_ITEM_ID:
        return name
    return name if isinstance(name, int) and not isinstance(name, bool) else None


def _asked(lead_id: UUID | None, lead: Mapping[str, Any], limit: int | None) -> Asked:
    return Asked(lead_id, lead, limit or LIMIT)


_REQUEST, _BATCH, _ITEM = MatchRequest(), BatchOfLeads(), LeadOfBatch()
