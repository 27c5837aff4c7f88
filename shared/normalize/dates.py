"""Dates of birth as people write them; a date that could be two is none.

ISO 8601; day.month.year with dots (European usage); slashes and hyphens only where one part
cannot be a month, or both are equal; month names by CLDR (babel) in seven languages.
"""

import re
from datetime import date
from functools import cache

from shared.normalize.text import ascii_digits, clean, fold

MAX_INPUT = 64
"""Characters looked at."""

YEARS = range(1880, 2101)
"""Years taken for a birth; outside it is a slip. Whether it lies ahead is the caller's question."""

_ISO = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[T ][\d:.+\-Z ]*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EAST_ASIAN = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]?")
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})\.?")
_OPEN = re.compile(r"(\d{1,2}) ?[/\- ] ?(\d{1,2}) ?[/\- ] ?(\d{4})")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? (?:de |of )?([a-z]+) (?:de |del )?(\d{4})")
_MONTH_DAY = re.compile(r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)? (\d{4})")
_LOCALES = ("en", "de", "es", "fr", "it", "pt", "nl")


def date_of_birth(text: str) -> date | None:
    """Return the one date that *text* can mean, from 1880 to 2100, or None.

    `03/04/1990` is None: March or April. Two-digit years are None.
    """
    plain = ascii_digits(clean(text, MAX_INPUT))
    if not plain:
        return None
    for pattern in (_ISO, _COMPACT, _EAST_ASIAN):
        if found := pattern.fullmatch(plain):
            return _date(*found.groups())
    if found := _DOTTED.fullmatch(plain):
        return _date(*reversed(found.groups()))
    if found := _OPEN.fullmatch(plain):
        return _unambiguous(*found.groups())
    return _worded(fold(plain, MAX_INPUT))


def _unambiguous(first: str, second: str, year: str) -> date | None:
    either = {_date(year, first, second), _date(year, second, first)} - {None}
    return either.pop() if len(either) == 1 else None


def _worded(plain: str) -> date | None:
    if found := _DAY_MONTH.fullmatch(plain):
        day, month, year = found.groups()
    elif found := _MONTH_DAY.fullmatch(plain):
        month, day, year = found.groups()
    else:
        return None
    return _date(year, _months()[month], day) if month in _months() else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year in YEARS else None


@cache
def _months() -> dict[str, str]:
    """Return folded month name, whole or short -> number as text."""
    from babel import Locale

    found: dict[str, str] = {}
    for locale in _LOCALES:
        names = Locale.parse(locale).months["format"]
        for width in ("wide", "abbreviated"):
            for number, name in names[width].items():
                found.setdefault(fold(name), str(number))
    return found | {"sept": "9"}
