"""Which services fit a lead best, and why; which it cannot have; and what to ask it next.

Pure. Constraints exclude, criteria score, and what is unknown widens the interval of a score
(decision 0040). Terms: *points* of a criterion and their sum, the *match score*, 0 to 100.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.matching.criteria import CRITERIA, Reason
from services.matching.interval import ANY, WIDE
from services.matching.prepared import Prepared, prepared
from services.matching.profile import Profile
from services.matching.question import Question, asked_next
from services.matching.ranking import DECIMALS, Ranking, ranking, refusal, weighted
from services.matching.service import Service
from shared.privacy.modes import Mode

HIGH, MEDIUM = 80.0, 60.0
"""Match scores from which confidence is high or medium (contract, section 3)."""

URGENT, URGENT_INTENT = 80.0, 70.0
"""Match score and intent from which a match is urgent (contract, section 3)."""

MOST_INELIGIBLE = 1000
"""Services that are told as ineligible, each with its reason; no one reads more."""

PRIORITIES = ((70.0, "high"), (50.0, "medium"), (0.0, "low"))
"""Match scores from which a priority holds (contract, section 3)."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one criterion gave."""

    name: str
    points: float
    """Expected, 0 to `most`."""
    low: float
    high: float
    most: float

    @property
    def score(self) -> float:
        """Return the points as 0 to 100."""
        return 100 * self.points / self.most


@dataclass(frozen=True, slots=True)
class Match:
    """One service for the lead. `low` and `high` are equal where all that matters is known."""

    service: Service
    parts: tuple[Part, ...]
    """In the order of CRITERIA."""
    match_score: float
    """Expected, 0 to 100: the sum of the points, or of weight x share where the service has
    `weights` of its own."""
    low: float
    high: float
    confidence_level: str
    """low, medium or high."""
    priority: str
    """low, medium, high or urgent."""
    reasons: tuple[str, ...]
    """Sentences that cite what was compared: what is known by what it counts, for or against; then
    what is not known; then what says nothing."""

    def points(self, name: str) -> float:
        """Return the points of the criterion *name*. Raises KeyError if there is none such."""
        return self._part(name).points

    def score(self, name: str) -> float:
        """Return the points of the criterion *name* as 0 to 100. Raises KeyError."""
        return self._part(name).score

    def _part(self, name: str) -> Part:
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(name)

    @property
    def geographic_points(self) -> float:
        """Return 0 to 25."""
        return self.points("geographic")

    @property
    def industry_points(self) -> float:
        """Return 0 to 20."""
        return self.points("industry")

    @property
    def need_points(self) -> float:
        """Return 0 to 25."""
        return self.points("need")

    @property
    def profile_points(self) -> float:
        """Return 0 to 15."""
        return self.points("profile")

    @property
    def behavioral_points(self) -> float:
        """Return 0 to 15."""
        return self.points("behavioral")


@dataclass(frozen=True, slots=True)
class Ineligible:
    """A service that the lead cannot have, and why."""

    service_id: UUID | str
    service_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Matches:
    """What matching one lead answers."""

    matches: list[Match]
    """The best first; of equal ones the smaller service id."""
    ineligible: list[Ineligible]
    """By service id, the first MOST_INELIGIBLE."""
    ask_next: Question | None
    """None where nothing that the lead could tell would change anything."""
    eligible: int
    """How many services may have the lead; `matches` holds the first of them."""
    excluded: int
    """How many may not."""


def match(
    profile: Profile,
    services: Prepared | Iterable[Service],
    now: datetime,
    mode: Mode,
    limit: int | None = 10,
) -> Matches:
    """Return the best *limit* services for *profile* at *now* (aware) under *mode*; None: all.

    Where one catalogue serves many leads, prepare it once (`services.matching.prepared`).
    Raises TypeError if *now* has no time zone and the lead's times have one.
    """
    catalogue = services if isinstance(services, Prepared) else prepared(services)
    ranked = ranking(catalogue, profile, now, mode)
    ineligible = [
        _ineligible(catalogue, row, refusal(catalogue, row, which, profile, now, mode))
        for row, which in sorted(ranked.refused.items())[:MOST_INELIGIBLE]
    ]
    return Matches(
        [_match(catalogue, ranked, place, profile, now) for place in ranked.best(limit)],
        ineligible,
        asked_next(catalogue, ranked, profile, now, mode),
        len(ranked.rows),
        len(ranked.refused),
    )


def every(catalogue: Prepared, profile: Profile, now: datetime, mode: Mode) -> list[Match]:
    """Return all services that *profile* may have, the best first, and nothing else."""
    ranked = ranking(catalogue, profile, now, mode)
    return [_match(catalogue, ranked, place, profile, now) for place in ranked.best(None)]


def _ineligible(catalogue: Prepared, row: int, reason: str) -> Ineligible:
    service = catalogue.services[row]
    return Ineligible(service.id, service.service_name, reason)


def _match(
    catalogue: Prepared, ranked: Ranking, place: int, profile: Profile, now: datetime
) -> Match:
    row = ranked.rows[place]
    parts: list[Part] = []
    told: list[tuple[tuple[int, float], str]] = []
    weights = catalogue.weights_of(row)
    for criterion, column, weight in zip(CRITERIA, catalogue.criteria, weights, strict=True):
        want, most = column.distinct[column.numbers[row]], criterion.most
        span = criterion.span(want, profile, now)
        parts.append(
            Part(criterion.name, most * span.expected, most * span.low, most * span.high, most)
        )
        told.extend((_order(r, weight), r.text) for r in criterion.reasons(want, profile, now))
    score = ranked.expected[place]
    low = round(weighted([part.low for part in parts], weights), DECIMALS)
    high = round(weighted([part.high for part in parts], weights), DECIMALS)
    return Match(
        catalogue.services[row],
        tuple(parts),
        score,
        low,
        high,
        confidence(score, high - low, parts),
        priority(score, profile.intent_score),
        tuple(text for _, text in sorted(told, key=lambda one: one[0])),
    )


def _order(reason: Reason, most: float) -> tuple[int, float]:
    """Return where a reason stands, least first.

    What is known comes first, by the points it lies from one half, which says nothing; then what
    is unknown, by the points it is open by; then what says nothing.
    """
    share, points = reason.share, most * reason.weight
    if share.low < share.high:
        return 1, -points * (share.high - share.low)
    return (2, 0.0) if share.low == ANY else (0, -points * abs(share.low - ANY))


def confidence(score: float, width: float, parts: Iterable[Part]) -> str:
    """Return how sure a match is: never above low where its interval is wider than WIDE.

    High asks for every part at least half of its points (contract, section 3).
    """
    if width > WIDE or score < MEDIUM:
        return "low"
    if score >= HIGH and all(part.points >= part.most / 2 for part in parts):
        return "high"
    return "medium"


def priority(score: float, intent: float | None) -> str:
    """Return how soon a match asks for somebody; an unknown *intent* (0 to 100) is not urgent."""
    if score >= URGENT and intent is not None and intent >= URGENT_INTENT:
        return "urgent"
    return next(word for least, word in PRIORITIES if score >= least)
