"""Fields that several of the routes of alerts read: names, lists, times of day, priorities."""

from datetime import UTC
from typing import Any
from zoneinfo import available_timezones

from marshmallow import ValidationError, fields, validate

from services.alerts.rule import PRIORITIES
from shared.fields import Form
from shared.web.auth import LONGEST_USER_ID

PAGE, LONGEST_PAGE = 100, 1000
"""Rows in one answer: unless the caller asks for another number, and at most."""

LONGEST_NAME = 200
"""Characters; the tables say the same."""

LONGEST_NOTE = 2000
"""Characters, as of a reviewer's reason."""

MOST_VERSION = 2**31 - 1

CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"


class Whole(validate.Regexp):
    """A pattern that all of a text must match; `$` alone lets the end of a line pass."""

    def __call__(self, value: Any) -> Any:
        """Return *value*. Raises ValidationError if it does not match."""
        if not self.regex.fullmatch(value):
            raise ValidationError(self._format_error(value))
        return value


class OfAccount(Form):
    """A body that may name the account."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )


class Paging(Form):
    """Which part of a list."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )


class Named(fields.String):
    """A name of something: one line of 1 to LONGEST_NAME characters."""

    def __init__(self, meaning: str, example: str, longest: int = LONGEST_NAME, **options: Any):
        super().__init__(
            validate=validate.Length(
                min=1, max=longest, error=f"must have 1 to {longest} characters"
            ),
            metadata={"description": meaning, "examples": [example]},
            **options,
        )

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, *context, **options)
        text = text.strip()
        if not text.isprintable():
            raise ValidationError("must be one line without control characters")
        return text


class Texts(fields.List):
    """Texts, each once."""

    def __init__(
        self, meaning: str, of: fields.Field, most: int, example: list[Any], least: int = 0
    ):
        super().__init__(
            of,
            allow_none=True,
            validate=validate.Length(
                min=least or None, max=most, error=f"must list {least} to {most}"
            ),
            metadata={"description": meaning, "examples": [example]},
        )

    def deserialize(self, value: Any, *context: Any, **options: Any) -> Any:
        """Return the texts that *value* lists, once it is known to be short enough."""
        sent = super().deserialize(value, *context, **options)
        return list(dict.fromkeys(sent)) if isinstance(sent, list) else sent


class Zone(fields.String):
    """A name of the IANA time zone database."""

    def __init__(self, meaning: str):
        super().__init__(
            allow_none=True,
            validate=_zone,
            metadata={"description": meaning, "examples": ["Europe/Berlin"]},
        )


class Future(fields.AwareDateTime):
    """A time in ISO 8601, mostly one to come; UTC where it names no zone."""

    def __init__(self, meaning: str, required: bool = False):
        super().__init__(
            required=required,
            allow_none=not required,
            default_timezone=UTC,
            metadata={"description": meaning},
        )


def one_of(known: tuple[str, ...], meaning: str, **options: Any) -> fields.String:
    """Return a field for one of *known*."""
    return fields.String(
        validate=validate.OneOf(known, error=f"must be one of {', '.join(known)}"),
        metadata={"description": meaning},
        **options,
    )


def priority(meaning: str, **options: Any) -> fields.String:
    """Return a field for a priority."""
    return one_of(PRIORITIES, meaning, **options)


def clock(meaning: str, example: str, **options: Any) -> fields.String:
    """Return a field for a time of day."""
    return fields.String(
        validate=Whole(CLOCK, error=f"must be a time as {example}"),
        metadata={"description": meaning, "examples": [example]},
        **options,
    )


def whole(meaning: str, least: int, most: int, **options: Any) -> fields.Integer:
    """Return a field for a whole number from *least* to *most*."""
    return fields.Integer(
        strict=True,
        validate=validate.Range(min=least, max=most, error=f"must be from {least} to {most}"),
        metadata={"description": meaning},
        **options,
    )


def version_read() -> fields.Integer:
    """Return a field for the version that a caller has read."""
    return whole(
        "The version that you have read: if it is another by now, nothing is changed (409).",
        1,
        MOST_VERSION,
        allow_none=True,
    )


def _zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("is no time zone of IANA")
