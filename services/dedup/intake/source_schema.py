"""What callers may say of sources.

A setting that does not exist is refused rather than ignored: whoever misspells `secret` must not
believe that posts are verified.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, post_load, pre_load, validate

from services.dedup.intake.detection import ADAPTERS
from services.dedup.intake.replies import PROFILES
from services.dedup.intake.source import (
    LONGEST_NAME,
    LONGEST_SECRET,
    MOST_MAPPED,
    MOST_PURPOSES,
    OTHER_ADAPTERS,
    TARGETS,
    Declared,
    adapter_called,
)
from services.dedup.policy_schema import Closed, PolicySettings
from services.dedup.schema import LONGEST_SOURCE_ID
from shared.api_key import LONGEST_OVERLAP_HOURS, OVERLAP
from shared.fields import LONGEST_TEXT, Form
from shared.privacy.purposes import LEAD_PROCESSING, PURPOSES
from shared.web.auth import LONGEST_USER_ID

PAGE, LONGEST_PAGE = 100, 1000
"""Sources in one answer: unless the caller asks for another number, and at most."""

OTHER_WORDS = {"reply_profile": "profile"}
"""What else a setting may be called, and what it is here."""

ALSO_CALLED = ", ".join(f"`{other}` is `{name}`" for other, name in OTHER_ADAPTERS.items())
"""Other words for senders, for the API description."""

LONGEST_TYPE = 200
"""Characters of a content type; a multipart boundary has 70."""


def _choice(words: tuple[str, ...], meaning: str) -> fields.String:
    return fields.String(
        allow_none=True,
        validate=validate.OneOf(words, error=f"must be one of {', '.join(words)}"),
        metadata={"description": meaning},
    )


def _secret(meaning: str) -> fields.String:
    return fields.String(
        allow_none=True,
        validate=validate.Length(
            min=1, max=LONGEST_SECRET, error=f"must have 1 to {LONGEST_SECRET} characters"
        ),
        metadata={
            "description": f"{meaning} Kept sealed and never shown; null removes it.",
            "writeOnly": True,
        },
    )


def _field_map() -> fields.Dict:
    longest = f"must have 1 to {LONGEST_NAME} characters"
    return fields.Dict(
        keys=fields.String(validate=validate.Length(min=1, max=LONGEST_NAME, error=longest)),
        values=fields.String(
            validate=validate.OneOf(TARGETS, error=f"must be one of {', '.join(TARGETS)}")
        ),
        validate=validate.Length(max=MOST_MAPPED, error=f"must have at most {MOST_MAPPED} entries"),
        metadata={
            "description": "By what the sender calls a field (its label, or its id), the field of "
            "a lead that it is, or `ignore`. It stands over whatever we would make of it.",
            "examples": [{"Ihre Firma": "company", "field_12": "ignore"}],
        },
    )


class OfAccount(Closed):
    """A body that may name the account."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )


class DeclaredConsent(Closed):
    """The consent that the sender's form asks for."""

    purposes = fields.List(
        fields.String(validate=validate.Length(min=1, max=100)),
        required=True,
        validate=validate.Length(
            min=1, max=MOST_PURPOSES, error=f"must list 1 to {MOST_PURPOSES} purposes"
        ),
        metadata={
            "description": f"What people agree to. Ours are {', '.join(PURPOSES)}; others are kept "
            "as a document.",
            "examples": [[LEAD_PROCESSING]],
        },
    )
    text_version = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=LONGEST_TEXT),
        metadata={"description": "Which wording the form shows.", "examples": ["2026-01"]},
    )
    field = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_NAME),
        metadata={
            "description": "What the sender calls the box to tick: only a lead that has it ticked "
            "has agreed. Without it every lead has: then nobody can send the form without "
            "agreeing, and that is yours to show.",
        },
    )

    @post_load
    def declared(self, data: dict[str, Any], **options: Any) -> Declared:
        """Return it as the source has it."""
        return Declared(tuple(data["purposes"]), data["text_version"], data["field"])


