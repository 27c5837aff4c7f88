"""Fields of what callers send: lenient where forms are, and each says what it means.

HTML forms and workflow tools send an empty text for what was left out, so null and the empty
text both mean that a field is silent. The *meaning* of a field, and JSON Schema's own keywords
beside it, go into the API description.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

LONGEST_TEXT = 500
"""Characters of a text, unless its field says otherwise."""

LONGEST_FIGURE = 200
"""Characters of a number with the words that people put around it."""

LONGEST_PERIOD_MS = 10**9
"""Milliseconds, about 12 days: a page may stay open over a holiday."""

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""No form was sent before; a year near 0 falls out of what Python and PostgreSQL share."""

CLOCK_SKEW = timedelta(minutes=10)
"""How far ahead of ours a caller's clock may run."""


class Form(Schema):
    """A schema that ignores what it does not know."""

    class Meta:
        unknown = EXCLUDE


class Text(fields.String):
    """Text of bounded length."""

    default_error_messages = {"invalid": "must be text"}  # noqa: RUF012 (marshmallow's own idiom)

    def __init__(
        self,
        meaning: str,
        longest: int = LONGEST_TEXT,
        data_key: str | None = None,
        **keywords: Any,
    ):
        super().__init__(
            data_key=data_key,
            validate=validate.Length(max=longest, error=f"must have at most {longest} characters"),
            allow_none=True,
            metadata={"description": meaning, **keywords},
        )


class Name(Text):
    """A name that somebody gave something; blanks around it are nobody's intention."""

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> Any:
        said = super()._deserialize(value, *context, **options)
        return said.strip() if isinstance(said, str) else said


class Figure(Text):
    """A number as people write it; one that comes as JSON's is kept as its digits."""

    def __init__(self, meaning: str, **keywords: Any):
        super().__init__(meaning, LONGEST_FIGURE, type=["string", "number"], **keywords)

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
            value = str(value) if isinstance(value, int) else f"{value:f}".rstrip("0").rstrip(".")
        return super()._deserialize(value, *context, **options)


class Moment(fields.AwareDateTime):
    """A time that has passed, in ISO 8601; UTC where it names no zone."""

    default_error_messages = {"invalid": "must be an ISO 8601 time"}  # noqa: RUF012 (as above)

    def __init__(self, meaning: str, data_key: str | None = None):
        super().__init__(
            data_key=data_key,
            default_timezone=UTC,
            allow_none=True,
            validate=_passed,
            metadata={
                "description": meaning,
                "examples": ["2026-03-01T09:30:00Z"],
                "anyOf": [{"format": "date-time"}, {"maxLength": 0}],
            },
        )

    def deserialize(self, value: Any, *context: Any, **options: Any) -> Any:
        """Return the time that *value* says, or None."""
        return super().deserialize(None if value == "" else value, *context, **options)


def _passed(at: datetime) -> None:
    if at < EARLIEST:
        raise ValidationError("lies before 1970")
    if at > datetime.now(UTC) + CLOCK_SKEW:
        raise ValidationError("lies in the future")


class Milliseconds(fields.Integer):
    """A duration; digits in a text are read too, for a form has nothing else."""

    default_error_messages = {  # noqa: RUF012 (as above)
        "invalid": "must be a whole number of milliseconds"
    }

    def __init__(self, meaning: str):
        super().__init__(
            allow_none=True,
            validate=validate.Range(
                min=0, max=LONGEST_PERIOD_MS, error=f"must be from 0 to {LONGEST_PERIOD_MS}"
            ),
            metadata={"description": meaning, "examples": [8400], "pattern": "^[0-9]*$"},
        )

    def deserialize(self, value: Any, *context: Any, **options: Any) -> Any:
        """Return the number that *value* says, or None."""
        return super().deserialize(None if value == "" else value, *context, **options)


class Switch(fields.Boolean):
    """True or false, and nothing that resembles it."""

    def __init__(self, meaning: str, required: bool = False):
        super().__init__(required=required, metadata={"description": meaning, "examples": [True]})

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Either(fields.Raw):
    """A value of one of several *shapes*, taken as it is: described here, read elsewhere."""

    def __init__(self, shapes: Sequence[type[Schema]], meaning: str = ""):
        super().__init__(metadata={"description": meaning} if meaning else {})
        self.shapes = tuple(shapes)
