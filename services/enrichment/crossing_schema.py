"""What callers ask of cross-referencing, and what they get back."""

from marshmallow import fields, validate

from services.enrichment.comparable import CROSSED
from services.enrichment.crossing import MOST_HITS
from services.enrichment.schema import EnrichedLead
from shared.answers import Stamped
from shared.fields import Form
from shared.web.auth import LONGEST_USER_ID

__all__ = ["CrossReference", "CrossReferenceAnswer", "EnrichedLead"]


def _text(meaning: str, **options: object) -> fields.String:
    return fields.String(required=True, metadata={"description": meaning}, **options)  # type: ignore[arg-type]


class CrossReference(Form):
    """Among which leads to look."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )
    investigation_id = fields.UUID(
        required=True,
        metadata={
            "description": "The investigation whose leads are compared.",
            "examples": ["0198c0de-0000-7000-8000-000000000001"],
        },
    )


class CrossShown(Form):
    """One value that was found of both leads."""

    lead_id = fields.UUID(required=True, metadata={"description": "The other lead."})
    how = _text("What both have in common.", validate=validate.OneOf(CROSSED))
    field = _text("The field of the finding of the lead that was asked about.")
    value = _text("What it says.")
    provider = _text("Who found it of this lead.")
    other_field = _text("The field in which it was found of the other lead.")
    other_provider = _text("Who found it of the other lead.")


class CrossReferenceAnswer(Stamped):
    """What was found of a lead and of others."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    lead_id = fields.UUID(required=True, metadata={"description": "The lead."})
    investigation_id = fields.UUID(
        required=True, metadata={"description": "The investigation that was looked through."}
    )
    count = fields.Integer(
        required=True, validate=validate.Range(min=0), metadata={"description": "How many follow."}
    )
    cross_references = fields.List(
        fields.Nested(CrossShown),
        required=True,
        validate=validate.Length(max=MOST_HITS),
        metadata={"description": "By the other lead; each value once."},
    )
    truncated = fields.Boolean(
        required=True, metadata={"description": "True if more have something in common."}
    )
