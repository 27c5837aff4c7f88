"""Values: from whatever a sender puts behind a label to plain text, and what the text looks like.

A value may be a text, a number, a list of one, an object such as `{"first": …, "last": …}`, or any
of these as JSON within a text. Nothing is made up: what is read stands in the value.
"""

import html
import json
import math
import re
from typing import Any

from services.dedup.intake.reading.nothing import NOBODY
from shared.normalize.text import clean

LONGEST, LONGEST_MESSAGE = 500, 20_000
"""Characters of a field's text (`schema.LeadData`)."""

DEEPEST = 6
"""Objects within objects of one value; real ones have two."""

MOST_CHOICES = 50
"""Items of a list that become text."""

FLOAT_ZEROS = 5
"""Zeros at the end of a decimal number that was a telephone number: what a spreadsheet lost."""

WRAPPINGS = ("value", "answer", "values", "answers", "text", "label", "name", "title", "content")
"""Where an object keeps what was answered, the surest first."""

LONGEST_PERSON = 100
"""Characters of a person's name; what is longer is a story."""

BOOLEAN = frozenset(
    ("true", "false", "yes", "no", "on", "off", "null", "none", "undefined", "n/a", "na", "-")
)
"""What a box to tick says, or one that was left out; no text is meant."""

_NO_NAMES = BOOLEAN | NOBODY
_TAG = re.compile(r"</?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>|<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"<(?:br|p|/p|div|li)\b[^<>]*>", re.IGNORECASE)
_MAIL = re.compile(
    r"(?<![\w.+-])[^\s<>()\[\]{}\"',;:|/\\@]+(?:@|＠)[^\s<>()\[\]{}\"',;:|/\\@]+", re.UNICODE
)
_WHOLE_MAIL = re.compile(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+\.[^\s@<>(),;:\"]{2,}")
_DISPLAYED = re.compile(r"[^<>@]{0,100}<([^<>\s]+@[^<>\s]+)>")
_SPACED_AT = re.compile(r"\s+@\s*|\s*@\s+")
_LETTERS = re.compile(r"[^\W\d_]+")
_PART = re.compile(r"([A-Za-z][A-Za-z_ ]{0,30}?) = (.*)")
"""A box of a field with several, where a form's text has one line for each: `first = Ann`."""

_PACKED = re.compile(r"^\s*[{\[]|\n")
"""What only a text may hold that `_unpacked` reads; most texts are ruled out by it quickly."""

_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:/\S*)?", re.IGNORECASE)


def simple(value: Any, level: int = 0) -> Any:
    """Return *value* without its wrappings: a text, a list of texts, or an object with names."""
    if level > DEEPEST:
        return ""
    if isinstance(value, str):
        packed = _unpacked(value) if _PACKED.search(value) else None
        return plain(value) if packed is None else simple(packed, level + 1)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, list):
        items = [simple(item, level + 1) for item in value[:MOST_CHOICES]]
        items = [item for item in items if item not in ("", [], {})]
        return items[0] if len(items) == 1 else items
    if isinstance(value, dict):
        return _unwrapped(value, level)
    return ""


def text(value: Any) -> str:
    """Return what *value* (of `simple`) says, choices with commas between."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(filter(None, map(text, value)))
    if isinstance(value, dict):
        return " ".join(filter(None, map(text, value.values())))
    return ""


def plain(value: str) -> str:
    """Return *value* without markup, entities and what cannot be seen, on one line."""
    if "<" in value or "&" in value:
        value = html.unescape(_TAG.sub(" ", value))
    return clean(value, LONGEST_MESSAGE)


def written(value: Any) -> str:
    """Return a message as it was written: as `plain`, with its line breaks."""
    if not isinstance(value, str):
        return text(simple(value))
    if "<" in value:
        value = _BREAK.sub("\n", value)
    lines = [plain(line) for line in value[:LONGEST_MESSAGE].splitlines()]
    return "\n".join(lines).strip()


def mails(value: str) -> list[str]:
    """Return the mail addresses in *value*, without names and schemes; [] if there is none."""
    if "@" not in value and "＠" not in value:
        return []
    if " @" in value or "@ " in value:
        value = _SPACED_AT.sub("@", value)
    if "mailto:" in value.lower():
        value = re.sub(r"(?i)mailto:", " ", value).partition("?")[0]
    found = (address.strip(".-+!?'`*_") for address in _MAIL.findall(value))
    return list(dict.fromkeys(address for address in found if "@" in address.strip("@")))


def one_mail(value: str) -> str:
    """Return the address if *value* is one and nothing else (a name before it is let pass)."""
    bare = value.strip()
    if bare[:7].lower() == "mailto:":
        bare = bare[7:].partition("?")[0]
    framed = _DISPLAYED.fullmatch(bare)
    bare = framed[1] if framed else bare
    return bare if len(bare) <= 254 and _WHOLE_MAIL.fullmatch(bare) else ""


def site(value: str) -> str:
    """Return *value* if it is a web address, with or without its scheme."""
    return value if _URL.fullmatch(value) or _HOST.fullmatch(value) else ""


def surely_site(value: str) -> bool:
    """Return whether *value* is a web address and cannot be a firm's name (`booking.com`)."""
    return _URL.fullmatch(value) is not None


