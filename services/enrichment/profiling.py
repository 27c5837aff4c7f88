"""What an external profiler is asked and answers, as `docs/profiler.md` describes it. Pure.

The answer is a stranger's: it is read strictly, and of what it says only the kinds that are listed
here are kept. Whatever else a profiler knows of a person was not asked for (GDPR Art. 5(1)(c)).
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import orjson

from services.enrichment.finding import MOST_FINDINGS, MOST_URL, MOST_VALUE, Finding

NAME = "profiler"

MOST_ANSWERED = 1_000
"""Findings in one answer that is read at all; of them MOST_FINDINGS are kept."""

LONGEST_SOURCE = 60
"""Characters of a source's name, as `github`."""

KINDS = {
    "email": "email",
    "phone": "phone",
    "name": "name",
    "company": "company",
    "job_title": "job_title",
    "website": "website",
    "location": "location",
    "username": "username",
    "social_profile": "social_profile",
}
"""The kinds of findings that are kept, and the field that each is of. Of health, belief, origin or
politics (GDPR Art. 9) there is none."""

_SOURCE = re.compile(r"[^\W_](?:[\w .+-]*[^\W_])?")


class Unreadable(ValueError):
    """The profiler's answer is not what its contract says; its words quote nothing of it."""


def request(fields: Mapping[str, str], request_id: UUID) -> bytes:
    """Return the body of the question: `username`, `email` or both, and `request_id`."""
    asked = {name: fields[name] for name in ("username", "email") if fields.get(name)}
    return orjson.dumps({**asked, "request_id": str(request_id)})


def findings(body: bytes, now: datetime) -> list[Finding]:
    """Return what an answer says, each value once, MOST_FINDINGS at most.

    *now* (aware) is when it was found where the answer does not say. Raises Unreadable: one item
    that is not as agreed spoils the answer, for who sends it means something else by the rest, too.
    """
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Unreadable("is not JSON") from None
    listed = answer.get("findings") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise Unreadable("has no list of findings")
    if len(listed) > MOST_ANSWERED:
        raise Unreadable(f"has more than {MOST_ANSWERED} findings")
    found: dict[tuple[str, str], Finding] = {}
    for place, item in enumerate(listed):
        one = _finding(item, place, now)
        if one is not None:
            found.setdefault((one.field, one.value), one)
    return list(found.values())[:MOST_FINDINGS]


def _finding(item: Any, place: int, now: datetime) -> Finding | None:
    """Return one finding; None for one of a kind that we do not keep."""
    if not isinstance(item, dict):
        raise Unreadable(f"has a findings[{place}] that is no object")
    source = _text(item, "source", place, LONGEST_SOURCE)
    kind, value = _text(item, "kind", place, 100), _text(item, "value", place, MOST_VALUE)
    if not _SOURCE.fullmatch(source):
        raise _wrong(place, "source")
    url, note = _url(item, place), _note(source, _confidence(item, place))
    found_at = _found_at(item, place, now)
    if kind not in KINDS:
        return None
    return Finding(KINDS[kind], value, NAME, url, found_at, note, personal=True)


def _text(item: Mapping[str, Any], name: str, place: int, longest: int) -> str:
    said = item.get(name)
    text = said.strip() if isinstance(said, str) else ""
    if not 1 <= len(text) <= longest or any(unicodedata.category(c) == "Cc" for c in text):
        raise _wrong(place, name)
    return text


def _url(item: Mapping[str, Any], place: int) -> str | None:
    """Return where it can be read: people click on it, so it is a web address or none."""
    if item.get("url") is None:
        return None
    url = _text(item, "url", place, MOST_URL)
    try:
        parts = urlsplit(url)
        plain = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        plain = False
    if not plain or not url.isprintable() or " " in url:
        raise _wrong(place, "url")
    return url


def _confidence(item: Mapping[str, Any], place: int) -> float | None:
    said = item.get("confidence")
    if said is None:
        return None
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said <= 1:
        raise _wrong(place, "confidence")
    return float(said)


def _note(source: str, confidence: float | None) -> str:
    sure = "" if confidence is None else f"; it is {confidence:.0%} sure"
    return f"Found at {source}{sure}."


def _found_at(item: Mapping[str, Any], place: int, now: datetime) -> datetime:
    """Return when the profiler found it, not later than *now*."""
    if item.get("found_at") is None:
        return now
    text = _text(item, "found_at", place, 40)
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return min(at.astimezone(UTC), now)
    except (ValueError, OverflowError):
        pass
    raise _wrong(place, "found_at")


def _wrong(place: int, name: str) -> Unreadable:
    return Unreadable(f"has a findings[{place}].{name} that is missing or not as agreed")
