"""Key: what a caller tells two items apart by, written as one text that only equal keys share.

Pure. Compared exactly, unless the caller says how the value is read: `email`, `phone` or `text`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from shared.normalize import email, phone
from shared.normalize.text import fold

LONGEST_KEY = 2000
"""Characters of a key, of all its parts together."""

MOST_PARTS = 20
"""Parts of one key."""

MOST_DIGITS = 400
"""Of a number: JSON sets no limit, and the largest double has 309."""

MISSING = ("[object Object]", "undefined", "null", "NaN")
"""What JavaScript writes where an expression found nothing, or no text: every such item would be
the first one's double, and be lost."""


class Unreadable(ValueError):
    """This value is no key; its text says why, and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a caller sent as a key, and how it is read (a name of READINGS, or None: exactly)."""

    value: Any
    reading: str | None = None


def spelling(key: Key, country: str = "US") -> str:
    """Return the text that stands for *key*: equal for equal keys, and for no others.

    *country* (ISO 3166-1 alpha-2) is where a number without a country code is dialled. Raises
    Unreadable.
    """
    parts = _parts(key.value)
    if key.reading is None:
        return _written("list" if isinstance(key.value, list | tuple) else "one", parts)
    read = READINGS[key.reading](parts, country)
    return _written(key.reading, read)


def _parts(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        if not 1 <= len(value) <= MOST_PARTS:
            raise Unreadable(f"must list 1 to {MOST_PARTS} texts or numbers")
        parts = ["" if one is None else _text(one) for one in value]
    else:
        parts = [_text(value)]
    if sum(map(len, parts)) > LONGEST_KEY:
        raise Unreadable(f"must have 1 to {LONGEST_KEY} characters")
    if not any(part.strip() for part in parts):
        raise Unreadable("must not be empty")
    return parts


def _text(value: Any) -> str:
    """Return a text as it is, and a number as its digits: 42, 42.0 and "42" are one key."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Unreadable("must be a text, a number or a list of them")
    if isinstance(value, str):
        if value.strip() in MISSING:
            raise Unreadable("is what an expression leaves that found no value")
        return value
    return _digits(value)


def _digits(value: int | float) -> str:
    if isinstance(value, float) and not isfinite(value):
        raise Unreadable("must be a finite number")
    if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
        raise Unreadable(f"must have at most {MOST_DIGITS} digits")
    return str(int(value)) if value == int(value) else repr(value)


def _written(kind: str, parts: Sequence[str]) -> str:
    """Return *parts* with their lengths before them, so that no two lists are one text."""
    return "".join([kind, *(f"\x1f{len(part)}:{part}" for part in parts)])


def _email(parts: Sequence[str], country: str) -> list[str]:
    found = email.parse(_only(parts))
    if found is None:
        raise Unreadable("is not an email address")
    return [found.canonical]


def _phone(parts: Sequence[str], country: str) -> list[str]:
    found = phone.parse(_only(parts), default_country=country)
    if found is None:
        raise Unreadable("is not a phone number")
    return [found.e164]


def _folded(parts: Sequence[str], country: str) -> list[str]:
    read = [fold(part, LONGEST_KEY) for part in parts]
    if not any(read):
        raise Unreadable("holds no letters or digits to compare")
    return read


def _only(parts: Sequence[str]) -> str:
    if len(parts) > 1:
        raise Unreadable("must be one text where it is read as an address or a number")
    return parts[0]


READINGS: dict[str, Callable[[Sequence[str], str], list[str]]] = {
    "email": _email,
    "phone": _phone,
    "text": _folded,
}
"""How a key may be read, by the word for it."""
