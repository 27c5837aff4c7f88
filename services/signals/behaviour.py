"""What behaviour says that somebody needs: pages, searches, forms and mails, added up and faded.

Pure. Each event is worth what its kind and its page are worth (WEIGHTS); events add up as
independent evidence does, as in `services.signals.scoring`. Three things keep them honest: the same
page again says little that is new (REPEAT), many pages of one kind say no more than CEILING times
one of them, and what was done long ago fades (half of it in HALF_LIFE_DAYS).

The weights are set by judgement, in the order in which sales people read a visit: who fills in an
application asks, who reads a blog may be anybody. Another event that speaks for a need never lowers
its signal, and an older one never raises it (docs/decisions/0039).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import prod

from services.signals import behaviour_words as words
from services.signals.behaviour_event import Event, Events, Ignored, read
from services.signals.behaviour_words import STAGES, About
from services.signals.signal import BEHAVIOUR, Category, Detection, Signal

__all__ = ["Event", "Events", "Ignored", "behaviour_signals", "high_value", "read"]

HALF_LIFE_DAYS = 14.0
"""Days after which an event is worth half: buying a loan or advice takes weeks, not months."""

REPEAT = 0.3
"""What each further visit to the same page is worth of the one before: mostly reloads."""

CEILING = 2.0
"""How much all events of one kind and stage are worth together, in units of one of them."""

MOST = 0.95
"""The surest that behaviour alone can be: somebody else may have used the machine."""

ALONGSIDE = 0.5
"""What a page that names no need ("/apply") is worth to each need that other events show."""

LEAST_STRENGTH = 5
"""Signals below are none: one scroll on a blog, or a page of three months ago."""

WEIGHTS: Mapping[str, tuple[float, ...]] = {
    # type:        application, calculator, rates, topic, article (behaviour_words.STAGES)
    "form_submit": (0.75, 0.60, 0.60, 0.55, 0.12),
    "email_reply": (0.50, 0.50, 0.50, 0.50, 0.30),
    "chat": (0.50, 0.45, 0.45, 0.40, 0.15),
    "form_start": (0.50, 0.42, 0.42, 0.32, 0.08),
    "search": (0.42, 0.40, 0.38, 0.30, 0.10),
    "click": (0.42, 0.40, 0.37, 0.22, 0.08),
    "email_click": (0.42, 0.40, 0.37, 0.22, 0.08),
    "download": (0.40, 0.38, 0.36, 0.28, 0.12),
    "page_view": (0.40, 0.38, 0.35, 0.20, 0.08),
    "video": (0.20, 0.20, 0.20, 0.15, 0.08),
    "scroll": (0.10, 0.10, 0.10, 0.06, 0.03),
    "email_open": (0.08, 0.08, 0.08, 0.08, 0.04),
}
"""The probability that who does this on such a page has the need, in [0, 1]."""

AGAINST = {"email_complaint": 0.3, "email_unsubscribe": 0.5, "email_bounce": 0.9}
"""What is left of every signal after one such event; a second one of a kind changes nothing, and
none of them fades: who objected has not stopped objecting."""

FORMS = ("form_submit", "form_start")

WHOLE_QUESTION = 4
"""Words from which on a search is read as a sentence."""

LONGEST_QUOTE = 200
"""Characters of an event that a signal quotes."""

Detect = Callable[[str], Detection]


@dataclass(frozen=True, slots=True)
class _Seen:
    """One event for one need."""

    event: Event
    stage: str
    weight: float
    """Its worth if it were now, in [0, 1]."""
    fading: float
    """What time has left of it, in [0, 1]."""
    place: str
    """What makes this event the same as an earlier one."""


def behaviour_signals(
    events: Iterable[Event],
    now: datetime,
    detect: Detect | None = None,
    half_life_days: float = HALF_LIFE_DAYS,
) -> tuple[Signal, ...]:
    """Return what *events* say at *now* (aware), the strongest first, one signal a type at most.

    Confidence is what the events say whenever they were; strength is what is left of it by now, in
    percent. An event without a time is now, and so is one of the future. *detect* reads searches
    that are whole sentences (`services.signals.detection.detect`).
    """
    known = list(events)
    own, beside = _sorted(known, now, detect, half_life_days)
    left = prod(AGAINST[kind] for kind in {event.type for event in known} & AGAINST.keys())
    found = (_signal(kind, [*seen, *beside], seen, left) for kind, seen in own.items())
    strong = (signal for signal in found if signal.strength >= LEAST_STRENGTH)
    return tuple(sorted(strong, key=lambda signal: (-signal.strength, signal.type)))


def high_value(event: Event) -> bool:
    """True if a salesperson should look today: a reply, a form, a click on what is offered."""
    if event.type in ("email_reply", "form_submit"):
        return True
    near = words.of_address(event.url).stage in ("application", "calculator", "rates")
    return event.type in ("email_click", "click") and near


def _sorted(
    events: Sequence[Event], now: datetime, detect: Detect | None, half_life_days: float
) -> tuple[dict[str, list[_Seen]], list[_Seen]]:
    """Return the events that name a need, by its type, and those that only stand beside one."""
    own: dict[str, list[_Seen]] = defaultdict(list)
    beside = []
    for event in events:
        about = _about(event, detect)
        if event.type not in WEIGHTS or about.nobody:
            continue
        fading = _fading(event.at, now, half_life_days)
        for kind in sorted(about.types):
            own[kind].append(_seen(event, about.stage or "topic", 1.0, fading))
        if not about.types and (stage := _stage_beside(event, about)):
            beside.append(_seen(event, stage, ALONGSIDE, fading))
    return own, beside


def _seen(event: Event, stage: str, share: float, fading: float) -> _Seen:
    place = event.query.casefold() or (words.page(event.url) if event.url else event.name)
    return _Seen(event, stage, share * WEIGHTS[event.type][STAGES.index(stage)], fading, place)


def _stage_beside(event: Event, about: About) -> str | None:
    """Return what an event without a subject is worth beside others; None for mere reading."""
    if about.stage in ("application", "calculator", "rates"):
        return about.stage
    asked = event.type in ("form_submit", "email_reply", "email_click", "email_open", "chat")
    return (about.stage or "topic") if asked else None


def _about(event: Event, detect: Detect | None) -> About:
    """Return what an event is about: its search, else its page, else its name or the page's."""
    if event.query:
        return _searched(event.query, detect)
    page = words.of_address(event.url)
    if page.types or page.nobody:
        return page
    called = [words.of_text(text) for text in (event.name, event.title) if text]
    if any(one.nobody for one in called):
        return About(nobody=True)
    named = next((one for one in called if one.types), None)
    if named is None:
        return page if page.stage else next((one for one in called if one.stage), page)
    return About(named.types, page.stage or named.stage)


