"""What callers may ask of stored matches, and say of what became of them."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.matching.becoming import LONGEST_NOTES, STATUSES
from services.matching.catalogue_schema import OfAccount
from services.matching.matchmaking import LIMIT, MOST
from services.matching.schema import ASSIGN, REASSIGN
from services.matching.service_leads import MOST as MOST_RANKED
from services.matching.service_leads import RADII_KM
from services.matching.service_leads import USUAL as USUAL_RANKED
from shared.fields import Form, Text

SHOWN, MOST_SHOWN = 100, 1000
"""Matches of a lead in one answer: unless the caller asks for another number, and at most."""


def limit(usual: int, most: int) -> fields.Integer:
    """Return a field for how many there are to be: *usual* where nobody says."""
    return fields.Integer(
        load_default=usual,
        validate=validate.Range(min=1, max=most, error=f"must be from 1 to {most}"),
        metadata={"description": "How many at most."},
    )


class LeadPlace(Form):
    """Which lead."""

    lead_id = fields.UUID(required=True, metadata={"description": "The lead's `id`."})


class MatchPlace(Form):
    """Which match."""

    match_id = fields.UUID(required=True, metadata={"description": "The match's `match_id`."})


class Matching(Form):
    """How a lead is matched."""

    limit = limit(LIMIT, MOST)
    assign = fields.Boolean(load_default=False, metadata={"description": ASSIGN})
    reassign = fields.UUID(load_default=None, metadata={"description": REASSIGN})

    @validates_schema
    def on_purpose(self, data: dict[str, Any], **options: Any) -> None:
        """Raise ValidationError for another service for a lead that is given to none."""
        if data.get("reassign") and not data.get("assign"):
            raise ValidationError({"reassign": ["is only for assign"]})


class MatchesPage(Form):
    """Which matches of a lead."""

    limit = limit(SHOWN, MOST_SHOWN)
    ended = fields.Boolean(
        load_default=False,
        metadata={"description": "True: those too that are out of question by now, last."},
    )


class LeadsPage(Form):
    """Which leads of a service."""

    min_match_score = fields.Float(
        load_default=0.0,
        validate=validate.Range(min=0, max=100, error="must be from 0 to 100"),
        metadata={"description": "Leads that match at least so well, 0 to 100."},
    )
    location = Text(
        "Leads that are there: a region, a country, or a town as far as it reaches.",
        longest=200,
        examples=["California"],
    )
    radius_km = fields.Float(
        load_default=None,
        validate=validate.Range(
            *RADII_KM, error=f"must be from {RADII_KM[0]:g} to {RADII_KM[1]:g} km"
        ),
        metadata={"description": "How far around the town of `location`, in kilometres."},
    )
    industry = Text(
        "A trade in plain words or a NAICS code; with all that belongs to it.",
        longest=200,
        examples=["restaurants"],
    )
    limit = limit(USUAL_RANKED, MOST_RANKED)
    after = Text("`next_after` of the page before; absent, the first page.", longest=100)


class StatusChange(OfAccount):
    """What became of a match."""

    status = fields.String(
        required=True,
        validate=validate.OneOf(STATUSES, error=f"must be one of {', '.join(STATUSES)}"),
        metadata={"description": "What became of it.", "examples": ["contacted"]},
    )
    notes = Text("What there is to say of it; kept sealed.", longest=LONGEST_NOTES)


def notes(said: dict[str, Any]) -> str:
    """Return the notes of a change; empty without any."""
    return (said.get("notes") or "").strip()
