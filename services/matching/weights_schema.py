"""What callers may say of a service's weights."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.matching.catalogue_schema import OfAccount
from services.matching.weighing import MODES

DEFAULT = "default"
"""What a caller calls the usual weights."""

MOST_VERSION = 2**31 - 1
"""Of a column that is an integer."""


class Which(fields.Field):
    """The number of a set of weights, or `default`."""

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> int | str:
        if value == DEFAULT:
            return DEFAULT
        whole_number = isinstance(value, int) and not isinstance(value, bool)
        if not whole_number or not 1 <= value <= MOST_VERSION:
            raise ValidationError('must be the version of a set that was learned, or "default"')
        return int(value)


class WeightsChange(OfAccount):
    """Which weights hold, and what the worker may do by itself."""

    version = Which(
        metadata={
            "description": "The set to put in force, or `default` for the usual weights.",
            "type": ["integer", "string"],
            "examples": [1],
        }
    )
    learning = fields.String(
        validate=validate.OneOf(MODES, error=f"must be one of {', '.join(MODES)}"),
        metadata={
            "description": "What the worker does every night: nothing (`off`), learn (`propose`), "
            "or put in force what is better as well (`apply`)."
        },
    )

    @validates_schema
    def something(self, data: dict[str, Any], **options: Any) -> None:
        """Raise ValidationError where nothing is to change."""
        if not {"version", "learning"} & data.keys():
            raise ValidationError({"version": ["is required, or learning"]})


class Learning(OfAccount):
    """How to learn now."""

    apply = fields.Boolean(
        load_default=True,
        metadata={
            "description": "False: what is learned is stored and not put in force. True: it is put "
            "in force if it is better."
        },
    )


def wanted(said: Mapping[str, Any]) -> int | None:
    """Return the set that a change names; None: the usual weights."""
    return None if said["version"] == DEFAULT else int(said["version"])
