"""What a cell of a workbook says, as text: as a person would have typed it. Pure.

A workbook stores every number as a floating-point one and a date as days since 1900 or 1904;
what it is meant to be stands in the cell's number format (ECMA-376, part 1, 18.8.30 and 18.17.4).
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from math import isfinite
from typing import Literal, NamedTuple

SIGNIFICANT = 15
"""Digits of a number that a spreadsheet program shows; those beyond are rounding."""

LAST_DAY = 2_958_466
"""The day after 31 December 9999, counted from 1900."""

_FROM_1900, _FROM_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

_UNSAID = re.compile(r'"[^"]*"|\\.|_.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
"""What of a format is shown as it stands, or is a colour, a locale or a blank."""


class Format(NamedTuple):
    """What a number format makes of a number."""

    kind: Literal["number", "date", "duration"] = "number"
    digits: int = 0
    """As many are shown at least: 00000 is how people keep the zeros of a postal code."""


PLAIN = Format()


def format_of(code: str) -> Format:
    """Return what the number format *code* makes of a number."""
    shown = _UNSAID.sub("", code[:255].split(";")[0]).lower()
    if "[h" in shown or "[m" in shown or "[s" in shown:
        return Format("duration")
    if re.search("[dmyhs]", shown) and "general" not in shown:
        return Format("date")
    return Format(digits=len(shown)) if re.fullmatch("0{2,}", shown) else PLAIN


def number(text: str, format: Format = PLAIN, from_1904: bool = False) -> str:
    """Return the number *text* as a cell of that *format* shows it; other text as it is."""
    try:
        value = float(text)
    except ValueError:
        return text
    if not isfinite(value):
        return text
    if format.kind == "date" and 0 <= value < LAST_DAY - (1462 if from_1904 else 0):
        return _date(value, from_1904)
    if format.kind == "duration" and 0 <= value < LAST_DAY:
        return _duration(value)
    plain = _plain(text, value)
    return plain.zfill(format.digits) if plain.isdigit() else plain


def unescaped(text: str) -> str:
    """Return *text* with the characters that XML cannot say: `_x000D_` is one (22.4.2.4)."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: _character(found[1]) or found[0], text)


def _plain(text: str, value: float) -> str:
    if text.isascii() and text.isdigit():
        return text
    shown = f"{value:.{SIGNIFICANT}g}"
    return f"{Decimal(shown):f}" if "e" in shown else shown


def _date(value: float, from_1904: bool) -> str:
    """Return date, time, or both, as much as *value* says; days are whole, times its fraction."""
    seconds = timedelta(seconds=round(value % 1 * 86_400))
    if value < 1:
        return (datetime.min + seconds).time().isoformat()
    days = int(value)
    if not from_1904 and days < 60:
        days += 1  # 1900 was no leap year, and spreadsheets count its 29 February
    at = (_FROM_1904 if from_1904 else _FROM_1900) + timedelta(days) + seconds
    return at.isoformat() if at.time() != datetime.min.time() else at.date().isoformat()


def _duration(value: float) -> str:
    minutes, seconds = divmod(round(value * 86_400), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def _character(digits: str) -> str | None:
    code = int(digits, 16)
    return None if 0xD800 <= code < 0xE000 else chr(code)


BUILT_IN = dict.fromkeys(
    (*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)), Format("date")
) | {46: Format("duration")}
"""The formats that have a number and no code (18.8.30), where they are no plain numbers."""
