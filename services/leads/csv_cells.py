"""Leads as the cells of a CSV file that is safe to open in a spreadsheet.

A spreadsheet takes a cell for a formula that begins with =, +, - or @, and a form's sender chooses
what a cell says (CSV injection: OWASP, https://owasp.org/www-community/attacks/CSV_Injection).
Such a cell gets an apostrophe in front, phone numbers too: +1-555-0100 would be worked out as a
sum. A spreadsheet that splits lines elsewhere than at our commas, as those of many countries do at
semicolons, begins cells in the midst of ours: a sign after one is taken care of in the same way.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫−"
"""What begins a formula; the wide and the small ones are read as the others in East Asia."""

BETWEEN_TAGS = "; "
"""Between the tags in their cell."""

_FORMULA = re.compile(
    r"\A(?=[\t\r\n])"
    r"|(?<![^;\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029])"
    rf"(?=[\s\"\x00-\x1f\x7f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"
    rf"[{re.escape(SIGNS)}])"
)
"""Where a formula would begin: at the start, or after what may end a cell or a line. What is not
seen, and what a reader strips, may stand before its sign."""


def defused(text: str) -> str:
    """Return *text* with an apostrophe wherever a spreadsheet would see a formula begin."""
    return _FORMULA.sub("'", text)


def row(lead: Mapping[str, Any]) -> list[str]:
    """Return the cells of a lead, as `lead_answer.lead` answers it; empty where it is silent."""
    return [defused(_text(read(lead))) for _, read in _COLUMNS]


def lines(rows: Iterable[Iterable[str]]) -> str:
    """Return *rows* as RFC 4180 writes them: commas, quotes where they must be, CR and LF."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue()


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return "" if value is None else str(value)


def _plain(name: str) -> Any:
    return name, lambda lead: lead[name]


def _of_place(column: str, name: str) -> Any:
    return column, lambda lead: lead["place"] and lead["place"][name]


def _coordinates(lead: Mapping[str, Any]) -> str | None:
    """Return where it is as RFC 5870 writes it: a cell that begins with -97.7 would be a sum."""
    place = lead["place"]
    return place and f"geo:{place['latitude']},{place['longitude']}"


_COLUMNS = (
    *map(_plain, ("id", "name", "first_name", "last_name", "company", "job_title", "email")),
    *map(_plain, ("phone", "website", "location", "city", "state", "postal_code", "country")),
    _of_place("place", "name"),
    _of_place("place_admin1", "admin1"),
    _of_place("place_country", "country"),
    ("coordinates", _coordinates),
    *map(_plain, ("industry", "industry_code", "company_size", "lead_category", "lead_type")),
    *map(_plain, ("source_id", "investigation_id", "status", "signal_strength", "intent_score")),
    _plain("assigned_to"),
    ("tags", lambda lead: BETWEEN_TAGS.join(lead["tags"])),
    *map(_plain, ("duplicate_of", "received_at", "submitted_at")),
)

HEADER = [column for column, _ in _COLUMNS]
"""The first line."""
