"""A discovery: what is looked for, whom it asks, and how far it is. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from services.discovery.criteria import Circle, Criteria

Status = Literal["waiting", "running", "done", "cancelled", "failed"]

STATUSES: tuple[Status, ...] = ("waiting", "running", "done", "cancelled", "failed")

OPEN: tuple[Status, ...] = ("waiting", "running")

SourceStatus = Literal[
    "waiting",
    "running",
    "done",
    "unavailable",  # it could not go on; what it found before stays
    "not_asked",  # with these criteria or settings it cannot be asked
    "failed",  # a fault of ours; the log names it
    "cancelled",
]

SOURCE_STATUSES: tuple[SourceStatus, ...] = (
    *("waiting", "running", "done", "unavailable", "not_asked", "failed", "cancelled"),
)

MOST_SOURCES = 20
"""Sources of one discovery."""

MOST_OPEN = 100
"""Discoveries of an account that have not ended."""

MOST_REASONS = 20
"""Different reasons that are counted apart, of one source; whatever else there is is `other`."""

KEPT_DAYS = 30
"""How long a discovery can be looked at after its end (migration 0028, `discovery.purge`)."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of what one source named; the first is the sum of the others."""

    found: int = 0
    new: int = 0
    """Leads that were made of it."""
    known: int = 0
    """Leads that were there: found before, the account's own, or known to the check."""
    without_consent: int = 0
    """The privacy mode asks for a consent that nobody gave: nothing of them is kept."""
    erased_before: int = 0
    """Found once and erased since: they are not made again."""
    turned_away: int = 0
    """Terms or a list of those to be left alone reject them, or the person objected."""
    refused: int = 0
    """No leads: the check cannot read them, or they reach nobody."""

    def plus(self, other: "Counts") -> "Counts":
        """Return both together."""
        mine, theirs = asdict(self), asdict(other)
        return Counts(**{name: number + theirs[name] for name, number in mine.items()})


@dataclass(frozen=True, slots=True)
class Asked:
    """One source of a discovery, with all that is needed to ask it."""

    type: str
    name: str
    """What the account calls it; of one without settings of its own, its type."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    source_id: UUID | None = None
    """The account's own, if it is one of those."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a discovery is asked to do."""

    investigation_id: UUID
    criteria: Criteria
    sources: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class SourceState:
    """How far one source of a discovery is."""

    place: int
    type: str
    name: str
    source_id: UUID | None = None
    status: SourceStatus = "waiting"
    counts: Counts = Counts()
    passed: Mapping[str, int] = field(default_factory=dict)
    """Things that it looked at and that are no finds, by the reason."""
    done: int = 0
    total: int | None = None
    reason: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def over(self) -> bool:
        """True if it is not asked again in this discovery."""
        return self.status not in ("waiting", "running")

    def passing(self, reason: str, most: int = MOST_REASONS) -> "SourceState":
        """Return it after one more thing that is no find."""
        known = reason in self.passed or len(self.passed) < most
        said = reason if known else "other"
        return replace(self, passed={**self.passed, said: self.passed.get(said, 0) + 1})

    def begun(self, now: datetime) -> "SourceState":
        """Return it as it begins, or begins again: then nothing is counted twice."""
        return replace(
            self,
            status="running",
            counts=Counts(),
            passed={},
            done=0,
            total=None,
            reason=None,
            started_at=self.started_at or now,
        )


@dataclass(frozen=True, slots=True)
class Job:
    """One discovery, as far as it is."""

    id: UUID
    wanted: Wanted
    status: Status
    asked_at: datetime
    asked_by: str
    changed_at: datetime
    sources: tuple[SourceState, ...]
    revision: int = 0
    """One more at every change."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    tries: int = 0
    failure: str | None = None

    @property
    def counts(self) -> Counts:
        """Return what became of all that its sources named."""
        total = Counts()
        for source in self.sources:
            total = total.plus(source.counts)
        return total


def packed(wanted: Wanted) -> dict[str, Any]:
    """Return *wanted* as JSON carries it."""
    return {
        "investigation_id": str(wanted.investigation_id),
        "criteria": asdict(wanted.criteria),
        "sources": [
            asdict(one) | {"source_id": one.source_id and str(one.source_id)}
            for one in wanted.sources
        ],
    }


def unpacked(said: Mapping[str, Any]) -> Wanted:
    """Return what `packed` packed."""
    criteria = dict(said["criteria"])
    circle = criteria["circle"]
    criteria["circle"] = Circle(**circle) if circle else None
    criteria["keywords"] = tuple(criteria["keywords"])
    sources = [
        Asked(**one | {"source_id": UUID(one["source_id"]) if one["source_id"] else None})
        for one in said["sources"]
    ]
    return Wanted(UUID(said["investigation_id"]), Criteria(**criteria), tuple(sources))
