"""What somebody did on a site or with a mail, however its sender spells it.

Pure. `metadata.behavior` of callers is read tolerantly: an entry that says nothing that can be read
is named with the reason, and never costs the others anything.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

MOST_ENTRIES = 1000
"""Entries read of one request: a visit has some dozens of events."""

LONGEST = 2000
"""Characters kept of a text: what browsers allow in an address in practice."""

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST_SECONDS = 4_102_444_800
"""The year 2100; a larger number counts milliseconds."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that somebody did."""

    type: str
    """A name of TYPES."""
    at: datetime | None = None
    """Aware; None where nobody said, which means now."""
    url: str = ""
    """The page, or what a link led to; as sent."""
    query: str = ""
    """What was searched for."""
    title: str = ""
    """Of the page."""
    name: str = ""
    """Of the form, the button, the file or the mail."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """An entry that was not read, by its position from 0 on, and why."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class Events:
    """The events of a request, and what was ignored of it."""

    events: tuple[Event, ...] = ()
    ignored: tuple[Ignored, ...] = ()


class Unreadable(ValueError):
    """An entry cannot be read; the text says why."""


def read(raw: object) -> Events:
    """Return the events of `metadata.behavior`, in the order sent, and what was ignored.

    *raw* is a list of objects, one object, or None; anything else is ignored as a whole.
    """
    entries = _entries(raw)
    if entries is None:
        return Events(ignored=(Ignored(0, "must be a list of objects"),))
    events, ignored = [], []
    for position, entry in enumerate(entries[:MOST_ENTRIES]):
        try:
            events.append(_event(entry))
        except Unreadable as error:
            ignored.append(Ignored(position, str(error)))
    if len(entries) > MOST_ENTRIES:
        ignored.append(Ignored(MOST_ENTRIES, f"only {MOST_ENTRIES} are read: this and all after"))
    return Events(tuple(events), tuple(ignored))


def named(word: str) -> str | None:
    """Return the type of event that *word* means; None if it is none that we know."""
    folded = "_".join(re.findall(r"[a-z0-9]+", _CAMEL.sub("_", word[:100]).lower()))
    return _NAMED.get(folded)


def moment(value: object) -> datetime | None:
    """Return the time that *value* says: ISO 8601, or seconds or milliseconds since 1970.

    A time without a zone is UTC. None if nothing is said; raises Unreadable otherwise.
    """
    if value is None or value == "":
        return None
    try:
        at = _moment(value)
    except (ValueError, OverflowError, TypeError, OSError):
        at = None
    if at is None or at < EARLIEST:
        raise Unreadable("its time is none that can be read")
    return at


def plain(value: object) -> str:
    """Return a text as it can be kept: bounded, without NUL and halves of characters; else ""."""
    if not isinstance(value, str):
        return ""
    return value[:LONGEST].replace("\0", "").encode("utf-8", "replace").decode().strip()


def _entries(raw: object) -> Sequence[Any] | None:
    if raw is None:
        return ()
    if isinstance(raw, Mapping):
        return (raw,)
    return raw if isinstance(raw, (list, tuple)) else None


def _event(entry: object) -> Event:
    if not isinstance(entry, Mapping):
        raise Unreadable("must be an object")
    said = _said(entry)
    url, query = said("url"), said("query")
    return Event(
        type=_type(said("type"), url, query),
        at=moment(_first(entry, "at")),
        url=url,
        query=query,
        title=said("title"),
        name=said("name"),
    )


def _type(word: str, url: str, query: str) -> str:
    if not word:
        if not (url or query):
            raise Unreadable("says neither what was done nor where")
        return "search" if query else "page_view"
    found = named(word)
    if found is None:
        raise Unreadable("its type is none that we know")
    return found


def _said(entry: Mapping[Any, Any]) -> Any:
    """Return what reads a field of *entry* as a text, "" where it is silent."""

    def said(field: str) -> str:
        return next((t for v in _values(entry, field) if (t := plain(v))), "")

    return said


def _first(entry: Mapping[Any, Any], field: str) -> object:
    return next((v for v in _values(entry, field) if v not in (None, "")), None)


def _values(entry: Mapping[Any, Any], field: str) -> Iterator[object]:
    """Return what *entry*, or an object inside it, says under each name of *field*."""
    inside = [entry, *(entry[n] for n in _INSIDE if isinstance(entry.get(n), Mapping))]
    for name in FIELDS[field]:
        for said in inside:
            if name in said:
                yield said[name]


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip()[:40]
        if not re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,9})?", text):
            at = datetime.fromisoformat(text)
            return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
        value = float(text)
    if not isinstance(value, (int, float)):
        return None
    seconds = value / 1000 if value > LATEST_SECONDS else value
    return datetime.fromtimestamp(seconds, UTC) if seconds <= LATEST_SECONDS else None


_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_INSIDE = ("behavior_data", "behaviour_data", "data", "properties", "details", "metadata")
"""Where trackers put the particulars of an event."""

FIELDS = {
    "type": ("type", "behavior_type", "behaviour_type", "event", "event_type", "action"),
    "at": ("at", "timestamp", "time", "occurred_at", "created_at", "date", "ts"),
    "url": (
        *("url", "page_url", "href", "link", "target", "page_path", "path", "page"),
        *("location", "site_url"),
    ),
    "query": ("query", "search", "term", "search_term", "search_query", "keyword", "q"),
    "title": ("title", "page_title"),
    "name": ("name", "form", "form_name", "form_id", "label", "button", "file", "subject"),
}
"""The names under which senders send each field, the surest first."""

TYPES = {
    "page_view": "pageview view visit page page_visit page_visited viewed_page screen_view",
    "click": "clicked link_click button_click cta_click cta",
    "form_start": "form_started form_focus form_open form_begin",
    "form_submit": (
        "form submit submission form_submission form_submitted submitted_form form_fill "
        "form_filled form_completed lead_form quote_request application_submit"
    ),
    "search": "searched site_search search_query internal_search view_search_results",
    "scroll": "scrolled scroll_depth",
    "download": "downloaded file_download file_downloaded",
    "video": "video_play video_start video_watch video_complete",
    "chat": "chat_start chat_started chat_message live_chat",
    "email_delivered": "delivered delivery",
    "email_open": "open opened email_opened mail_open open_email",
    "email_click": "email_clicked mail_click email_link_click click_email",
    "email_reply": "reply replied email_replied response responded",
    "email_bounce": (
        "bounce bounced email_bounced hard_bounce soft_bounce dropped drop failed rejected "
        "permanent_fail blocked"
    ),
    "email_unsubscribe": (
        "unsubscribe unsubscribed email_unsubscribed group_unsubscribe list_unsubscribe opt_out"
    ),
    "email_complaint": (
        "complaint complained complain email_complained spam spamreport spam_report spam_complaint "
        "abuse"
    ),
}
"""What can be done, and the other words for it."""

_NAMED = {word: name for name, words in TYPES.items() for word in (name, *words.split())}
