"""What callers may send of the sources that they set up, and what they get back."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from services.discovery.configured import MOST
from services.discovery.schema import DiscoveryOfAccount
from shared.answers import Stamped
from shared.fields import Form

LONGEST_NAME, LONGEST_TYPE = 200, 64

MOST_SETTINGS = 100
"""Names in a source's settings."""


class OneLineName(fields.String):
    """A name in one line, without blanks around it."""

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, *context, **options).strip()
        if not text.isprintable() or not 1 <= len(text) <= LONGEST_NAME:
            raise ValidationError(f"must be one line of 1 to {LONGEST_NAME} characters")
        return text


def _settings(meaning: str, **options: Any) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(),
        validate=validate.Length(max=MOST_SETTINGS, error=f"must name at most {MOST_SETTINGS}"),
        metadata={"description": meaning},
        **options,
    )


class DiscoverySourceChanged(DiscoveryOfAccount):
    """What is changed of a source; what is absent stays as it is."""

    name = OneLineName(metadata={"description": "What requests and answers call it."})
    settings = _settings(
        "As `GET /discovery-sources/types` describes those of its type, all of them: they are kept "
        "sealed. One that is sent back as it was answered hidden stays as it is.",
    )


class NewDiscoverySource(DiscoverySourceChanged):
    """A new source."""

    name = OneLineName(
        required=True, metadata={"description": "What requests and answers call it."}
    )
    type = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LONGEST_TYPE),
        metadata={"description": "Which kind of source.", "examples": ["own_leads"]},
    )


class DiscoverySourcePlace(Form):
    """Which source."""

    discovery_source_id = fields.UUID(required=True, metadata={"description": "The source's `id`."})


class DiscoverySourcePage(Form):
    """Which part of the sources."""

    limit = fields.Integer(
        load_default=MOST,
        validate=validate.Range(min=1, max=MOST, error=f"must be from 1 to {MOST}"),
        metadata={"description": "How many at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )


def _text(meaning: str) -> fields.String:
    return fields.String(required=True, metadata={"description": meaning})


def _moment(meaning: str) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, metadata={"description": meaning})


def _success() -> fields.Boolean:
    return fields.Boolean(required=True, validate=validate.Equal(True))


class DiscoverySourceShown(Form):
    """A source that the account has set up."""

    id = fields.UUID(required=True, metadata={"description": "This source."})
    name = _text("Its name.")
    type = _text("Which kind of source.")
    settings = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={
            "description": "Its settings; whatever may be a secret is `•••` and never answered."
        },
    )
    created_at = _moment("When it was set up.")
    created_by = _text("By whom: the prefix of an API key, or `local`.")
    changed_at = _moment("When it was changed last.")
    changed_by = _text("By whom.")


class DiscoverySourceAnswer(Stamped):
    """One source."""

    success = _success()
    source = fields.Nested(
        DiscoverySourceShown, required=True, metadata={"description": "As it stands."}
    )


class DiscoverySourcesAnswer(Stamped):
    """A page of sources, oldest first."""

    success = _success()
    count = fields.Integer(required=True, metadata={"description": "Sources on this page."})
    sources = fields.List(
        fields.Nested(DiscoverySourceShown),
        required=True,
        validate=validate.Length(max=MOST),
        metadata={"description": "The sources."},
    )
    next_after = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "What to send as `after` for the next page; null on the last."},
    )


class DiscoverySourceType(Form):
    """A kind of source."""

    type = _text("Its name in requests.")
    title = _text("What it is, for people.")
    builtin = fields.Boolean(
        required=True,
        metadata={"description": "True: it needs no settings, and is asked unless others are."},
    )
    licence = _text("Under which terms its finds are had; it stands at every lead of it.")
    attribution = _text("What must be shown wherever they are; may be empty.")
    limits = _text("What it keeps to.")
    settings = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "What each of its settings means, by its name."},
    )


class DiscoverySourceTypesAnswer(Stamped):
    """Every kind of source."""

    success = _success()
    types = fields.List(
        fields.Nested(DiscoverySourceType),
        required=True,
        validate=validate.Length(max=100),
        metadata={"description": "In the order in which they are asked."},
    )
