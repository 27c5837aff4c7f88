"""What callers ask of the privacy desk, and what they get back; the API description shows both."""

from marshmallow import fields, validate

from services.privacy.erasure import LEAD, REACHES
from shared.answers import Stamped
from shared.fields import Form


class LeadPlace(Form):
    """Where one lead is found."""

    lead_id = fields.UUID(
        required=True, metadata={"description": "The `lead_id` of a check's answer."}
    )


class Reach(Form):
    """How far an erasure reaches."""

    reach = fields.String(
        load_default=LEAD,
        validate=validate.OneOf(REACHES, error=f"must be one of {', '.join(REACHES)}"),
        metadata={
            "description": "`lead` erases this record; `person` every record of the person it is "
            "about."
        },
    )


class ErasedAnswer(Stamped):
    """What was erased."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    lead_id = fields.UUID(required=True, metadata={"description": "The lead that was named."})
    reach = fields.String(
        required=True,
        validate=validate.OneOf(REACHES),
        metadata={"description": "How far it reached."},
    )
    records_erased = fields.Integer(
        required=True,
        validate=validate.Range(min=1),
        metadata={"description": "How many leads went, each with all that hung on it."},
    )
    records_remaining = fields.Integer(
        required=True,
        validate=validate.Range(min=0),
        metadata={"description": "How many leads are still about this person."},
    )
    next_steps = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "What is left to do where we cannot reach, in sentences."},
    )
