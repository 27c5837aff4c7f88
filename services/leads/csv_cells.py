"""Leads as the cells of a CSV file that is safe to open in a spreadsheet. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.csv_cells import defused, lines

__all__ = ["HEADER", "defused", "lines", "row"]

BETWEEN_TAGS = "; "
"""Between the tags in their cell."""


def row(lead: Mapping[str, Any]) -> list[str]:
    """Return the cells of a lead, as `lead_answer.lead` answers it; empty where it is silent."""
    return [defused(_text(read(lead))) for _, read in _COLUMNS]


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
    *map(_plain, ("loan_amount", "currency", "revenue", "founded_year")),
    *map(_plain, ("source_id", "investigation_id", "status", "signal_strength", "intent_score")),
    _plain("assigned_to"),
    ("tags", lambda lead: BETWEEN_TAGS.join(lead["tags"])),
    *map(_plain, ("duplicate_of", "received_at", "submitted_at")),
)

HEADER = [column for column, _ in _COLUMNS]
"""The first line."""
