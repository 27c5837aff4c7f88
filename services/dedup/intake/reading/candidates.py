"""Candidates: everything in a submission that may be a field of the lead, and how surely.

An answer offers what its type, the saved map or its label says; where its value is plainly
something else (an address in the box for the number) the value is believed.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from services.dedup.intake.reading import composites, values, whose
from services.dedup.intake.reading.fitting import (
    GUESSED,
    LIKELY,
    MOST_ITEMS,
    NAMES,
    SURE,
    fitting,
)
from services.dedup.intake.reading.nothing import says_nothing
from services.dedup.intake.sent import Answer
from shared.labels import label
from shared.labels.label import PLAIN, Meaning
from shared.labels.spelling import folded

TYPED, SAVED, WORDS, SHAPE = "typed", "saved", "words", "shape"
"""What says that an answer is a field: the sender's type, the saved map, its label, its value."""

_BY = (TYPED, SAVED, WORDS, SHAPE)

IGNORE = "ignore"
"""In a saved map: this answer is none of the lead's."""

DEEPEST = 3
"""Objects within an answer's object that are looked into."""

REACHABLE = frozenset({"email", "phone", "contact"})
RANKED = REACHABLE | frozenset(NAMES)
_SEVERAL = frozenset({"email", "phone", "contact", "other_email", "other_phone"})
_PATH = re.compile(r"^(.*\w)\.[^\s\d][^.]*$")


class Candidate(NamedTuple):
    """One reading of one answer."""

    field: str
    text: str
    by: str
    sure: float
    rank: int
    place: int
    """The answer's position in the submission."""
    group: str
    """The object it stands in: a path, or empty."""
    loose: bool = False

    @property
    def order(self) -> tuple[int, bool, int, int, int]:
        """Lower comes first: what is sure, plainly labelled, near the top."""
        return (
            _BY.index(self.by),
            self.sure < LIKELY,
            self.rank,
            self.group.count(".") + bool(self.group),
            self.place,
        )


class Unread(NamedTuple):
    """An answer that nothing but its value tells about."""

    place: int
    raw: Any
    text: str
    meaning: Meaning


class Offered(NamedTuple):
    """What the answers offer."""

    candidates: list[Candidate]
    unread: list[Unread]
    dropped: set[int]
    """Positions of answers that say nothing, or that the saved map leaves out."""


def offered(answers: list[Answer], saved: Mapping[str, str]) -> Offered:
    """Return every candidate of *answers*, in their order; never raises."""
    found, unread, dropped = [], [], set()
    by_name = {folded(name): field for name, field in saved.items()}
    meanings = whose.meanings(answers)
    for place, answer in enumerate(answers):
        simple = values.simple(answer.value)
        field = _saved(answer, saved, by_name)
        told = meanings[place]
        if simple in ("", [], {}) or field == IGNORE or _blank(simple, field or told.field):
            dropped.add(place)
            continue
        read = list(_read(answer, simple, field, _worded(answer, told, place)))
        found += read
        if not read:
            unread.append(Unread(place, answer.value, values.text(simple), told))
    return Offered(found, unread, dropped)


def _blank(simple: Any, field: str | None) -> bool:
    return isinstance(simple, str) and says_nothing(simple, of_name=field in NAMES)


def _saved(answer: Answer, saved: Mapping[str, str], by_name: Mapping[str, str]) -> str:
    if not saved:
        return ""
    for name in (answer.key, answer.name):
        if name and name in saved:
            return saved[name]
    for name in (answer.key, answer.name):
        if name and folded(name) in by_name:
            return by_name[folded(name)]
    return ""


class _Source(NamedTuple):
    """Where a candidate comes from."""

    answer: Answer
    by: str
    sure: float
    told: Meaning
    place: int
    group: str

    def candidate(self, field: str, text: str, believed: float = SURE) -> Candidate:
        """Return what *text* is as *field*, no surer than its source."""
        rank = self.told.rank if self.told.field in RANKED else PLAIN
        sure = min(self.sure, believed)
        return Candidate(field, text, self.by, sure, rank, self.place, self.group, self.told.loose)


def _read(answer: Answer, simple: Any, saved: str, source: _Source) -> Iterator[Candidate]:
    if answer.field and not (source.told.other and not saved):
        yield from _as(answer.field, simple, source._replace(by=TYPED, sure=SURE))
    elif saved:
        yield from _as(saved, simple, source._replace(by=SAVED, sure=SURE))
    elif not source.told.other:
        yield from _by_label(simple, source)


def _worded(answer: Answer, told: Meaning, place: int) -> _Source:
    sure = GUESSED if told.strange else LIKELY
    return _Source(answer, WORDS, sure, told, place, _group(answer.name or answer.key))


def _by_label(simple: Any, source: _Source, level: int = 0) -> Iterator[Candidate]:
    if isinstance(simple, dict):
        yield from _inside(simple, source, level)
    elif isinstance(simple, list) and any(isinstance(item, dict) for item in simple):
        for item in simple[:MOST_ITEMS] if level < DEEPEST else ():
            yield from _by_label(item, source, level + 1)
    elif source.told.field:
        yield from _as(source.told.field, simple, source)


def _inside(simple: dict[str, Any], source: _Source, level: int) -> Iterator[Candidate]:
    """Yield what an object offers: the parts it is made for, or each of its names by itself."""
    made = composites.parts(simple)
    if made and not source.told.about:
        for field, text in made.items():
            yield from _as(field, text, source)
        return
    for name, inner in simple.items() if level < DEEPEST else ():
        path = f"{source.answer.name}.{name}" if source.answer.name else name
        told = label.meaning(path)
        if not (told.other or told.roles - label.meaning(source.answer.name).roles):
            yield from _by_label(inner, _worded(Answer(path, inner), told, source.place), level + 1)


def _as(field: str, simple: Any, source: _Source) -> Iterator[Candidate]:
    """Yield what *simple* offers as *field*, or as what it plainly is instead."""
    if isinstance(simple, dict):
        made = composites.parts(simple)
        if made and (field in NAMES or field == "street"):
            yield from (source.candidate(part, text) for part, text in made.items())
            return
        simple = made.get(field) or values.text(simple)
    texts = [values.text(item) for item in simple] if isinstance(simple, list) else [simple]
    if field not in _SEVERAL:
        texts = [(" " if field in NAMES else ", ").join(filter(None, texts))]
    for text in texts[:MOST_ITEMS]:
        for what, value, believed in fitting(
            field, text, source.answer, source.told, source.by == WORDS
        ):
            yield source.candidate(what, value, believed)


def _group(name: str) -> str:
    found = _PATH.match(name) if "." in name else None
    return found[1] if found else ""
