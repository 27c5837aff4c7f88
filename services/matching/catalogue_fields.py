"""Fields of a service, as callers say them: words, money, places, hours."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

import orjson
from babel.numbers import list_currencies
from marshmallow import ValidationError, fields, validate, validates_schema

from services.matching.definition import NATIONWIDE
from services.matching.service import LONGEST_RADIUS_KM, REQUIREMENTS
from shared.fields import Form

LONGEST_WORD = 64
"""Characters of a type, a category or a need."""

LONGEST_PLACE = 200
"""Characters; no name is longer."""

MOST_BYTES = 20_000
"""JSON of one object that is kept as it is."""

MOST_MONEY = 1e13
"""Units of a currency: up to here a number of JSON is exact to the hundredth."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"


class Word(fields.String):
    """A short text in one spelling: `Financial Service` is financial_service."""

    def __init__(self, meaning: str, example: str, **options: Any):
        super().__init__(
            validate=validate.Length(
                min=1, max=LONGEST_WORD, error=f"must have 1 to {LONGEST_WORD} characters"
            ),
            metadata={"description": meaning, "examples": [example]},
            **options,
        )

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, *context, **options)
        return "_".join(text.lower().replace("-", " ").split())


class Money(fields.Float):
    """An amount of money, 0 or more."""

    def __init__(self, meaning: str):
        super().__init__(
            allow_none=True,
            validate=validate.Range(min=0, max=MOST_MONEY, error=f"must be 0 to {MOST_MONEY:.0f}"),
            metadata={"description": meaning, "examples": [50000]},
        )


class Free(fields.Dict):
    """An object of the owner's own."""

    def __init__(self, meaning: str, example: Mapping[str, Any], **options: Any):
        super().__init__(
            keys=fields.String(),
            metadata={"description": meaning, "examples": [dict(example)]},
            **options,
        )

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> dict[str, Any]:
        found: dict[str, Any] = super()._deserialize(value, *context, **options)
        if len(orjson.dumps(found)) > MOST_BYTES:
            raise ValidationError(f"must have at most {MOST_BYTES} bytes")
        return found


class Requirements(Free):
    """What is asked of a lead; REQUIREMENTS are numbers."""

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> dict[str, Any]:
        found = super()._deserialize(value, *context, **options)
        wrong = ["must be a number of 0 or more"]
        faults = {name: wrong for name in REQUIREMENTS if _bad(found, name)}
        if faults:
            raise ValidationError(faults)
        return found


def _bad(found: Mapping[str, Any], name: str) -> bool:
    value = found.get(name)
    return value is not None and (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not 0 <= value <= MOST_MONEY
    )


class Currency(fields.String):
    """A currency by its ISO 4217 code; an empty text says nothing."""

    def __init__(self) -> None:
        super().__init__(
            allow_none=True,
            metadata={
                "description": "ISO 4217, of all amounts; USD where none is named. Null beside "
                "amounts is refused.",
                "examples": ["USD"],
            },
        )

    def deserialize(self, value: Any, *context: Any, **options: Any) -> Any:
        """Return the code that *value* says, or None."""
        sent = super().deserialize(value, *context, **options)
        code = sent.strip().upper() if isinstance(sent, str) else sent
        if isinstance(code, str) and code and code not in list_currencies():
            raise ValidationError("is no currency of ISO 4217")
        return None if code == "" else code


class Listed(fields.List):
    """Texts, each once."""

    def __init__(self, meaning: str, of: fields.Field, most: int, example: list[Any], **more: Any):
        super().__init__(
            of,
            validate=validate.Length(max=most, error=f"must list at most {most}"),
            metadata={"description": meaning, "examples": [example]},
            **more,
        )

    def deserialize(self, value: Any, *context: Any, **options: Any) -> Any:
        """Return the texts that *value* lists, once it is known to be short enough."""
        sent = super().deserialize(value, *context, **options)
        if not isinstance(sent, list):
            return sent
        return [one for number, one in enumerate(sent) if one not in sent[:number]]


class PlaceServed(Form):
    """A place that is served, or a whole country."""

    place = fields.String(
        validate=validate.Length(min=1, max=LONGEST_PLACE), metadata={"description": "Where."}
    )
    radius_km = fields.Float(
        allow_none=True,
        validate=validate.Range(
            min=0,
            max=LONGEST_RADIUS_KM,
            min_inclusive=False,
            error=f"must be above 0 and at most {LONGEST_RADIUS_KM:.0f} km",
        ),
        metadata={"description": "How far around it, in kilometres."},
    )
    nationwide = fields.Boolean(metadata={"description": "All of `country`."})
    country = fields.String(
        validate=validate.Length(min=2, max=LONGEST_PLACE),
        metadata={"description": "Of `nationwide`; absent, the installation's."},
    )

    @validates_schema
    def of_something(self, data: dict[str, Any], **options: Any) -> None:
        """Raise ValidationError unless a place or a country is meant."""
        if data.get("place") and data.get("nationwide"):
            raise ValidationError({"place": ["is not for nationwide"]})
        if not data.get("place") and not data.get("nationwide") and not data.get("country"):
            where = "radius_km" if data.get("radius_km") is not None else "place"
            what = "is around no place" if where == "radius_km" else "is required, or nationwide"
            raise ValidationError({where: [what]})


class Location(fields.Field):
    """One of `target_locations`: a text, or an object as PlaceServed has it."""

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> dict[str, Any]:
        if isinstance(value, str):
            text = value.strip()
            if not 1 <= len(text) <= LONGEST_PLACE:
                raise ValidationError(f"must have 1 to {LONGEST_PLACE} characters")
            return {"nationwide": True} if text.lower() == NATIONWIDE else {"place": text}
        if not isinstance(value, Mapping):
            raise ValidationError("must be a text or an object")
        found: dict[str, Any] = _PLACE.load(value)
        if found.get("place"):
            return _said(place=found["place"], radius_km=found.get("radius_km"))
        return _said(
            nationwide=True, country=found.get("country"), radius_km=found.get("radius_km")
        )


def _said(**parts: Any) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if part is not None}


def _clock(meaning: str, example: str) -> fields.String:
    return fields.String(
        validate=validate.Regexp(CLOCK, error=f"must be a time as {example}"),
        metadata={"description": meaning, "examples": [example]},
    )


_Clock: Any = Form.from_dict(
    {"from": _clock("When it begins.", "09:00"), "to": _clock("When it ends.", "17:30")}
)
"""`from` is no name that a class may have."""


class Hours(_Clock):
    """When a provider works; before `from`, `to` is on the next day."""

    timezone = fields.String(metadata={"description": "IANA.", "examples": ["America/Chicago"]})
    days = fields.List(
        fields.String(validate=validate.OneOf(WEEKDAYS)),
        metadata={"description": "mon to sun; absent, all."},
    )

    @validates_schema
    def somewhere(self, data: dict[str, Any], **options: Any) -> None:
        """Raise ValidationError for a time zone that is none."""
        if "timezone" in data and data["timezone"] not in _zones():
            raise ValidationError({"timezone": ["is no time zone of IANA"]})


@cache
def _zones() -> frozenset[str]:
    """Return the time zones of IANA; it reads the whole folder, where other files lie, too."""
    return frozenset(available_timezones()) - {"localtime", "Factory"}


_PLACE = PlaceServed()
