"""What callers get back of keys and scopes; the API description shows it."""

from typing import Any

from marshmallow import fields, validate

from services.seen.claim import CONFIRMED, DISCARDED, KEPT, NOT_HELD, RELEASED
from shared.answers import Fault, Stamped
from shared.fields import Form


def _moment(meaning: str, **options: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, metadata={"description": meaning}, **options)


def _word(meaning: str, *known: str) -> fields.String:
    return fields.String(
        required=True, validate=validate.OneOf(known), metadata={"description": meaning}
    )


def _success() -> fields.Boolean:
    return fields.Boolean(required=True, validate=validate.Equal(True))


class Times(Form):
    """Since when a key counts, and until when."""

    first_seen_at = _moment("When the key came first.")
    expires_at = _moment("When it is forgotten; of a hold, if that is confirmed.")
    held_until = _moment(
        "When it is free again unless it is confirmed; null: it is no hold.", allow_none=True
    )


class SeenAnswer(Stamped, Times):
    """What becomes of a key that came."""

    success = _success()
    result = _word("`kept`: nobody brought it before; `discarded`: somebody did.", KEPT, DISCARDED)
    claim_id = fields.UUID(
        metadata={"description": "With `kept`: names the request that has the key now."}
    )


class ConfirmAnswer(Stamped, Times):
    """A hold that has ended well."""

    success = _success()
    result = _word("It counts as seen.", CONFIRMED)


class ReleaseAnswer(Stamped):
    """A key that is free."""

    success = _success()
    result = _word(
        "`released`: it comes again; `not_held`: there was nothing to release.", RELEASED, NOT_HELD
    )


class ItemResult(Form):
    """What came of one key of a batch: as of a single one, or its error."""

    id = fields.Raw(
        required=True,
        allow_none=True,
        metadata={
            "description": "The item's own `id`, or null.",
            "type": ["string", "integer"],
        },
    )
    success = fields.Boolean(required=True, metadata={"description": "False: see `error`."})
    result = fields.String(metadata={"description": "As of a single key."})
    first_seen_at = fields.AwareDateTime(metadata={"description": "As of a single key."})
    expires_at = fields.AwareDateTime(metadata={"description": "As of a single key."})
    held_until = fields.AwareDateTime(
        allow_none=True, metadata={"description": "As of a single key."}
    )
    claim_id = fields.UUID(metadata={"description": "With `kept`, as of a single key."})
    error = fields.Nested(Fault)


class BatchAnswer(Stamped):
    """What came of each key of a batch."""

    success = _success()
    results = fields.List(
        fields.Nested(ItemResult),
        required=True,
        metadata={"description": "One an item, in the order sent."},
    )


class ScopeShown(Form):
    """A scope."""

    id = fields.UUID(required=True, metadata={"description": "This scope."})
    scope = fields.String(required=True, metadata={"description": "Its name."})
    created_at = _moment("When its first key came.")


class ScopeCounted(ScopeShown):
    """A scope, and how much it holds."""

    keys = fields.Integer(
        required=True,
        validate=validate.Range(min=0),
        metadata={
            "description": "Keys in it: below 1,000 exactly, above that within some 3 %. Those "
            "that have just expired may be among them."
        },
    )
    keys_exact = fields.Boolean(
        required=True, metadata={"description": "False: `keys` is an estimate."}
    )


class ScopesAnswer(Stamped):
    """A page of scopes, oldest first."""

    success = _success()
    count = fields.Integer(required=True, metadata={"description": "Scopes on this page."})
    scopes = fields.List(
        fields.Nested(ScopeCounted), required=True, metadata={"description": "The scopes."}
    )
    next_after = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "What to send as `after` for the next page; null on the last."},
    )


class ScopeAnswer(Stamped):
    """A scope that was deleted."""

    success = _success()
    scope = fields.Nested(ScopeShown, required=True, metadata={"description": "As it was."})
