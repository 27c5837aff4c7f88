"""JSON as strictly as we promise to read it, from bytes to a dict.

The standard decoder accepts duplicate keys, NaN and lone surrogates, and all of
them break something later. It decodes once, quickly, and only notices that
something is wrong; a second, slow reading then names each fault by its path.
RFC 8259 sections 4, 6 and 8 leave these to the reader; I-JSON (RFC 7493) forbids them.
"""

import json
import math
import re
from collections.abc import Iterator
from itertools import accumulate, islice
from typing import Any

from shared.errors import Malformed
from shared.field_names import shown

DEEPEST = 32
"""Levels of nesting; the deepest body of the contract has 6."""

MOST_FAULTS = 20
"""Faults named in one answer; who sends more has another problem."""

LARGEST = 2**63 - 1
"""The largest whole number PostgreSQL's bigint holds."""

MOST_LOOKED_AT = 1000
"""Faults looked at for those MOST_FAULTS fields: a field may be faulty a hundred thousand times."""

NUL = "must not contain the NUL character"
SURROGATE = "must not contain half of a surrogate pair"
TWICE = "was sent more than once"
NOT_FINITE = "must be a finite number"
TOO_BIG = "is too large a number"


def parsed(raw: bytes, apart: str | None = None) -> dict[str, Any]:
    """Return the JSON object that *raw* is (UTF-8, a byte order mark allowed).

    The items of the list named *apart* answer for themselves: a faulty one stands there as the
    Malformed that it deserves. Raises Malformed for everything else; its details name fields
    and positions, never content.
    """
    try:
        text = raw.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        raise _malformed(f"is not UTF-8 at byte {error.start}") from None
    if not text.strip():
        raise _malformed("is empty")
    if _depth(raw) > DEEPEST:
        raise _malformed(f"is nested deeper than {DEEPEST} levels")
    document = _decoded(text, _SUSPECT_ESCAPE.search(raw) is not None, apart)
    if not isinstance(document, dict):
        raise _malformed("must be a JSON object")
    return document


def _decoded(text: str, suspect: bool, apart: str | None) -> Any:
    """Return what *text* says. If it is *suspect*, or proves so, its faults are looked for."""
    try:
        document = _read(_QUICK, text)
        if not suspect:
            return document
    except _Suspicion:
        pass
    slow = _read(_SLOW, text)
    if apart is not None and isinstance(slow, _Pairs):
        slow = _Pairs((name, _apart(value) if name == apart else value) for name, value in slow)
    faults = _faults(slow)
    if faults:
        raise Malformed(details=faults)
    return _plain(slow)


def _apart(items: Any) -> Any:
    """Return the list *items* with every faulty item replaced by its Malformed."""
    if not isinstance(items, list) or isinstance(items, _Pairs):
        return items
    faults = [_faults(item) for item in items]
    return [
        Malformed(details=found) if found else item
        for item, found in zip(items, faults, strict=True)
    ]


def _plain(value: Any) -> Any:
    """Return what the slow decoder read as the quick one would have: objects as dicts."""
    if isinstance(value, _Pairs):
        return {name: _plain(inner) for name, inner in value}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _read(decoder: json.JSONDecoder, text: str) -> Any:
    try:
        return decoder.decode(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno} (character {error.pos})"
        raise _malformed(f"is not valid JSON at {place}") from None


def _depth(raw: bytes) -> int:
    """Return how deep *raw* nests, reading bytes only: hostile depth must not reach a parser."""
    if raw.count(b"{") + raw.count(b"[") <= DEEPEST:
        return 0
    # Escapes go first, so that every quote left opens or closes a string.
    unescaped = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    outside = b"".join(unescaped.translate(None, _NEITHER_QUOTE_NOR_BRACKET).split(b'"')[::2])
    return max(accumulate(map(_STEP.__getitem__, outside)), default=0)


class _Suspicion(Exception):
    """The quick decoder met something that the slow one must name."""


class _Pairs(list[tuple[str, Any]]):
    """An object with every key it was sent with."""


class _Bad(str):
    """A number that is none, as the reason why."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise _Suspicion
    return unique


def _whole(digits: str) -> Any:
    # 20 characters hold every 64-bit number with its sign; int() of 4,300 digits raises.
    if len(digits) > 20 or abs(int(digits)) > LARGEST:
        return _Bad(TOO_BIG)
    return int(digits)


def _real(digits: str) -> Any:
    number = float(digits)
    return number if math.isfinite(number) else _Bad(TOO_BIG)


def _sure(value: Any) -> Any:
    if isinstance(value, _Bad):
        raise _Suspicion
    return value


def _suspect(_: str) -> Any:
    raise _Suspicion


def _faults(value: Any) -> dict[str, str]:
    """Return what is wrong with the fields of *value*, by path; the first MOST_FAULTS."""
    faults: dict[str, str] = {}
    for path, problem in islice(_problems(value, ""), MOST_LOOKED_AT):
        faults.setdefault(path or "body", problem)
        if len(faults) == MOST_FAULTS:
            break
    return faults


def _problems(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, _Bad):
        yield path, str(value)
    elif isinstance(value, str):
        problem = text_problem(value)
        if problem:
            yield path, problem
    elif isinstance(value, _Pairs):
        yield from _pair_problems(value, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _problems(item, f"{path}[{index}]")


def _pair_problems(pairs: _Pairs, path: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for position, (name, value) in enumerate(pairs, 1):
        inner = f"{path}.{shown(name, position)}".removeprefix(".")
        problem = text_problem(name)
        if problem:
            yield inner, f"has a name that {problem}"
        if name in seen:
            yield inner, TWICE
        seen.add(name)
        yield from _problems(value, inner)


def text_problem(text: str) -> str | None:
    """Return why *text* cannot be stored as text in PostgreSQL, or None."""
    if "\0" in text:
        return NUL
    return SURROGATE if _HALF_PAIR.search(text) else None


def _malformed(problem: str) -> Malformed:
    return Malformed(details={"body": problem})


_SUSPECT_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_STEP = {ord("{"): 1, ord("["): 1, ord("}"): -1, ord("]"): -1}
_NEITHER_QUOTE_NOR_BRACKET = bytes(set(range(256)) - set(b'"{}[]'))
_QUICK = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_int=lambda digits: _sure(_whole(digits)),
    parse_float=lambda digits: _sure(_real(digits)),
    parse_constant=_suspect,
)
_SLOW = json.JSONDecoder(
    object_pairs_hook=_Pairs,
    parse_int=_whole,
    parse_float=_real,
    parse_constant=lambda _: _Bad(NOT_FINITE),
)
