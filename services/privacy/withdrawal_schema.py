"""What callers may say of withdrawals, and what they get back."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.privacy.identity_schema import Identifiers, OfOwnAccount
from shared.answers import Stamped
from shared.fields import Form, Text
from shared.privacy.purposes import PURPOSES, SYNONYMS, named

CHANNELS = ("form", "email", "phone", "letter", "in_person", "preference_centre", "other")
"""How somebody may say it."""

LONGEST_REASON = 2000
"""Characters, as of a reviewer's reason."""

MOST_WORDS = 200
"""Words of one person that are shown; most people say two."""

WORDS = tuple(sorted({*PURPOSES, *SYNONYMS}))

STATES = ("agreed", "withdrawn", "nothing_said")

KINDS = ("given", "withdrawn", "objected")


class Purposes(fields.List):
    """Purposes in our words, each once."""

    def __init__(self, meaning: str):
        super().__init__(
            fields.String(),
            allow_none=True,
            validate=validate.Length(max=len(WORDS), error=f"must list at most {len(WORDS)}"),
            metadata={"description": meaning, "examples": [["marketing"]]},
        )

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> list[Any]:
        sent = super()._deserialize(value, *context, **options)
        meant = list(dict.fromkeys(named(str(word)) for word in sent))
        if not meant or not PURPOSES.keys() >= set(meant):
            raise ValidationError(f"must be some of {', '.join(PURPOSES)}")
        return meant


class NewWithdrawal(OfOwnAccount):
    """What somebody takes back. Who: a lead, or what they are known by."""

    lead_id = fields.UUID(
        allow_none=True,
        metadata={"description": "A record of the person; all their records are meant."},
    )
    identifiers = fields.Nested(
        Identifiers,
        allow_none=True,
        metadata={"description": "In place of `lead_id`: everybody who gave one of these."},
    )
    purposes = Purposes("What they take back; absent: everything.")
    channel = fields.String(
        load_default="other",
        validate=validate.OneOf(CHANNELS, error=f"must be one of {', '.join(CHANNELS)}"),
        metadata={"description": f"How they said it: one of {', '.join(CHANNELS)}."},
    )
    reason = Text("Why, in words; kept encrypted.", longest=LONGEST_REASON)

    @validates_schema
    def names_one(self, data: dict[str, Any], **options: Any) -> None:
        """Raise ValidationError unless lead or identifiers are named, and not both."""
        if (data.get("lead_id") is None) == (data.get("identifiers") is None):
            raise ValidationError("names neither lead_id nor identifiers, or both")


def _moment(meaning: str) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, allow_none=True, metadata={"description": meaning})


def _text(meaning: str, **options: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": meaning}, **options)


def _purposes(meaning: str, **options: Any) -> fields.List:
    said = {"description": meaning, "examples": [["marketing"]]}
    return fields.List(fields.String(), required=True, metadata=said, **options)


class StoppedPurpose(Form):
    """Something that ended."""

    purpose = _text("The purpose that was taken back; `*`: all.")
    effect = _text("What ended with it, in a sentence.")


class WithdrawnAnswer(Stamped):
    """What a withdrawal came to."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    recorded = fields.Boolean(
        required=True,
        metadata={"description": "False if all of it had been said before: then nothing changed."},
    )
    purposes = _purposes("What was taken back.")
    people = fields.Integer(
        required=True,
        validate=validate.Range(min=0),
        metadata={"description": "How many people of the account it is about; 0: nobody known."},
    )
    lead_ids = fields.List(
        fields.UUID(),
        required=True,
        metadata={"description": "The lead that was named, or those that gave the address."},
    )
    addresses_kept = fields.Integer(
        required=True,
        validate=validate.Range(min=0),
        metadata={
            "description": "Addresses and numbers under whose keyed hashes it is kept: leads that "
            "come with them later have withdrawn, too, until their person agrees anew."
        },
    )
    stopped = fields.List(
        fields.Nested(StoppedPurpose),
        required=True,
        metadata={"description": "What ended, from this moment on."},
    )


class ConsentStanding(Form):
    """Where a person stands: what all their records say, the latest word."""

    state = _text(
        "`agreed`; `withdrawn`: all of it; `nothing_said`: no consent is known.",
        validate=validate.OneOf(STATES),
    )
    purposes = _purposes("What they agree to.")
    given_at = _moment("When they agreed; null where no consent stands.")
    text_version = _text("Which wording they agreed to.", allow_none=True)
    withdrawn_at = _moment("When they took all of it back.")
    taken_back = _purposes("What they took back since they agreed, by name.")
    objected_at = _moment("When they said that they want no mails.")


class ConsentWord(Form):
    """Something that a person said, or had written down."""

    kind = _text("`given`, `withdrawn` or `objected`.", validate=validate.OneOf(KINDS))
    at = _moment("When they said it.")
    recorded_at = _moment("When it came in; null where that is the same.")
    lead_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "The record it was said with; null: kept by an address."},
    )
    purposes = _purposes("Of what; null of a withdrawal: of everything.", allow_none=True)
    text_version = _text("Which wording.", allow_none=True)
    channel = _text("How they said it, where that is known.", allow_none=True)
    by = _text("Who wrote it down: an API key's prefix, or `local`.", allow_none=True)
    reason = _text("Why, in words.", allow_none=True)


class ConsentsAnswer(Stamped):
    """What a person agreed to, and took back."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    lead_id = fields.UUID(required=True, metadata={"description": "The lead that was named."})
    standing = fields.Nested(
        ConsentStanding, required=True, metadata={"description": "What counts now."}
    )
    history = fields.List(
        fields.Nested(ConsentWord),
        required=True,
        validate=validate.Length(max=MOST_WORDS),
        metadata={"description": "Their words, of all records of the person, the latest first."},
    )
