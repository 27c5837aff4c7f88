"""Coordinates as people and maps write them: 40.7128,-74.0060, 40°42′46″N 74°00′22″W, geo:40.7,-74.

Well-known text (POINT, OGC 06-103r4) has the longitude first, geo URIs (RFC 5870), ISO 6709 and
the addresses of map sites the latitude.
"""

import re
from collections.abc import Iterator

from shared.normalize.text import ascii_digits, clean

MAX_TEXT = 200
"""Characters looked at; the address of a map has some 120, a pair in seconds 40."""

MAX_PAIR = 80

_SIGNS = str.maketrans("\u2212\u2013\u2032\u2019\u2033\u201d\u00ba\u02da", "--''\"\"°°")
_SIDE = r"[NSEWO]"
_DECIMAL = r"[-+]?\d{1,3}(?:\.\d{1,15})?"
_COMMA = r"[-+]?\d{1,3},\d{1,15}\s*°?"
_DEGREES = (
    r"[-+]?\d{1,3}(?:\.\d{1,15})?\s*°\s*(?:\d{1,2}(?:\.\d{1,15})?\s*'\s*)?"
    r"(?:\d{1,2}(?:\.\d{1,15})?\s*(?:\"|'')\s*)?"
)
_SPACED = r"\d{1,3}\s\d{1,2}(?:\.\d{1,15}|\s\d{1,2}(?:\.\d{1,15})?)?"


def _pairs(value: str, between: str, bare: bool = True) -> Iterator[re.Pattern[str]]:
    """Yield the patterns of two values with the side before each, behind each, or none."""
    yield re.compile(rf"({_SIDE}\s*{value})(?:{between}|\s*)({_SIDE}\s*{value})")
    yield re.compile(rf"({value}\s*{_SIDE})(?:{between}|\s*)({value}\s*{_SIDE})")
    if bare:
        yield re.compile(rf"({value})(?:{between})({value})")


_PATTERNS = (
    *_pairs(_COMMA, r"\s*[;|/]\s*|,\s+|\s+"),
    *_pairs(_DEGREES, r"\s*[,;/|]?\s*"),
    *_pairs(_DECIMAL, r"\s*[,;/|]\s*|\s+"),
    *_pairs(_SPACED, r"\s*[,;/|]\s*|\s+", bare=False),
    re.compile(r"([-+]\d{1,2}(?:\.\d{1,15})?)([-+]\d{1,3}(?:\.\d{1,15})?)/?"),
)
_POINT = re.compile(
    rf"(?i)(?:SRID=4326;\s*)?POINT\s*Z?\s*\(\s*({_DECIMAL})\s+({_DECIMAL})(?:\s+{_DECIMAL})?\s*\)"
)
_URI = re.compile(rf"(?i)geo:\s*({_DECIMAL}),\s*({_DECIMAL})(?:,{_DECIMAL})?(?:[;?].*)?")
_IN_ADDRESS = re.compile(
    r"(?:@|[?&](?:q|ll|query|center|daddr|destination)=(?:loc:)?|#map=\d+/|!3d)"
    r"([-+]?\d{1,3}\.\d{1,15})(?:,\s?|%2C|/|!4d)([-+]?\d{1,3}\.\d{1,15})(?!\d)"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LEAD = re.compile(r"(?i)^(?:gps|coord(?:inate)?s?|location|(?:lat(?:itude)?))\b[:= ]*\s*")
_BETWEEN = re.compile(r"(?i)[,; ]*\b(?:lon|lng|long|longitude)\b[:= ]*")
_PARTS_OF_A_DEGREE = (1, 60, 3600)


def coordinates(text: str) -> tuple[float, float] | None:
    """Return latitude and longitude in degrees, None where *text* is no pair of them.

    Decimal or with minutes and seconds, signs or N, S, E (O in German) and W, latitude first
    unless the letters or the notation say otherwise. Two whole numbers need letters, or a comma or
    semicolon between them.
    """
    found = pair(text)
    return found if found and on_earth(*found) else None


def on_earth(latitude: float, longitude: float) -> bool:
    """True for degrees that there are: to 90 either way, and to 180."""
    return abs(latitude) <= 90 and abs(longitude) <= 180


def pair(text: str) -> tuple[float, float] | None:
    """Return the two numbers that *text* is, as `coordinates` does, be they on Earth or not.

    What is written as coordinates and lies nowhere is no postal code either.
    """
    if sum(map(str.isdigit, text)) < 2:
        return None
    text = ascii_digits(clean(text, MAX_TEXT)).translate(_SIGNS).strip()
    point = _POINT.fullmatch(text)
    if point:
        return float(point[2]), float(point[1])
    named = _URI.fullmatch(text) or _IN_ADDRESS.search(text)
    if named:
        return float(named[1]), float(named[2])
    if len(text) > MAX_PAIR:
        return None
    text = _LEAD.sub("", _LEAD.sub("", text.strip(" ()[]{}")))
    text = _BETWEEN.sub(", ", text).upper().strip(" ()[]{}")
    for pattern in _PATTERNS:
        match = pattern.fullmatch(text)
        if match:
            first, second = (group.replace(",", ".") for group in match.groups())
            return _pair(first, second, whole=any(sign in text for sign in ",;"))
    return None


def _pair(first: str, second: str, whole: bool) -> tuple[float, float] | None:
    sides = [re.sub(r"[^NSEWO]", "", part).replace("O", "E") for part in (first, second)]
    if not (whole or any(sides)) and not any(
        "." in part or "°" in part for part in (first, second)
    ):
        return None
    if sides[0] in ("E", "W"):
        first, second, sides = second, first, sides[::-1]
    if sides[0] not in ("", "N", "S") or sides[1] not in ("", "E", "W"):
        return None
    return _degrees(first, sides[0]), _degrees(second, sides[1])


def _degrees(text: str, side: str) -> float:
    parts = [float(number) for number in _NUMBER.findall(text)]
    value = sum(part / unit for part, unit in zip(parts, _PARTS_OF_A_DEGREE, strict=False))
    return -value if "-" in text or side in ("S", "W") else value
