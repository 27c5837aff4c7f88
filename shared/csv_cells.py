"""Cells of a CSV file that is safe to open in a spreadsheet. Pure.

A spreadsheet takes a cell for a formula that begins with =, +, - or @, and a form's sender chooses
what a cell says (CSV injection: OWASP, https://owasp.org/www-community/attacks/CSV_Injection).
Such a cell gets an apostrophe in front, phone numbers too: +1-555-0100 would be worked out as a
sum. A spreadsheet that splits lines elsewhere than at our commas, as those of many countries do at
semicolons, begins cells in the midst of ours: a sign after one is taken care of in the same way.
"""

import csv
import io
import re
from collections.abc import Iterable

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫−"
"""What begins a formula; the wide and the small ones are read as the others in East Asia."""

_FORMULA = re.compile(
    r"\A(?=[\t\r\n])"
    r"|(?<![^;\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029])"
    rf"(?=[\s\"\x00-\x1f\x7f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"
    rf"[{re.escape(SIGNS)}])"
)
"""Where a formula would begin: at the start, or after what may end a cell or a line. What is not
seen, and what a reader strips, may stand before its sign."""


_SIGN = re.compile(rf"\A[\t\r\n]|[{re.escape(SIGNS)}]")
"""What a text must hold for that; most hold none, and are looked through in half the time."""


def defused(text: str) -> str:
    """Return *text* with an apostrophe wherever a spreadsheet would see a formula begin."""
    return _FORMULA.sub("'", text) if _SIGN.search(text) else text


def lines(rows: Iterable[Iterable[str]]) -> str:
    """Return *rows* as RFC 4180 writes them: commas, quotes where they must be, CR and LF."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue()
