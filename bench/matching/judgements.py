"""How near the order of services comes to a broker's: normalised discounted cumulative gain.

A file of `data/` holds services, leads and for each lead some services with a grade, 0 to 3, by
somebody who never saw the scorer: 3 is called first, 0 must not be offered or helps with nothing.
A lead is matched with the services that it was judged with. Those that are refused stand in no
order, so a refused service that was graded above 0 is a gain lost, and so is one that the
catalogue does not take. Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR
techniques", ACM TOIS 20 (4), 2002; gains are 2^grade - 1.
"""

import json
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log2
from pathlib import Path
from typing import Any
from uuid import UUID

from services.matching import lead_reading
from services.matching.catalogue_schema import Described
from services.matching.definition import as_service, defined, understood
from services.matching.matching import match
from services.matching.profile import Profile
from services.matching.service import Service
from shared.errors import Meaningless
from shared.privacy.modes import MODES
from shared.validation import loaded

DATA = Path(__file__).parent / "data"

PLACES = 10
"""Of an order that count."""

COUNTRY, MODE = "US", "standard"
"""Of the installation that matches."""

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Judged:
    """One lead with what was answered and what was expected."""

    lead: str
    shown: Sequence[tuple[str, float]]
    """Services in the order of the answer, with their scores."""
    refused: Mapping[str, str]
    """Services that it cannot have, and why."""
    grades: Mapping[str, int]

    @property
    def gain(self) -> float:
        """Return NDCG over PLACES, 0 to 1. Raises ZeroDivisionError where nothing is good."""
        best = sorted(self.grades.values(), reverse=True)
        return _discounted(self.grades[name] for name, _ in self.shown) / _discounted(best)


def judged(path: Path) -> Iterator[Judged]:
    """Yield the leads of a file, each matched with the services that it was judged with."""
    said = json.loads(path.read_text(encoding="utf-8"))
    names = {str(_id(number)): one["id"] for number, one in enumerate(said["services"])}
    read = {one["id"]: _service(number, one) for number, one in enumerate(said["services"])}
    services = {name: service for name, service in read.items() if service}
    grades: dict[str, dict[str, int]] = {}
    for one in said["judgements"]:
        grades.setdefault(one["lead"], {})[one["service"]] = one["grade"]
    for one in said["leads"]:
        profile, own = _profile(one["lead"]), grades[one["id"]]
        there = [services[name] for name in own if name in services]
        found = match(profile, there, NOW, MODES[MODE], None)
        yield Judged(
            one["id"],
            [(names[str(best.service.id)], best.match_score) for best in found.matches],
            {names[str(refused.service_id)]: refused.reason for refused in found.ineligible}
            | dict.fromkeys(own.keys() - services.keys(), "the catalogue does not take it"),
            own,
        )


def report(found: Sequence[Judged], show: bool) -> Iterator[str]:
    """Yield the lines of a report; with *show*, of each lead that is not in the best order."""
    gains = [one.gain for one in found if any(one.grades.values())]
    number = sum(len(one.grades) for one in found)
    yield f"{len(found)} leads, {number} judgements"
    yield f"NDCG@{PLACES} {statistics.mean(gains):.4f}, least {min(gains):.3f}"
    by_grade = Counter(grade for one in found for grade in one.grades.values())
    for grade in sorted(by_grade):
        refused = sum(one.grades[name] == grade for one in found for name in one.refused)
        yield f"grade {grade}: {by_grade[grade]}, of them refused {refused}"
    first = sum(one.grades[one.shown[0][0]] == max(one.grades.values()) for one in gained(found))
    yield f"the first is of the best grade: {first} of {len(gains)} leads"
    for one in found if show else ():
        if any(one.grades.values()) and one.gain < 1:
            order = ", ".join(
                f"{name} {one.grades[name]} ({score:.0f})" for name, score in one.shown
            )
            lost = [
                f"{n} {one.grades[n]}: {why}" for n, why in one.refused.items() if one.grades[n]
            ]
            refusals = f"; refused {'; '.join(lost)}" if lost else ""
            yield f"{one.lead} {one.gain:.3f}: {order}{refusals}"


def gained(found: Iterable[Judged]) -> list[Judged]:
    """Return those for whom some service is good, and one was shown."""
    return [one for one in found if any(one.grades.values()) and one.shown]


def _discounted(grades: Iterable[int]) -> float:
    first = list(grades)[:PLACES]
    return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(first))


def _service(number: int, said: Mapping[str, Any]) -> Service | None:
    """Return a service of a file; None if the catalogue refuses it, as for an unknown place."""
    definition = defined(loaded(Described(), {name: said[name] for name in said if name != "id"}))
    try:
        read = understood(definition, COUNTRY)
    except Meaningless:
        return None
    return as_service(_id(number), 1, True, definition, read)


def _profile(said: Mapping[str, Any]) -> Profile:
    return lead_reading.read(said, COUNTRY).profile


def _id(number: int) -> UUID:
    return UUID(int=number + 1)
