"""Forms: pairs of names and values, and the objects that their names spell.

PHP and Rails read `fields[email][value]` as an object in an object, and `pages[]` as a list; form
plugins therefore post so. The URL-encoded form is that of WHATWG URL, section 5.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

from services.dedup.intake.reading.charsets import text
from services.dedup.intake.reading.lenient_json import DEEPEST, MOST_FIELDS
from shared.errors import Malformed

_BRACKETED = re.compile(r"([^\[\]]*[^\[\]\s])((?:\[[^\[\]]*\])+)")
"""A name and its brackets. After a space they belong to a label: `Phone [mobile]`."""

_SEGMENT = re.compile(r"\[([^\[\]]*)\]")


def urlencoded(raw: bytes, charset: str) -> dict[str, Any]:
    """Return the fields of a URL-encoded form, nested. Raises Malformed."""
    return nested(pairs(raw, charset))


def pairs(raw: bytes, charset: str) -> list[tuple[str, str]]:
    """Return the names and values of a URL-encoded form as sent. Raises Malformed."""
    if raw.count(b"&") >= MOST_FIELDS:
        raise too_many()
    return [
        (_decoded(name, charset), _decoded(value, charset))
        for name, _, value in (pair.partition(b"=") for pair in raw.strip().split(b"&") if pair)
    ]


def nested(sent: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return *sent* as the objects and lists that the names spell.

    A name that comes more than once has a list of its values. A name whose brackets contradict
    another's stays as it is; a value beside an object stands in it, under no name. Raises
    Malformed for too many or too deep.
    """
    if len(sent) > MOST_FIELDS:
        raise too_many()
    whole: dict[str, Any] = {}
    for name, value in sent:
        path = _path(name)
        if len(path) > DEEPEST:
            raise Malformed(details={"body": f"is nested deeper than {DEEPEST} levels"})
        if not _placed(whole, path, value) and not _put(whole, name, value):
            whole[name].setdefault("", value)
    return {name: _listed(value) for name, value in whole.items()}


def too_many() -> Malformed:
    """Return the refusal of a form that no form is."""
    return Malformed(details={"body": f"has more than {MOST_FIELDS} fields"})


def _decoded(raw: bytes, charset: str) -> str:
    return text(unquote_to_bytes(raw.replace(b"+", b" ")), charset)


def _path(name: str) -> list[str]:
    found = _BRACKETED.fullmatch(name) if name.endswith("]") else None
    return [found[1], *_SEGMENT.findall(found[2])] if found else [name]


def _placed(whole: dict[str, Any], path: list[str], value: str) -> bool:
    """Put *value* where *path* leads; False if something else than an object is on the way."""
    at = whole
    for place, step in enumerate(path[:-1]):
        if path[place + 1 :] == [""]:
            return _put(at, step, value, several=True)
        at = at.setdefault(_step(at, step, path[place + 1 :]), {})
        if not isinstance(at, dict):
            return False
    return _put(at, path[-1], value)


def _step(at: dict[str, Any], step: str, rest: Iterable[str]) -> str:
    """Return the key of *step*; `contacts[][name]` begins a new item where the name is taken."""
    if step:
        return step
    last = str(len(at) - 1)
    begun = at.get(last)
    names = list(rest)
    open_item = isinstance(begun, dict) and names and names[0] not in begun
    return last if open_item else str(len(at))


def _put(at: dict[str, Any], name: str, value: str, several: bool = False) -> bool:
    if name not in at:
        at[name] = [value] if several else value
        return True
    there = at[name]
    if isinstance(there, list):
        there.append(value)
    elif not isinstance(there, dict):
        at[name] = [there, value]
    return not isinstance(there, dict)


def _listed(value: Any) -> Any:
    """Return *value* with every object a list whose names are 0, 1, 2 …"""
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(item) for name, item in value.items()}
    numbered = all(name == str(place) for place, name in enumerate(inner))
    return list(inner.values()) if inner and numbered else inner
