"""What callers may say of API keys, and what they get back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from marshmallow import fields, post_load, validate

from shared.answers import Stamped
from shared.api_key import (
    INTAKE,
    KINDS,
    LONGEST_NAME,
    LONGEST_OVERLAP_HOURS,
    LONGEST_SOURCE_ID,
    MOST_ORIGINS,
    OVERLAP,
    SCOPES,
    SECRET,
    Wanted,
)
from shared.fields import Form
from shared.web.auth import LONGEST_USER_ID

PAGE, LONGEST_PAGE = 100, 1000
"""Keys in one answer: unless the caller asks for another number, and at most."""

LONGEST_DAYS = 3650
"""Ten years; a key without an end is honest about it."""

MADE_HERE = tuple(kind for kind in KINDS if kind != INTAKE)
"""Kinds that are asked for here; a source makes its own tokens."""


class Whole(fields.Integer):
    """A whole number; a text or a truth is none."""

    def __init__(self, meaning: str, least: int, most: int, **options: Any):
        super().__init__(
            strict=True,
            validate=validate.Range(min=least, max=most, error=f"must be from {least} to {most}"),
            metadata={"description": meaning},
            **options,
        )

    def _validated(self, value: Any) -> int:
        if isinstance(value, (str, bool)):
            raise self.make_error("invalid")
        return super()._validated(value)


class Asked(Form):
    """What every body here may say."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )


class NewKey(Asked):
    """A key to be made."""

    kind = fields.String(
        load_default=SECRET,
        validate=validate.OneOf(MADE_HERE, error=f"must be one of {', '.join(MADE_HERE)}"),
        metadata={
            "description": "`secret` for a server; `publishable` for a web page, which then only "
            "submits leads of its source; `signing` for a sender of webhooks, who signs with it."
        },
    )
    scopes = fields.List(
        fields.String(validate=validate.OneOf(SCOPES, error="is no scope of ours")),
        load_default=list,
        metadata={
            "description": "What it may do, at most what your own key may. A signing key has "
            "`read:leads` and `write:leads` at most, a publishable one has none.",
            "examples": [["write:leads"]],
        },
    )
    name = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_NAME),
        metadata={"description": "What it is for.", "examples": ["n8n, production"]},
    )
    expires_in_days = Whole(
        "Days until it ends; absent, it does not.",
        1,
        LONGEST_DAYS,
        load_default=None,
        allow_none=True,
    )
    source_id = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_SOURCE_ID),
        metadata={"description": "Of a publishable key: the source of all its leads."},
    )
    origins = fields.List(
        fields.String(),
        load_default=list,
        validate=validate.Length(max=MOST_ORIGINS, error=f"must list 1 to {MOST_ORIGINS} origins"),
        metadata={
            "description": "Of a publishable key: the web sites whose pages may use it, exactly as "
            "browsers send them.",
            "examples": [["https://www.example.com"]],
        },
    )

    @post_load
    def wanted(self, data: dict[str, Any], **options: Any) -> Wanted:
        """Return what is wanted; its kind decides what else is allowed (`api_key.checked`)."""
        days = data["expires_in_days"]
        return Wanted(
            kind=data["kind"],
            scopes=tuple(data["scopes"]),
            name=data["name"],
            expires_at=datetime.now(UTC) + timedelta(days=days) if days else None,
            source_id=data["source_id"],
            origins=frozenset(data["origins"]),
        )


class Rotation(Asked):
    """How a key is succeeded."""

    overlap_hours = Whole(
        "Hours for which the old key works on; never longer than it would have.",
        0,
        LONGEST_OVERLAP_HOURS,
        load_default=int(OVERLAP.total_seconds() // 3600),
    )


class KeyPlace(Form):
    """Which key."""

    prefix = fields.String(
        required=True, metadata={"description": "The 8 characters that name the key in lists."}
    )


class KeyPage(Form):
    """Which keys are asked for."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many keys at most."},
    )
    after = fields.String(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the newest come first."},
    )


class KeyShown(Form):
    """One key, without what opens anything."""

    prefix = fields.String(required=True, metadata={"description": "Names it; it is no secret."})
    kind = fields.String(
        required=True,
        validate=validate.OneOf(KINDS),
        metadata={
            "description": "What it is for: a server, a web page, a sender's signature, or "
            "(`intake`) the address of a source."
        },
    )
    name = fields.String(
        required=True, allow_none=True, metadata={"description": "What it is for, in your words."}
    )
    scopes = fields.List(
        fields.String(validate=validate.OneOf(SCOPES)),
        required=True,
        metadata={
            "description": "What it may do; publishable and intake keys submit leads without any."
        },
    )
    source_id = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The source of a publishable or intake key's leads."},
    )
    origins = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "The web sites whose pages may use a publishable key."},
    )
    usable = fields.Boolean(
        required=True, metadata={"description": "True if it was not revoked and has not expired."}
    )
    created_at = fields.AwareDateTime(
        required=True, metadata={"description": "When it was made: ISO 8601, UTC."}
    )
    expires_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When it ends; null: never."},
    )
    revoked_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When it was revoked; null if it was not."},
    )


class KeysAnswer(Stamped):
    """A page of keys, newest first."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = fields.Integer(required=True, metadata={"description": "Keys on this page."})
    keys = fields.List(
        fields.Nested(KeyShown), required=True, metadata={"description": "The keys."}
    )
    next_after = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What to send as `after` for the next page; null on the last."},
    )


class KeyAnswer(Stamped):
    """One key."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    key = fields.Nested(KeyShown, required=True, metadata={"description": "The key as it stands."})


class NewKeyAnswer(KeyAnswer):
    """A key just made."""

    shown_once = fields.String(
        required=True,
        metadata={
            "description": "The key itself, or what a signing key signs with. Keep it: we cannot "
            "show it again."
        },
    )
