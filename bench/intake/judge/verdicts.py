"""Of one case: which fields are right, missing, wrong, or swapped with somebody else's."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from services.dedup.intake import detection
from services.dedup.intake.post import Post
from services.dedup.intake.sent import Sent
from services.dedup.intake.understanding import understood

CASES = Path(__file__).with_name("cases.jsonl")
DEVELOPMENT = Path(__file__).with_name("development.jsonl")

FIELDS = ("email", "phone", "name", "company")
NAMES = ("name", "first_name", "last_name")
OTHERS = ("other_email", "other_phone")

SHORTEST_NUMBER = 7
"""Digits that must agree where one spelling has a country's code and the other has none."""

_EXTENSION = re.compile(r"(?i)\s*(?:ext|x|#|,).*$")


def cases(path: Path = CASES) -> list[dict[str, Any]]:
    """Return every case of a file, in its order."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def half(case: Mapping[str, Any]) -> str:
    """Return `X` or `Y`, by the hash of the case's id."""
    return "XY"[sha256(case["id"].encode()).digest()[0] % 2]


def told(case: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of the lead that a source would make of *case*; none if of no lead."""
    kind, body = case.get("type", "application/json"), case["body"]
    raw = body if isinstance(body, str) and "type" in case else json.dumps(body)
    post = Post(headers={"content-type": kind}, raw=raw.encode())
    sender = detection.detected(post, None)
    sent = [item for item in sender.items(post.payload) if isinstance(item, Sent)]
    return understood(sent[0], {}, sender.name).fields if len(sent) == 1 else {}


def verdicts(case: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, str]:
    """Return by field `right`, `missing`, `wrong` or `swapped`; nothing of a field rightly empty.

    `others` stands for further addresses and numbers of the same person.
    """
    wanted = case["is"]
    found = {name: _verdict(name, wanted, fields) for name in FIELDS}
    for name, value in case.get("may", {}).items():
        told = fields.get(name) or " ".join(_values(name, fields))
        found[name] = found[name] if told and not _same(told, value) else ""
    found["others"] = _others(wanted, fields)
    for name in (*FIELDS, *OTHERS):
        if any(_theirs(value, wanted) for value in _values(name, fields)):
            found["others" if name in OTHERS else name] = "swapped"
    return {name: verdict for name, verdict in found.items() if verdict}


def _verdict(name: str, wanted: Mapping[str, Any], fields: Mapping[str, str]) -> str:
    if name == "name":
        return _named(wanted, fields)
    values = list(_values(name, fields))
    right = [*([wanted[name]] if name in wanted else []), *wanted.get(f"other_{name}", [])]
    if not values:
        return "missing" if name in wanted else ""
    if any(_same(values[0], each) for each in right):
        return "right"
    mixed = (each for key, each in wanted.items() if key != name and isinstance(each, str))
    return "swapped" if any(_same(values[0], each) for each in mixed) else "wrong"


def _named(wanted: Mapping[str, Any], fields: Mapping[str, str]) -> str:
    """Return whether the name is right, be it told whole or in parts."""
    first, last = wanted.get("first_name", ""), wanted.get("last_name", "")
    whole = wanted.get("name") or f"{first} {last}".strip()
    parts = [fields.get(name, "") for name in ("first_name", "last_name")]
    answer = fields.get("name") or " ".join(parts).strip()
    if not answer or not whole:
        return "missing" if whole else "wrong" if answer else ""
    if first and last and all(parts):
        if [_words(part) for part in parts] == [_words(first), _words(last)]:
            return "right"
        return "swapped" if [*map(_words, parts)] == [_words(last), _words(first)] else "wrong"
    if first and not last and (_words(parts[0]) == _words(first) or first in answer.split()):
        return "right"
    if _words(answer) == _words(whole) or answer.replace(" ", "") in (first + last, last + first):
        return "right"
    taken = (wanted.get(name, "") for name in ("company", "email", "phone"))
    return "swapped" if any(_same(answer, each) for each in taken if each) else "wrong"


def _others(wanted: Mapping[str, Any], fields: Mapping[str, str]) -> str:
    """Return whether every further address and number was kept, and no stranger's."""
    kept = [v for name in (*OTHERS, "email", "phone") for v in _values(name, fields)]
    due = [each for name in OTHERS for each in wanted.get(name, [])]
    if not all(any(_same(each, value) for value in kept) for each in due):
        return "missing"
    known = [*due, *(wanted.get(name, "") for name in ("email", "phone"))]
    more = [v for name in OTHERS for v in _values(name, fields)]
    if any(not any(_same(value, each) for each in known if each) for value in more):
        return "wrong"
    return "right" if due else ""


def _values(name: str, fields: Mapping[str, str]) -> Iterator[str]:
    if name == "name":
        yield from (fields[each] for each in NAMES if fields.get(each))
    elif fields.get(name):
        yield from fields[name].split(", ") if name in OTHERS else [fields[name]]


def _theirs(value: str, wanted: Mapping[str, Any]) -> bool:
    """True for a value that is said to be nobody's business."""
    return any(_same(value, each) for each in wanted.get("never", []))


def _same(one: str, other: str) -> bool:
    """True if two texts say the same: one address, one number in two spellings, one name."""
    if "@" in one or "@" in other:
        return one.strip().casefold() == other.strip().casefold()
    a, b = _digits(one), _digits(other)
    if a and b and min(len(a), len(b)) >= SHORTEST_NUMBER:
        return a.endswith(b) or b.endswith(a)
    return _words(one) == _words(other)


def _digits(text: str) -> str:
    """Return a number's digits without what is dialled before them; empty for no number."""
    told = [str(unicodedata.digit(c)) for c in _EXTENSION.sub("", text) if c.isdigit()]
    letters = sum(c.isalpha() for c in _EXTENSION.sub("", text))
    return "" if letters > 1 else "".join(told).lstrip("0")


def _words(text: str) -> list[str]:
    return sorted(unicodedata.normalize("NFKC", text).casefold().replace(",", " ").split())