def _searched(query: str, detect: Detect | None) -> About:
    """Return what a search is about; a whole sentence is read as one, too, where *detect* can."""
    about = words.of_text(query)
    if detect is None or about.nobody or len(query.split()) < WHOLE_QUESTION:
        return about
    read_as_text = detect(query)
    denied = {one.type for one in read_as_text.suppressed}
    said = {signal.type for signal in read_as_text.signals}
    return About((about.types - denied) | said, about.stage)


def _fading(at: datetime | None, now: datetime, half_life_days: float) -> float:
    age = max(now - at, timedelta()) if at else timedelta()
    return float(0.5 ** (age / timedelta(days=half_life_days)))


def _signal(kind: str, seen: Sequence[_Seen], own: Sequence[_Seen], left: float) -> Signal:
    confidence = MOST * (1 - _open(seen, lambda one: 1.0))
    strength = MOST * (1 - _open(seen, lambda one: one.fading)) * left
    first = max(own, key=lambda one: (one.weight * one.fading, one.event.type, one.place))
    return Signal(
        type=kind,
        category=_category(first.event),
        source=BEHAVIOUR,
        content=_quoted(first.event),
        strength=round(100 * strength),
        confidence=round(confidence, 3),
        rule=f"{first.event.type}:{first.stage}",
    )


def _open(seen: Sequence[_Seen], fading: Callable[[_Seen], float]) -> float:
    """Return the probability that none of it means the need, after *fading*."""
    grouped: dict[tuple[str, str], list[_Seen]] = defaultdict(list)
    for one in seen:
        grouped[one.event.type, one.stage].append(one)
    return prod(1 - _kind_of_event(group, fading) for group in grouped.values())


def _kind_of_event(group: Sequence[_Seen], fading: Callable[[_Seen], float]) -> float:
    """Return what events of one type and stage say together: at most CEILING times one of them."""
    most = min(CEILING * WEIGHTS[group[0].event.type][STAGES.index(group[0].stage)], MOST)
    worth = (one.weight * share for one, share in _with_shares(group, fading))
    return most * (1 - prod(1 - each / most for each in worth))


def _with_shares(
    group: Sequence[_Seen], fading: Callable[[_Seen], float]
) -> Iterator[tuple[_Seen, float]]:
    """Yield each event with what is left of it: faded, and less at every visit to one page.

    The freshest visit counts in full, whatever the order: so none added lowers what they say.
    """
    places: dict[str, list[_Seen]] = defaultdict(list)
    for one in group:
        places[one.place].append(one)
    for visits in places.values():
        visits.sort(key=lambda one: -one.weight * fading(one))
        for number, one in enumerate(visits):
            yield one, fading(one) * REPEAT**number


def _category(event: Event) -> Category:
    if event.type in FORMS:
        return "form"
    return "search" if event.type == "search" else "behavior"


def _quoted(event: Event) -> str:
    """Return the event in words; of an address the path alone, for a query may name somebody."""
    what = event.query or (words.page(event.url) if event.url else "") or event.name or event.title
    return f"{event.type} {what}"[:LONGEST_QUOTE].strip()
