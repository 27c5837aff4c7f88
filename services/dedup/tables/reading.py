"""From cells to what is compared: one spelling of each, a street in its parts.

A column of streets is two comparisons, its number and the rest, because a number that differs is
another house however alike the names are.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.dedup.tables.kinds import Kind
from shared.normalize import address, dates
from shared.normalize.text import ascii_digits, clean, fold

MAX_CELL = 256
"""Characters of a cell that are compared."""

_HOUSE = re.compile(r"(\d+[a-z]?) ")
_UNIT = re.compile(r" unit .*")


Cells = Sequence[Sequence[str | None]]
"""The cells of each column, None where empty."""


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that is compared of every row."""

    name: str
    kind: Kind
    values: tuple[str, ...]
    """In one spelling, by row; empty where the row says nothing."""


def read(columns: Sequence[str], kinds: Sequence[Kind], cells: Cells) -> list[Column]:
    """Return what can be compared of a table: as many of any cells of the same *kinds*."""
    found = []
    for name, kind, texts in zip(columns, kinds, cells, strict=True):
        if kind is Kind.STREET:
            found += _street(name, texts)
        else:
            values = tuple(_READ[kind](text[:MAX_CELL]) if text else "" for text in texts)
            found.append(Column(name, kind, values))
    return found


def _street(name: str, texts: Sequence[str | None]) -> list[Column]:
    numbers, rests = [], []
    for text in texts:
        plain = _UNIT.sub("", address.street(text[:MAX_CELL])) if text else ""
        house = _HOUSE.match(plain)
        numbers.append(house[1] if house else "")
        rests.append(plain[house.end() :] if house else plain)
    return [
        Column(f"{name}: number", Kind.NUMBER, tuple(numbers)),
        Column(name, Kind.STREET, tuple(rests)),
    ]


def _folded(text: str) -> str:
    """Return *text* folded, or, where nothing is left of it, as it stands."""
    return fold(text) or clean(text).casefold()


def _joined(text: str) -> str:
    return _folded(text).replace(" ", "")


def _phone(text: str) -> str:
    digits = "".join(filter(str.isdigit, ascii_digits(clean(text)))).lstrip("0")
    return digits or _joined(text)


def _date(text: str) -> str:
    """Return YYYYMMDD, or the digits as they stand where the date is not a real or a clear one."""
    found = dates.date_of_birth(text)
    return found.strftime("%Y%m%d") if found else _joined(text)


def _email(text: str) -> str:
    return "".join(clean(text).casefold().split())


_READ: dict[Kind, Callable[[str], str]] = {
    **dict.fromkeys(Kind, _folded),
    Kind.PHONE: _phone,
    Kind.DATE: _date,
    Kind.EMAIL: _email,
    Kind.CODE: _joined,
    Kind.NUMBER: _joined,
    Kind.POSTCODE: lambda text: address.postal_code(text) or _folded(text),
    Kind.LOCALITY: lambda text: address.city(text) or _folded(text),
}
