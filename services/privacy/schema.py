"""What callers ask of the privacy desk, and what they get back; the API description shows both."""

from marshmallow import fields, validate

from services.privacy.erasure import LEAD, REACHES
from services.privacy.identity_schema import Identifiers, OfOwnAccount
from shared.answers import Stamped
from shared.fields import Form, Switch


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


class Objection(Form):
    """Whether an objection outlives an erasure."""

    keep_objection = fields.Boolean(
        load_default=True,
        metadata={
            "description": "False: what is kept of their objection or withdrawal by keyed hashes "
            "of their addresses is forgotten, too; they may then be written to when somebody "
            "brings the address again. Of a lead it needs `reach=person`."
        },
    )


class NewErasure(OfOwnAccount):
    """Whom to erase, by what they are known by: who gave all of it."""

    identifiers = fields.Nested(
        Identifiers, required=True, metadata={"description": "An address, a number or both."}
    )
    keep_objection = Switch(
        "False: what is kept of their objection or withdrawal by keyed hashes of these is "
        "forgotten, too. Absent: true."
    )


def _count(meaning: str) -> fields.Integer:
    return fields.Integer(
        required=True, validate=validate.Range(min=0), metadata={"description": meaning}
    )


FORGOTTEN = (
    "Objections and withdrawals that were kept by the person's addresses and numbers, and went."
)


class PersonErasedAnswer(Stamped):
    """What was erased of whoever gave an address."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    records_erased = _count("How many leads went; 0: nobody known gave it.")
    objections_forgotten = _count(FORGOTTEN)
    objections_kept = _count(
        "How many of the addresses and numbers that were named have an objection or a withdrawal "
        "that is kept by a keyed hash, so that it is heeded."
    )
    next_steps = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "What is left to do where we cannot reach, in sentences."},
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
    objections_forgotten = _count(FORGOTTEN)
    next_steps = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "What is left to do where we cannot reach, in sentences."},
    )
