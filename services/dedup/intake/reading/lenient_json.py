"""JSON as senders write it: read where its meaning is plain, refused where it is not.

The API's own reader (`shared.web.json_body`) refuses what a caller can put right. A sender whose
lead is refused here cannot: it is lost. So of keys that come twice the first that says something
counts (a list of both would give one field two shapes, and adapters read the shape); numbers that
no 64 bits hold, and those that are none, are kept as the text they were; a line break within a
text is let pass.
"""

import json
import math
import re
from typing import Any

from services.dedup.intake.reading.charsets import storable
from shared.errors import Malformed

DEEPEST = 32
"""Levels of nesting; the deepest sender that is known has 7."""

MOST_FIELDS = 2000
"""Values and objects of one payload; a long real form has 100, each with ten properties."""

SMALLEST, LARGEST = -(2**63), 2**64 - 1
"""Whole numbers that stay numbers: what senders keep ids in."""

_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])|\0")
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def parsed(text: str) -> Any:
    """Return what the JSON *text* says. Raises Malformed; details tell a place, never content."""
    try:
        document = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno} (character {error.pos})"
        raise Malformed(details={"body": f"is not valid JSON at {place}"}) from None
    except RecursionError:
        raise _too_deep() from None
    few = text.count("{") + text.count("[") <= DEEPEST
    if few and text.count(",") + text.count(":") < MOST_FIELDS and not _SUSPECT.search(text):
        return document
    return _Bounded().clean(document, 1)


def surely(text: str) -> bool:
    """Return whether *text* begins as an object or a list does, and ends so."""
    bare = text.strip()
    return bare[:1] + bare[-1:] in ("{}", "[]")


class _Bounded:
    """One walk through a document that looked suspicious; counts the fields it meets."""

    def __init__(self) -> None:
        self.fields = 0

    def clean(self, value: Any, level: int) -> Any:
        """Return *value* without what cannot be stored. Raises Malformed beyond the bounds."""
        self.fields += 1
        if self.fields > MOST_FIELDS + 1:
            raise Malformed(details={"body": f"has more than {MOST_FIELDS} fields"})
        if isinstance(value, str):
            return storable(value)
        if not isinstance(value, (dict, list)):
            return value
        if level > DEEPEST:
            raise _too_deep()
        if isinstance(value, list):
            return [self.clean(item, level + 1) for item in value]
        return {storable(name): self.clean(item, level + 1) for name, item in value.items()}


def _too_deep() -> Malformed:
    return Malformed(details={"body": f"is nested deeper than {DEEPEST} levels"})


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole = dict(pairs)
    if len(whole) != len(pairs):
        for name, value in reversed(pairs):
            if value not in _EMPTY or whole[name] in _EMPTY:
                whole[name] = value
    return whole


def _whole(digits: str) -> Any:
    # 20 characters hold every 64-bit number with its sign; int() of 4,300 digits raises.
    number = int(digits) if len(digits) <= 20 else LARGEST + 1
    return number if SMALLEST <= number <= LARGEST else digits


def _real(digits: str) -> Any:
    number = float(digits)
    return number if math.isfinite(number) else digits


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_whole,
    parse_float=_real,
    parse_constant=lambda name: name,
    strict=False,
)
