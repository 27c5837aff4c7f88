"""Detecting: what a caller sent is read, and kept where it is a lead's.

Reading comes before the transaction that keeps it: a page takes seconds, and nobody's lead is
locked meanwhile. Whether anything may be kept is asked before that, too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from services.signals import keeping
from services.signals.behaviour import Detect, behaviour_signals
from services.signals.behaviour_event import Event, Ignored, read
from services.signals.detection import detect
from services.signals.model import Model
from services.signals.reading import MOST_READ, Asked, Text, text_sent
from services.signals.scoring import assessed
from services.signals.signal import Assessment, Detection
from shared.db import Database
from shared.errors import Meaningless, Unavailable
from shared.pages.faults import PageUnavailable, Unparseable
from shared.pages.page import Page
from shared.privacy.gate import Gate


class UnreadableContent(Meaningless):
    """The content is HTML that cannot be read within bounds of time, memory and depth."""


class ContentWaits(Unavailable):
    """The content is HTML, and as many others are being read as can be; try again later."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What detecting needs."""

    database: Database
    gate: Gate
    page: Callable[[str], Page]
    """Fetches the page of an address. Raises a ServiceError where it cannot."""
    text_of: Callable[[str], str]
    """Returns what HTML says. Raises Unparseable or PageUnavailable."""
    model: Model
    """The weights that texts are read by."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in what a caller sent."""

    assessment: Assessment
    text: Text
    page: Page | None = None
    ignored: Sequence[Ignored] = ()
    """Events that could not be read, and why."""
    kept: keeping.Kept = field(default_factory=keeping.Kept)


def found(desk: Desk, tenant_id: str, asked: Asked) -> Found:
    """Return what is found in what *asked* names; where that is a lead's, it is kept.

    Raises NotFound for another account's lead, ConsentMissing where the mode asks for a consent
    that does not stand, UnreadableContent, ContentWaits, and what fetching a page raises; then
    nothing is kept.
    """
    if asked.lead_id is not None:
        keeping.check(desk.database, desk.gate, tenant_id, asked.lead_id, bool(asked.behaviour))
    now = datetime.now(UTC)
    seen = _seen(desk, asked, now)
    if asked.lead_id is None:
        return seen.found
    order = keeping.Order(
        asked.lead_id,
        "url" if asked.page else "content",
        seen.found.text.text,
        seen.found.assessment,
        asked.behaviour,
        seen.events,
        desk.model.version,
    )
    kept = keeping.keep(desk.database, desk.gate, tenant_id, order, now)
    whole = seen.found
    return Found(whole.assessment, whole.text, whole.page, whole.ignored, kept)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was found, and the events that it was found in."""

    found: Found
    events: Sequence[Event]


def _seen(desk: Desk, asked: Asked, now: datetime) -> _Seen:
    page = desk.page(asked.page) if asked.page else None
    text = _page_text(page) if page else _text_sent(desk, asked)
    done = read(asked.behaviour)
    read_text = partial(detect, model=desk.model)
    behaviour = behaviour_signals(done.events, now, read_text)
    assessment = assessed(_detected(read_text, text), behaviour)
    return _Seen(Found(assessment, text, page, done.ignored), done.events)


def _text_sent(desk: Desk, asked: Asked) -> Text:
    try:
        return text_sent(asked, desk.text_of)
    except Unparseable:
        raise UnreadableContent(details={"content": "is HTML that cannot be read"}) from None
    except PageUnavailable as error:
        wait = error.details["retry_after_seconds"]
        told = {"content": "cannot be read just now", "retry_after_seconds": wait}
        raise ContentWaits(details=told) from None


def _page_text(page: Page) -> Text:
    return Text(page.text[:MOST_READ], len(page.text) > MOST_READ)


def _detected(read_text: Detect, text: Text) -> Detection:
    """Return what a text says; what a form's texts say is of the category `form`."""
    detection = read_text(text.text)
    if not text.of_form:
        return detection
    signals = tuple(replace(signal, category="form") for signal in detection.signals)
    return replace(detection, signals=signals)