class SourceChange(OfAccount):
    """What is to be otherwise; what is left out stays as it is."""

    adapter = _choice(
        ADAPTERS,
        f"Whose posts these are; null: it is seen by each. A secret needs one. {ALSO_CALLED}.",
    )
    profile = _choice(
        PROFILES,
        "In whose words posts are answered; null: as fits their sender. May be called "
        "`reply_profile` as well.",
    )
    secret = _secret(
        "What the sender's signatures are made with, or the key that stands in its posts: one "
        "that does not fit is refused."
    )
    verify_token = _secret("What the sender's handshake asks for.")
    access_token = _secret("What leads are fetched with that the sender only announces.")
    field_map = _field_map()
    country = fields.String(
        allow_none=True,
        validate=validate.Regexp("^[A-Z]{2}$", error="must be two capital letters, such as US"),
        metadata={
            "description": "ISO 3166-1 alpha-2; numbers without a country code are read as its "
            "own. null: the installation's.",
            "examples": ["DE"],
        },
    )
    consent = fields.Nested(
        DeclaredConsent,
        allow_none=True,
        metadata={"description": "null: nobody has agreed, unless the lead itself says so."},
    )

    @pre_load
    def in_our_words(self, data: Any, **options: Any) -> Any:
        """Return *data* with its settings and its adapter called as they are here."""
        if not isinstance(data, Mapping):
            return data
        named = {
            name if (name := OTHER_WORDS.get(key, key)) not in data else key: value
            for key, value in data.items()
        }
        if isinstance(adapter := named.get("adapter"), str):
            named["adapter"] = adapter_called(adapter)
        return named


class NewSource(SourceChange):
    """A new source."""

    source_id = fields.String(
        required=True,
        validate=validate.Length(
            min=1, max=LONGEST_SOURCE_ID, error=f"must have 1 to {LONGEST_SOURCE_ID} characters"
        ),
        metadata={
            "description": "What its leads name as their source, without a slash; it cannot be "
            "changed.",
            "examples": ["typeform-contact"],
        },
    )
    policy = fields.Nested(
        PolicySettings,
        allow_none=True,
        metadata={
            "description": "How its leads are decided, as by PUT …/policies/{source_id}; absent, "
            "what is set there stands."
        },
    )


class Rotation(OfAccount):
    """How a token is succeeded."""

    overlap_hours = fields.Integer(
        strict=True,
        load_default=int(OVERLAP.total_seconds() // 3600),
        validate=validate.Range(
            min=0, max=LONGEST_OVERLAP_HOURS, error=f"must be from 0 to {LONGEST_OVERLAP_HOURS}"
        ),
        metadata={"description": "Hours for which the tokens before it work on."},
    )


class Sample(OfAccount):
    """A payload to be looked at."""

    sample = fields.Raw(
        required=True,
        metadata={
            "description": "What the sender posts: any JSON, or the whole body as a text.",
            "examples": [{"email": "ada@analytical.example", "Full name": "Ada Lovelace"}],
        },
    )
    content_type = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_TYPE),
        metadata={
            "description": "Of a text: its content type. Absent, it is seen.",
            "examples": ["application/x-www-form-urlencoded"],
        },
    )
    adapter = _choice(
        ADAPTERS,
        f"Read it as this sender's; absent, as the source's or as seen. {ALSO_CALLED}.",
    )
    field_map = _field_map()

    @pre_load
    def in_our_words(self, data: Any, **options: Any) -> Any:
        """Return *data* with its adapter called as it is here."""
        if isinstance(data, Mapping) and isinstance(adapter := data.get("adapter"), str):
            return {**data, "adapter": adapter_called(adapter)}
        return data


class SourcePlace(Form):
    """Which source."""

    source_id = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LONGEST_SOURCE_ID),
        metadata={
            "description": "The source, as its leads name it.",
            "pattern": "^[^/\\x00]+$",
        },
    )


class SourcePage(Form):
    """Which sources are asked for."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many sources at most."},
    )
    after = fields.String(
        load_default="",
        validate=(
            validate.Length(min=1, max=LONGEST_SOURCE_ID),
            validate.ContainsNoneOf("\0", error="must be text"),
        ),
        metadata={"description": "`next_after` of the page before; absent, the first come first."},
    )