def person_name(text: str) -> bool:
    """Return whether *text* can be somebody's name: letters, few digits, no address."""
    if not text or len(text) > LONGEST_PERSON or text.lower() in _NO_NAMES:
        return False
    if surely_site(text):
        return False
    count = letters(text)
    return count > 0 and sum(map(str.isdigit, text)) <= count // 2


def letters(value: str) -> int:
    """Return how many letters *value* has."""
    return sum(map(len, _LETTERS.findall(value)))


def _unpacked(value: str) -> Any:
    """Return the object or list that *value* is as a text, JSON or lines of parts; else None."""
    bare = value.strip()
    if " = " in bare and "\n" in bare and len(bare) <= LONGEST:
        lines = [_PART.fullmatch(line.strip()) for line in bare.splitlines()]
        return {found[1]: found[2] for found in lines if found} if all(lines) else None
    if bare[:1] + bare[-1:] not in ("{}", "[]") or len(bare) > LONGEST_MESSAGE:
        return None
    try:
        packed = json.loads(bare, strict=False)
    except (ValueError, RecursionError):
        return None
    return packed if isinstance(packed, (dict, list)) else None


def _number(value: float) -> str:
    if isinstance(value, float):
        if not math.isfinite(value) or not value.is_integer() or abs(value) >= 2**53:
            return repr(value)
        whole = str(int(value))
        lost = len(whole) > FLOAT_ZEROS * 2 and whole.endswith("0" * FLOAT_ZEROS)
        return repr(value) if not lost else f"{value:e}"
    return str(value) if abs(value) < 10**30 else ""


def _unwrapped(value: dict[str, Any], level: int) -> Any:
    """Return what an object wraps; its named parts if it wraps nothing."""
    full = [each for each in value.items() if each[1] not in (None, "", [], {})]
    if len(value) == 1 or (len(full) == 1 and full[0][0].lower() in WRAPPINGS[:5]):
        name, inner = full[0] if full else next(iter(value.items()))
        if name.lower() in WRAPPINGS:
            return simple(inner, level + 1)
    wrapped = {name.lower(): name for name in value}
    for name in WRAPPINGS[:2]:
        if name in wrapped and set(wrapped) <= _AROUND_A_VALUE:
            return simple(value[wrapped[name]], level + 1)
    for name in ("label", "name", "title"):
        if name in wrapped and set(wrapped) <= {"id", "value", "code", "key", "slug", "type", name}:
            return simple(value[wrapped[name]], level + 1)
    return {
        name: inner
        for name, item in list(value.items())[:MOST_CHOICES]
        if (inner := simple(item, level + 1)) not in ("", [], {})
    }


_AROUND_A_VALUE = frozenset(
    (
        *(
            "value",
            "answer",
            "raw_value",
            "rawvalue",
            "type",
            "field_type",
            "fieldtype",
            "required",
        ),
        *("id", "key", "ref", "versions", "timestamp", "source", "source-type", "source-id"),
        *("selected", "updated-by-user-id", "title", "name", "label", "question", "position"),
        *("persisted", "slug", "order", "options", "visible", "format"),
    )
)
"""What stands beside a value in an object that is a field of a form."""
