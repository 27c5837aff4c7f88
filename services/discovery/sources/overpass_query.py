"""Questions in Overpass QL: which elements of the map have these tags, and can be reached. Pure.

Source: wiki.openstreetmap.org, "Overpass API/Overpass QL". Only elements with an address or number
are asked for: others could be no leads, and are not fetched to be thrown away.
"""

import re
from collections.abc import Iterable, Sequence

from services.discovery.criteria import Circle
from services.discovery.sources.map_tags import ANY_BUSINESS, Tag

SERVER_SECONDS = 25
"""What the server may take; its own default is 180."""

SERVER_BYTES = 64 * 1024 * 1024
"""Memory that the server may take; its own default is 512 MB."""

Box = tuple[float, float, float, float]
"""South, west, north and east, in degrees."""

_REACHABLE = '[~"^(contact:)?(phone|mobile|email)$"~"."]'


def question(area: Circle | Box, wanted: Sequence[Tag], keywords: Sequence[str], most: int) -> str:
    """Return what asks for at most *most* elements of *area*, ordered by kind and number.

    *wanted* are tags, any of which will do; *keywords* are looked for in names, any of them.
    """
    named = f'["name"~"{_either(map(_literal, keywords))}",i]' if keywords else '["name"]'
    place = _place(area)
    clauses = [f"nwr{one}{named}{_REACHABLE}{place};" for one in _filters(wanted, bool(keywords))]
    settings = f"[out:json][timeout:{SERVER_SECONDS}][maxsize:{SERVER_BYTES}]"
    return f"{settings};({''.join(clauses)});out tags center {most};"


def _filters(wanted: Sequence[Tag], named: bool) -> list[str]:
    """Return one filter a key for all single tags, and one for each tag of several pairs."""
    by_key: dict[str, list[str]] = {}
    found = []
    for tag in wanted:
        if len(tag) == 1:
            by_key.setdefault(tag[0][0], []).append(tag[0][1])
        else:
            found.append("".join(f"[{_quoted(key)}={_quoted(value)}]" for key, value in tag))
    if not wanted:
        return [""] if named else [f'["{key}"]' for key in ANY_BUSINESS]
    one_a_key = [
        f'[{_quoted(key)}~"^({_either(map(re.escape, values))})$"]'
        for key, values in by_key.items()
    ]
    return one_a_key + found


def _place(area: Circle | Box) -> str:
    if isinstance(area, Circle):
        metres = round(area.radius_km * 1000)
        return f"(around:{metres},{area.latitude:.6f},{area.longitude:.6f})"
    return "(" + ",".join(f"{degrees:.6f}" for degrees in area) + ")"


def _either(patterns: Iterable[str]) -> str:
    return "|".join(patterns)


def _literal(keyword: str) -> str:
    """Return a pattern (POSIX extended) for *keyword* as it stands; signs stand for anything."""
    kept = "".join(one if one.isalnum() or one == " " else "." for one in keyword.strip()[:100])
    return " +".join(kept.split()) or "."


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
