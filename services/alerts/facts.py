"""The facts of a happening: what its event says and what is known of its lead, by one name each.

Pure. A value of the wrong sort is unknown, and unknown facts are absent. Nothing here says who
the lead is: no name, address or number of a person is a fact of ours. What a workflow posts may
be one; `kept` leaves that out.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from services.alerts.happening import Fact, Happening
from services.alerts.vocabulary import ALSO, FACTS, OWN, Known, known
from shared.normalize.industry import industry
from shared.normalize.place import lead_place

__all__ = ["EVENTS_CALLED", "FACTS", "happening", "kept"]

LONGEST_TEXT = 200
"""Characters of a fact; what is longer is cut."""

LONGEST_OWN_TEXT = 4_000
"""Characters of a text of `data`: the message of an alert that is sent as it is."""

MOST_OWN, MOST_LISTED, DEEPEST = 100, 100, 3
"""Facts of `data`, texts of a list, and names in a path."""

LARGEST = 1e15
"""Up to here a number of JSON is exact to the tenth."""

LARGEST_KEPT = 1e6
"""Numbers of `data` from here on are not kept: seven digits may be a telephone number."""

EVENTS_CALLED: Mapping[str, str] = {
    "new_lead": "lead.created",
    "behavior_change": "behavior.changed",
    "signal_strength": "signal.detected",
    "late_duplicate": "lead.late_duplicate",
    "review_waiting": "review.waiting",
    "consent_withdrawn": "consent.withdrawn",
}
"""What callers may post instead of an event's name: the type of the rules that hear it."""

_PLACE_FIELDS = ("city", "state", "postal_code", "country", "location")
_WHERE = ("country", "admin1", "place", "latitude", "longitude")
"""Taken from an event as a whole, read by the gazetteer: `place` is never a text of the caller."""


class Told(Protocol):
    """An event: one of `shared.events`, or one that was posted."""

    @property
    def id(self) -> UUID:
        """Its own."""

    @property
    def name(self) -> str:
        """As posted: EVENTS_CALLED are read."""

    @property
    def lead_id(self) -> UUID | None:
        """Whom it is about."""

    @property
    def occurred_at(self) -> datetime:
        """Aware."""

    @property
    def data(self) -> Mapping[str, Any]:
        """Whatever it says."""


def happening(event: Told, lead: Mapping[str, Any] | None = None, country: str = "US") -> Happening:
    """Return *event* with its facts; *lead* is what is stored of its lead, by names of FACTS.

    `received_at` of the lead, aware, gives its age. *country* is the installation's, ISO 3166-1
    alpha-2, and settles where a place that was posted is. Never raises on any data.
    """
    name = EVENTS_CALLED.get(event.name, event.name)
    stored = _of_lead(lead or {}, event.occurred_at)
    facts: dict[str, Fact] = {"event": name}
    if event.lead_id:
        facts["lead_id"] = str(event.lead_id)
    if "country" not in stored and "latitude" not in stored:
        facts |= _where(event.data, country)
    facts = {**stored, **_of_event(name, event.data), **facts, **_own(event.data)}
    said = event.data.get("fingerprint")
    fingerprint = said.strip()[:LONGEST_TEXT] or None if isinstance(said, str) else None
    return Happening(event.id, name, event.lead_id, event.occurred_at, facts, fingerprint)


