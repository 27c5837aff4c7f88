"""The values that payloads are made of, read without complaint: any JSON value may stand anywhere.

Each function takes any value and returns one type; what is something else reads as nothing.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote, urlsplit

from services.dedup.intake.reading import lenient_json
from shared.errors import Malformed

MILLISECONDS_FROM = 100_000_000_000
"""A count since 1970 from here on is of milliseconds: as seconds it is the year 5138."""

AFFIRMATIVE = frozenset(("true", "1", "yes", "on"))
"""What a flag says in texts, in lower case: JSON's word, PHP's, and those of forms."""

WIDEST = 128
"""Bits of a number that is written out; no sender's id is wider, and Python refuses the widest."""

_ADDRESS = re.compile(r"[0-9a-fA-F.:]{2,39}(?=\s*(,|$))")


def mapping(value: Any) -> Mapping[str, Any]:
    """Return *value* if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def unpacked(value: Any) -> Mapping[str, Any]:
    """Return the object that *value* is, or that it says as a JSON text; else an empty one."""
    try:
        return mapping(lenient_json.parsed(value) if isinstance(value, str) else value)
    except Malformed:
        return {}


def listed(value: Any) -> list[Any]:
    """Return *value* if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def objects(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects in a list; none if *value* is no list."""
    return [one for one in listed(value) if isinstance(one, dict)]


def text(value: Any) -> str:
    """Return a text trimmed, a number as it is written; else an empty text."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float):
        return str(value)
    plain = isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= WIDEST
    return str(value) if plain else ""


def sole(value: Any) -> Any:
    """Return the element of a list of one; anything else as it is."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def silent(value: Any) -> bool:
    """True for what says nothing: None, a blank text, a list or an object of such."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return all(one is None or one in ("", [], {}) for one in value)
    return value is None


def affirmed(value: Any) -> bool:
    """Return whether a flag is set: true, or a text or number that says so."""
    return value is True or text(value).lower() in AFFIRMATIVE


def moment(value: Any) -> datetime | None:
    """Return the aware UTC time that *value* says: ISO 8601, or a count of (milli)seconds.

    A time without a zone is UTC.
    """
    said = text(value)
    try:
        if said.isdigit():
            count = int(said)
            return datetime.fromtimestamp(
                count / 1000 if count >= MILLISECONDS_FROM else count, UTC
            )
        at = datetime.fromisoformat(said)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def ip(value: Any) -> str | None:
    """Return the address that *value* is, or the first of several that proxies have listed."""
    found = _ADDRESS.match(text(value))
    try:
        return str(ip_address(found[0])) if found else None
    except ValueError:
        return None


def url(value: Any) -> str | None:
    """Return *value* if it is the address of a page."""
    said = text(value)
    return said if said.startswith(("http://", "https://")) else None


def file_names(value: Any) -> list[str]:
    """Return the names of uploaded files: of texts that are addresses, or objects with a `name`.

    Never the addresses themselves: whoever has one has the file.
    """
    every = value if isinstance(value, list) else [value]
    named = [text(mapping(one).get("name")) or _last_part(text(one)) for one in every]
    return [name for name in named if name]


def _last_part(address: str) -> str:
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    return unquote(path.rstrip("/").rpartition("/")[2])
