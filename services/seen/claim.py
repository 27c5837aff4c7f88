"""Claim: who has a key, for how long, and what may become of it.

Pure. A claim is one request's: the keys that it was the first to bring. It counts for `ttl_days`
from then on, or, where it is held, until the hold ends or is confirmed.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

KEPT, DISCARDED = "kept", "discarded"

CONFIRMED, RELEASED, NOT_HELD = "confirmed", "released", "not_held"

OVER, ANOTHERS, UNKNOWN = "over", "another's", "unknown"
"""Why a hold cannot be confirmed."""

DAYS = 90
"""How long a key counts where nobody says: as long as our events are kept."""

MOST_DAYS = 3650

MOST_HOLD_SECONDS = 7 * 24 * 3600
"""A week: a workflow may wait for a person."""


class Place(NamedTuple):
    """Where a key is kept: in which scope, under which mark."""

    scope: str
    mark: UUID


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key that a caller brings, and for how long it is to count."""

    place: Place
    ttl_days: int = DAYS
    hold_seconds: int | None = None

    def standing(self, claim_id: UUID, now: datetime) -> "Standing":
        """Return how the key stands once *claim_id* has it from *now* on."""
        held = self.hold_seconds is not None
        lasting = timedelta(days=self.ttl_days)
        until = now + (timedelta(seconds=self.hold_seconds or 0) if held else lasting)
        return Standing(claim_id, now, until, self.ttl_days, held)


class Standing(NamedTuple):
    """How a key stands."""

    claim_id: UUID
    first_seen_at: datetime
    expires_at: datetime
    """When it is free again; of a hold, the hold's end."""
    ttl_days: int
    is_held: bool

    @property
    def lasts_until(self) -> datetime:
        """When it is forgotten if its hold is confirmed, or was."""
        return self.first_seen_at + timedelta(days=self.ttl_days)

    def counts(self, now: datetime) -> bool:
        """True while nobody else can have it."""
        return self.expires_at > now


class Answer(NamedTuple):
    """What becomes of a key that was brought: `kept` for the first, `discarded` for others."""

    result: str
    standing: Standing


def distinct(wanted: Sequence[Wanted]) -> dict[Place, Wanted]:
    """Return the first of *wanted* at each place, in the order of their places.

    Whoever keeps several keys takes them in this order, so that no two wait for each other.
    """
    first: dict[Place, Wanted] = {}
    for one in wanted:
        first.setdefault(one.place, one)
    return dict(sorted(first.items()))


def answers(
    wanted: Sequence[Wanted], kept: Mapping[Place, Standing], others: Mapping[Place, Standing]
) -> list[Answer | None]:
    """Return what becomes of each of *wanted*, in their order; None: it could not be decided.

    *kept* are the places that this request has now, *others* those that somebody had before.
    Of equal keys the first is kept and the rest are discarded.
    """
    taken: set[Hashable] = set()
    found: list[Answer | None] = []
    for one in wanted:
        mine = kept.get(one.place)
        if mine is not None and one.place not in taken:
            taken.add(one.place)
            found.append(Answer(KEPT, mine))
        else:
            other = mine or others.get(one.place)
            found.append(Answer(DISCARDED, other) if other else None)
    return found


def confirmed(standing: Standing | None, claim_id: UUID, now: datetime) -> str:
    """Return what confirming the hold of *claim_id* comes to: CONFIRMED, or why it cannot be."""
    if standing is None:
        return UNKNOWN
    if standing.claim_id != claim_id:
        return ANOTHERS
    return CONFIRMED if standing.counts(now) else OVER


def released(standing: Standing | None, claim_id: UUID | None, now: datetime) -> str:
    """Return what releasing a key comes to: RELEASED, or NOT_HELD where there is nothing to do.

    With a *claim_id* only what that claim has is released; without one, whatever counts.
    """
    if standing is None or not standing.counts(now):
        return NOT_HELD
    return RELEASED if claim_id in (None, standing.claim_id) else NOT_HELD
