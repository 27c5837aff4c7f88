"""How a list of an API goes on: by page, by offset, by cursor, or by a Link header. Pure.

Source of the last: RFC 8288, `rel="next"`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.discovery.sources.json_path import Path

KINDS = ("none", "page", "offset", "cursor", "link")

LONGEST_CURSOR = 1000
"""Characters."""

_LINK = re.compile(r"<([^<>]{1,2000})>([^<>]{0,500})")
_NEXT = re.compile(
    r"""(?i);\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next)(?=\s*(?:[;,]|$))"""
)


@dataclass(frozen=True, slots=True)
class Paging:
    """How an account says that the list goes on."""

    kind: str = "none"
    first: int = 1
    """Number of the first page, or the first offset."""
    size: int = 100
    """Elements of a page: the `{limit}`."""
    cursor: Path = field(default_factory=lambda: Path(()))
    """Where an answer has the next cursor."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the list a request stands."""

    number: int
    """Page or offset."""
    cursor: str = ""
    link: str = ""
    """The address to ask, where the answer before named it."""

    def values(self, paging: Paging) -> dict[str, str]:
        """Return what stands in the places of a template."""
        number = str(self.number)
        return {"page": number, "offset": number, "limit": str(paging.size), "cursor": self.cursor}


def first(paging: Paging) -> Place:
    """Return where the list begins."""
    return Place(paging.first)


def following(
    paging: Paging, at: Place, count: int, document: Any, headers: Mapping[str, str]
) -> Place | None:
    """Return where the list goes on after an answer with *count* elements; None at its end."""
    if paging.kind == "link":
        link = next_link(headers.get("link", ""))
        return Place(at.number + 1, link=link) if link else None
    if paging.kind == "cursor":
        cursor = paging.cursor.text(document)
        fit = cursor and len(cursor) <= LONGEST_CURSOR
        return Place(at.number + 1, cursor) if fit else None
    if paging.kind == "none" or not count:
        return None
    return Place(at.number + (count if paging.kind == "offset" else 1))


def next_link(header: str) -> str:
    """Return the address of `rel="next"` in a Link header; empty if there is none."""
    return next((url for url, rest in _LINK.findall(header[:8000]) if _NEXT.search(rest)), "")