def kept(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Return the facts that may be stored with an alert, in clear.

    Of `data` flags and numbers below LARGEST_KEPT; no text with an @ in it, wherever it stands.
    """
    return {name: value for name, value in facts.items() if _may_be_kept(name, value)}


def _may_be_kept(name: str, value: Fact) -> bool:
    if name.startswith(OWN):
        return isinstance(value, bool | int | float) and abs(value) < LARGEST_KEPT
    if name not in FACTS or not FACTS[name].is_kept:
        return False
    texts = value if isinstance(value, tuple) else (value,)
    return not any(isinstance(text, str) and "@" in text for text in texts)


def _of_lead(lead: Mapping[str, Any], now: datetime) -> dict[str, Fact]:
    said = {name: _read(one, lead.get(name)) for name, one in FACTS.items() if name in lead}
    received = lead.get("received_at")
    if isinstance(received, datetime):
        said["lead_age_hours"] = max(0.0, (now - received).total_seconds() / 3600)
    return _without_unknown(said)


def _of_event(name: str, data: Mapping[str, Any]) -> dict[str, Fact]:
    """Return the facts of ours that *data* tells, by their names, other names or keys."""
    said: dict[str, Fact] = {}
    for key, value in data.items():
        one = _MEANT.get((name, key)) or _MEANT.get(("", key))
        if one is not None and one.name not in _NOT_SAID:
            said[one.name] = _read(one, value)
    return _without_unknown(said)


def _where(data: Mapping[str, Any], country: str) -> dict[str, Fact]:
    """Return where *data* says that it is, as far as the gazetteer knows it."""
    fields = {name: data.get(name) for name in _PLACE_FIELDS}
    said = {name: text[:LONGEST_TEXT] for name, text in fields.items() if isinstance(text, str)}
    point = [_number(data.get(name)) for name in ("latitude", "longitude")]
    if None not in point:
        said = {"location": f"{point[0]:.6f}, {point[1]:.6f}"}
    found = lead_place(**said, default_country=country) if any(said.values()) else None
    if found is None:
        return {}
    there: dict[str, Fact] = {"country": found.country or None, "admin1": found.admin1 or None}
    if found.kind not in ("country", "admin1"):
        there |= {"latitude": found.latitude, "longitude": found.longitude}
        there["place"] = found.name
    return _without_unknown(there)


def _own(data: Mapping[str, Any]) -> dict[str, Fact]:
    found = sorted(_flat(data, "data", DEEPEST), key=lambda one: one[0])
    return _without_unknown({name: _any(value) for name, value in found[:MOST_OWN]})


def _flat(data: Mapping[str, Any], path: str, depth: int) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        name = f"{path}.{key}"
        if isinstance(value, Mapping):
            if depth > 1:
                yield from _flat(value, name, depth - 1)
        elif known(name):
            yield name, value


def _without_unknown(said: Mapping[str, Fact]) -> dict[str, Fact]:
    return {name: value for name, value in said.items() if value is not None}


def _read(one: Known, value: Any) -> Fact:
    """Return *value* as a fact of *one*; None where it is none."""
    return _READ[one.sort](one, value)


def _number(value: Any) -> float | None:
    fits = isinstance(value, int | float) and not isinstance(value, bool)
    return value if fits and abs(value) <= LARGEST else None  # neither NaN nor infinite


def _bounded(one: Known, value: Any) -> Fact:
    number = _number(value)
    if number is None or one.bounds is None:
        return number
    return number if one.bounds[0] <= number <= one.bounds[1] else None


def _text(value: Any, longest: int = LONGEST_TEXT) -> str | None:
    text = str(value) if isinstance(value, str | UUID) else ""
    return text.strip()[:longest] or None


def _word(one: Known, value: Any) -> Fact:
    text = "_".join((_text(value) or "").lower().replace("-", " ").split())
    return text if text in one.values else None


def _listed(value: Any, longest: int = LONGEST_TEXT) -> tuple[str, ...] | None:
    if not isinstance(value, list | tuple | set | frozenset):
        text = _text(value, longest)
        return (text,) if text else None
    texts = (_text(str(one) if _number(one) is not None else one, longest) for one in value)
    return tuple(text for text in texts if text)[:MOST_LISTED]


def _trade(one: Known, value: Any) -> Fact:
    text = _text(value)
    found = industry(text) if text else None
    return (found.name if found.is_group else found.code) if found else None


def _country(one: Known, value: Any) -> Fact:
    text = (_text(value) or "").upper()
    return text if len(text) == 2 and text.isascii() and text.isalpha() else None


def _any(value: Any) -> Fact:
    if isinstance(value, bool):
        return value
    if isinstance(value, list | tuple):
        return _listed(value, LONGEST_OWN_TEXT)
    return _number(value) if isinstance(value, int | float) else _text(value, LONGEST_OWN_TEXT)


_READ = {
    "number": _bounded,
    "text": lambda one, value: _text(value),
    "word": _word,
    "list": lambda one, value: _listed(value),
    "flag": lambda one, value: value if isinstance(value, bool) else None,
    "industry": _trade,
    "country": _country,
    "any": lambda one, value: _any(value),
}

_NOT_SAID = frozenset((*_WHERE, "event", "lead_id"))
"""Facts that no event tells by itself."""


def _meanings() -> Iterator[tuple[tuple[str, str], Known]]:
    for one in FACTS.values():
        yield ("", one.name), one
        for event in one.events if one.key else ():
            yield (event, one.key), one


_MEANT = dict(_meanings()) | {
    ("", other): FACTS[ALSO[other]] for other in ("needs_identified", "signal_type")
}
"""Facts by the event and the key of its data; the empty event is any."""
