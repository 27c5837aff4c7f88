"""A row of a dropped file: what it says of somebody, and of where it comes from. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.columns import CONSENT, ID, SUBMITTED_AT, Columns, mapped
from shared.labels import headings
from shared.normalize.text import fold
from shared.privacy.purposes import LEAD_PROCESSING

LONGEST = 500
"""Characters of a licence, an attribution or an address of a page."""

ITS_OWN = {
    "licence": "licence",
    "license": "licence",
    "attribution": "attribution",
    "sourceurl": "url",
    "consentversion": "consent",
    "consenttextversion": "consent",
}
"""Headings of ours beside those of `shared.columns`, without spaces and signs: under which terms
the row may be used, what must be shown with it, where it can be seen, and which wording of a
consent text the person agreed to. A column `consent` is not read: a tick may mean anything."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands in a row."""

    columns: Columns
    own: Mapping[str, int]
    """Positions of ITS_OWN."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says; nothing empty among *fields*."""

    fields: Mapping[str, str]
    licence: str
    attribution: str
    url: str
    consent: Mapping[str, Any] | None


def columns(header: Sequence[str]) -> Layout:
    """Return where a table with this *header* says what. Raises Malformed if it reaches nobody."""
    own: dict[str, int] = {}
    for position, heading in enumerate(header):
        name = ITS_OWN.get(fold(heading).replace(" ", ""))
        if name:
            own.setdefault(name, position)
    return Layout(mapped(header, headings.meant(header)), own)


def read(layout: Layout, cells: Sequence[str]) -> Row:
    """Return what one row says."""
    said = layout.columns.read(cells)
    own = {name: cells[at].strip()[:LONGEST] for name, at in layout.own.items()}
    version = own.get("consent")
    consent = {"purposes": [LEAD_PROCESSING], "text_version": version} if version else None
    return Row(
        {name: text for name, text in said.items() if name not in BESIDE},
        own.get("licence", ""),
        own.get("attribution", ""),
        own.get("url", ""),
        consent,
    )


BESIDE = (SUBMITTED_AT, CONSENT, ID, "investigation_id")
"""Targets of columns that are none of the lead's own fields here."""
