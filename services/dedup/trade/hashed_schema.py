"""What callers get back about digests of known leads."""

from marshmallow import fields, validate

from shared.answers import Stamped


class HashedAnswer(Stamped):
    """Whether known leads are found by digests."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    hashed_pings = fields.Boolean(required=True, metadata={"description": "True if it is on."})
    switched_on_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "Since when; null if it is off."},
    )
    switched_on_by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The prefix of the API key that switched it on, or `local`."},
    )
    complete_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When earlier leads could be found, too; null: not yet."},
    )
