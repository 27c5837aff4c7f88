"""What callers may send of keys, and of scopes."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.seen.claim import DAYS, MOST_DAYS, MOST_HOLD_SECONDS
from services.seen.key import LONGEST_KEY, MOST_PARTS, READINGS
from shared.errors import Malformed
from shared.fields import Form, Switch
from shared.validation import loaded
from shared.web.auth import LONGEST_USER_ID

MOST_ITEMS = 1000
"""Keys of one batch."""

LONGEST_SCOPE = 128

LONGEST_ITEM_ID = 255
"""Characters of a caller's own name for an item of a batch."""

PAGE, LONGEST_PAGE = 100, 1000
"""Scopes in one answer: unless the caller asks for another number, and at most."""

EVERYTHING = "all_scopes"
"""The field that releases a key wherever it is."""


class ScopeName(fields.String):
    """A name within which keys are told apart."""

    def __init__(self, **options: Any):
        super().__init__(
            validate=validate.Length(
                min=1, max=LONGEST_SCOPE, error=f"must have 1 to {LONGEST_SCOPE} characters"
            ),
            metadata={
                "description": "What keys are told apart within: a workflow, a source. Never an "
                "item: an account may have 1,000. Name nobody in it.",
                "examples": ["crm-to-leadfly"],
            },
            **options,
        )

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, *context, **options)
        if not text.isprintable():
            raise ValidationError("must be one line without control characters")
        return text


class Days(fields.Integer):
    """Whole days; null is the usual number."""

    def __init__(self) -> None:
        super().__init__(
            strict=True,
            allow_none=True,
            validate=validate.Range(
                min=1, max=MOST_DAYS, error=f"must be from 1 to {MOST_DAYS} days"
            ),
            metadata={
                "description": f"How long the key counts, from when it was first seen; "
                f"absent or null, {DAYS} days."
            },
        )


class Seconds(fields.Integer):
    """Whole seconds of a hold; null is no hold."""

    def __init__(self) -> None:
        super().__init__(
            strict=True,
            allow_none=True,
            validate=validate.Range(
                min=1, max=MOST_HOLD_SECONDS, error=f"must be from 1 to {MOST_HOLD_SECONDS} seconds"
            ),
            metadata={
                "description": "Reserve the key for so long: unless it is confirmed until then, it "
                "is free again. Absent or null, it is seen at once."
            },
        )


class Sent(fields.Raw):
    """A key as it is sent; `services.seen.key` reads it."""

    def __init__(self) -> None:
        super().__init__(
            required=True,
            metadata={
                "description": "What is the same of two items that are the same: a text, a number "
                f'(42 and `"42"` are one key), or a list of up to {MOST_PARTS} of them, of '
                f"{LONGEST_KEY} characters in all.",
                "type": ["string", "number", "array"],
                "items": {"type": ["string", "number", "null"]},
                "maxItems": MOST_PARTS,
                "minLength": 1,
                "maxLength": LONGEST_KEY,
                "examples": ["order-4711"],
            },
        )


class Where(Form):
    """In which scope, and how keys are read."""

    scope = ScopeName(allow_none=True)
    normalize = fields.String(
        allow_none=True,
        validate=validate.OneOf(
            tuple(READINGS), error=f"must be one of {', '.join(READINGS)}, or absent"
        ),
        metadata={
            "description": "How the key is compared: `email` and `phone` as the duplicate check "
            "reads them, `text` whatever its case, accents and signs. Absent, exactly."
        },
    )


class Keeping(Where):
    """For how long a key counts."""

    ttl_days = Days()
    hold_seconds = Seconds()


class Settling(Where):
    """Which claim of a key."""

    claim_id = fields.UUID(
        allow_none=True, metadata={"description": "The `claim_id` that came with `kept`."}
    )


class OfAccount(Form):
    """A body that may name the account."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )


class Named(Form):
    """An item of a batch."""

    id = fields.Raw(
        allow_none=True,
        metadata={
            "description": "Your own name for it, a text or a whole number; answered as sent.",
            "type": ["string", "integer"],
            "maxLength": LONGEST_ITEM_ID,
            "examples": ["row-17"],
        },
    )


class KeySeen(Keeping):
    """A key, in its scope."""

    scope = ScopeName(required=True)
    key = Sent()


class KeyConfirmed(Settling):
    """A key whose item went through."""

    scope = ScopeName(required=True)
    key = Sent()
    claim_id = fields.UUID(
        required=True, metadata={"description": "The `claim_id` that came with `kept`."}
    )


class KeyReleased(Settling):
    """A key that is to be free again."""

    key = Sent()
    all_scopes = Switch("True: forget the key in every scope, as for a person who asks for it.")


class SeenRequest(KeySeen, OfAccount):
    """One key that came."""


class ConfirmRequest(KeyConfirmed, OfAccount):
    """One key whose item went through."""


class ReleaseRequest(KeyReleased, OfAccount):
    """One key that is to be free again."""


class SeenItem(Keeping, Named):
    """A key of a batch; what it does not say the batch does."""

    key = Sent()


class SettledItem(Settling, Named):
    """A key of a batch that is confirmed or released; what it does not say the batch does."""

    key = Sent()


class SeenBatch(Keeping, OfAccount):
    """Many keys of one account."""

    items = fields.List(
        fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(min=1, max=MOST_ITEMS, error=f"must list 1 to {MOST_ITEMS} items"),
        metadata={"description": "The keys, answered in this order."},
    )


class SettledBatch(Settling, OfAccount):
    """Many keys of one account that are confirmed or released."""

    items = fields.List(
        fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(min=1, max=MOST_ITEMS, error=f"must list 1 to {MOST_ITEMS} items"),
        metadata={"description": "The keys, answered in this order."},
    )


class ScopePage(Form):
    """Which scopes, and which part of their list."""

    scope = fields.String(
        validate=validate.Length(min=1, max=LONGEST_SCOPE),
        metadata={"description": "The scope of this name alone."},
    )
    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )


class ScopePlace(Form):
    """Which scope."""

    scope_id = fields.UUID(required=True, metadata={"description": "The scope's `id`."})


def item_name(data: Any) -> Any:
    """Return what a caller calls an item, if it is a name that may be said back; else None."""
    name = data.get("id") if isinstance(data, Mapping) else None
    if isinstance(name, str) and len(name) <= LONGEST_ITEM_ID:
        return name
    return name if isinstance(name, int) and not isinstance(name, bool) else None


def said(schema: Form, data: Any, batch: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an item of a batch says, and where it is silent what *batch* says.

    Raises Malformed.
    """
    if not isinstance(data, Mapping):
        raise Malformed(details={"item": "must be an object"})
    own: dict[str, Any] = loaded(schema, data)
    own = {name: value for name, value in own.items() if value is not None}
    inherited = {name: batch.get(name) for name in schema.fields if name not in ("id", "key")}
    return inherited | own
