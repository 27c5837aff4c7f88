"""Guessing which field each column of a file holds, and why we think so. Pure.

A heading that is known says it (`shared.columns`, `headings`). Where it says nothing, the first
rows may: what nearly all cells of a column are, it holds. What a tick in somebody's table means,
and what its keys are, is for its owner to say: `consent` and `id` are never guessed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.columns import FURTHER, KNOWN, TARGETS
from shared.labels import headings
from shared.lead_fields import OTHERS
from shared.normalize import address, email, phone
from shared.normalize.text import fold

FEWEST = 2
"""Cells that must say something before they tell what their column holds."""

SHARE = 0.8
"""Of a column's cells, those that must be of one kind: tables have notes and slips in them."""

LOOKED_AT = 100
"""Rows that are looked at."""

DIGITS = 7
"""The fewest of a telephone number; shorter ones are amounts, years, postal codes."""

_DATE = re.compile(r"\d{1,4}([-./])\d{1,2}\1\d{1,4}(?!\d)")
"""Eight digits with signs between them are a number to dial in some countries, too."""

Why = Literal["chosen", "heading", "values"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column, and what it is taken for."""

    heading: str
    field: str | None
    """One of TARGETS; None: it is not read."""
    why: Why | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """Columns that are taken for one field; the first one that says something counts."""

    field: str
    headings: tuple[str, ...]
    further: str | None
    """Where what the others say goes; None: nowhere."""


def columns(
    header: Sequence[str], rows: Sequence[Sequence[str]], chosen: Mapping[str, str], country: str
) -> list[Column]:
    """Return what each column of a table is taken for, by its first *rows*.

    *chosen* (headings to targets, an empty one for none) outranks all; *country* reads national
    telephone numbers.
    """
    by_heading = {fold(heading): target for heading, target in chosen.items()}
    found = []
    meant = headings.meant(header)
    for at, heading in enumerate(header):
        texts = [row[at].strip() for row in rows[:LOOKED_AT] if at < len(row) and row[at].strip()]
        field, why = _field(heading, meant.get(heading), texts, by_heading, country)
        found.append(Column(heading, field, why, tuple(texts[:EXAMPLES])))
    return found


def by_values(found: Sequence[Column]) -> dict[str, str]:
    """Return the fields that `KNOWN` does not say, to be kept with what the import's sender chose.

    A heading that stands there twice speaks for both columns, so of such nothing is kept that only
    cells say.
    """
    names = [fold(column.heading) for column in found]
    return {
        column.heading: column.field
        for column, name in zip(found, names, strict=True)
        if column.field
        and column.why != "chosen"
        and name.replace(" ", "") not in KNOWN
        and (column.why == "heading" or names.count(name) == 1)
    }


def clashes(found: Sequence[Column]) -> list[Clash]:
    """Return the fields that several columns are taken for."""
    by_field: dict[str, list[str]] = {}
    for column in found:
        if column.field and column.field not in OTHERS:
            by_field.setdefault(column.field, []).append(column.heading)
    return [
        Clash(field, tuple(headings), FURTHER.get(field))
        for field, headings in by_field.items()
        if len(headings) > 1
    ]


def problem(found: Sequence[Column]) -> str | None:
    """Return what keeps the table from being read as leads, in words."""
    reached = {"email", "phone", *OTHERS}
    if any(column.field in reached for column in found):
        return None
    return "No column is known to hold an email or a phone: name it in `columns`."


def _field(
    heading: str,
    meant: str | None,
    texts: Sequence[str],
    chosen: Mapping[str, str],
    country: str,
) -> tuple[str | None, Why | None]:
    known = KNOWN.get(fold(heading).replace(" ", "")) or _borne_out(meant, texts)
    named = chosen.get(fold(heading))
    if named is not None:
        guessed = None if fold(heading).replace(" ", "") in KNOWN else known
        if named != (guessed or (None if known else _looked_like(texts, country))):
            return (named, "chosen") if named in TARGETS else (None, "chosen")
    if known:
        return known, "heading"
    looked = _looked_like(texts, country)
    return looked, "values" if looked else None


def _borne_out(meant: str | None, texts: Sequence[str]) -> str | None:
    """Return the field that a heading means unless the cells below tell that it is about one."""
    sign = {"email": "@", "other_email": "@"}.get(meant or "")
    if sign and texts and 2 * sum(sign in text for text in texts) < len(texts):
        return None
    if meant in ("phone", "other_phone") and texts:
        dialled = [text for text in texts if sum(map(str.isdigit, text)) >= phone.MIN_DIGITS]
        return meant if 2 * len(dialled) >= len(texts) else None
    return meant


def _looked_like(texts: Sequence[str], country: str) -> str | None:
    """Return the field that nearly all *texts* of a column are by themselves."""
    if len(texts) < FEWEST:
        return None
    for field, is_one in KINDS.items():
        if sum(is_one(text, country) for text in texts) >= SHARE * len(texts):
            return field
    return None


def _mail(text: str, country: str) -> bool:
    return "@" in text and email.parse(text) is not None


def _number(text: str, country: str) -> bool:
    """True for what can only be dialled: an order's number is as long as a telephone's."""
    digits = sum(map(str.isdigit, text))
    written = text.startswith(("+", "(", "00", "tel:")) or any(sign in text for sign in " -./")
    if not DIGITS <= digits <= 15 or digits * 2 < len(text) or not written or _DATE.match(text):
        return False
    said = phone.parse(text, country, country)
    return said is not None and said.valid


def _country(text: str, country: str) -> bool:
    return not text.isdigit() and len(text) > 1 and address.country_code(text) is not None


def _site(text: str, country: str) -> bool:
    return text.lower().startswith(("http://", "https://", "www.")) and " " not in text


KINDS: Mapping[str, Callable[[str, str], bool]] = {
    "email": _mail,
    "phone": _number,
    "website": _site,
    "country": _country,
}
"""What cells are recognised by themselves, in the order in which they are tried."""

EXAMPLES = 3
"""Cells shown of each column."""
