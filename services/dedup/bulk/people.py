"""Who is who among the rows of a table: each compared as the live check would have.

A row is compared with those before it that share a key, and of each key with the newest fifty, as
a lead is. Most pairs say by themselves how likely they are. Where several rows hang together it
matters who of them are one person: it says how many people carry a number, and a person's name
and mailbox are known from all their rows. There the rows are gone through in their order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from math import log2
from typing import NamedTuple
from uuid import UUID

from services.dedup import beside, blocking, clustering
from services.dedup.blocking import Key
from services.dedup.bulk.rows import UNDATED, moment
from services.dedup.compared import (
    Compared,
    Known,
    Names,
    Submission,
    compare,
    completed,
    names_given,
)
from services.dedup.linkage import Match
from services.dedup.policy import Policy
from services.dedup.record import Record

DOUBT = 0.001
"""Match probability from which two rows hang together: below it no other row of a person could
make them one, as a rule, and there are ten times as many."""

WHOLE = 60
"""Rows that hang together of which every two are compared for the clusters. Of more, those alone
that share a key: the others say nothing."""

MOST_TOGETHER = 1_000
"""Rows whose clusters are sought at once: their pairs are kept in memory. Of more, a row stands
with the earlier one that it is likeliest to be."""

NONE_TOLD: Mapping[str, str] = {}

_NEVER = moment(UNDATED)

Pair = tuple[int, int]
"""The places of two rows in the order in which they came: the later first."""


class Row(NamedTuple):
    """A row that is compared."""

    place: int
    """In the order in which the rows came; ties by their order in the table."""
    at: float
    record: Record


@dataclass(frozen=True, slots=True)
class Manner:
    """How a table is gone through."""

    policy: Policy
    threshold: float
    """Match probability from which two rows are a link, in (0, 1]."""
    candidates: int
    """Rows of a key that a row is compared with: the newest before it."""
    people: int
    """Rows of a key among which its people are counted, where more than *candidates* share it."""
    explained: bool = False
    """True if it is to be said why."""

    @property
    def link(self) -> float:
        """Return the match probability from which two rows may be one person."""
        return min(self.threshold, self.policy.block)


Single = Callable[[Row, Row], Match]
"""What comparing a row with an earlier one gives, whoever else there is."""


class Found(NamedTuple):
    """What became of rows that hang together."""

    compared: Mapping[Pair, Match]
    clusters: Sequence[Sequence[int]]
    """Places of the rows of one person each, two or more."""


def alone(own: Row, known: Row, policy: Policy) -> Match:
    """Return what comparing *own* with the earlier *known* gives, whoever else there is."""
    return _compared(own, _known(known, known.place), beside.NOBODY, policy).match


def together(
    rows: Sequence[Row], pairs: Iterable[Pair], manner: Manner, single: Single | None = None
) -> Found:
    """Return the *pairs* of *rows* as the live check would have compared them, and the clusters.

    *rows* are all that hang together, in their order. *single* may say what two of them give by
    themselves; it must say what `alone` says.
    """
    single = single or partial(alone, policy=manner.policy)
    before: dict[int, list[int]] = defaultdict(list)
    for later, earlier in pairs:
        before[later].append(earlier)
    people: dict[int, int] = {}
    matches: dict[Pair, Match] = {}
    values: dict[Key, list[int]] = defaultdict(list)
    by_place = {row.place: row for row in rows}
    for own in rows:
        given = blocking.values(own.record)
        known = [_known(by_place[each], people[each]) for each in sorted(before[own.place])]
        counted = _carriers(own, known, given, values, people, manner)
        named = names_given(known)
        found = [
            _beside(own, by_place[_place(each)], each, named, counted, manner, single)
            for each in known
        ]
        matches |= {(own.place, _place(each.known)): each.match for each in found}
        people[own.place] = _person(own, found, manner.policy.block)
        for key in set(given.values()):
            values[key].append(own.place)
    return Found(matches, _clusters(by_place, matches, manner, single))


def _carriers(
    own: Row,
    known: Sequence[Known],
    given: Mapping[str, Key],
    values: Mapping[Key, Sequence[int]],
    people: Mapping[int, int],
    manner: Manner,
) -> beside.Carriers:
    """Return how many people carry what *own* gives, as `Neighbourhood.carriers` does."""
    counted = beside.carriers(own.record, ((each.subject_id, each.record) for each in known))
    for name, key in given.items():
        sharing = values.get(key, ())
        if len(sharing) >= manner.candidates:
            crowd = len({people[each] for each in sharing[-manner.people :]})
            counted[name] = max(counted.get(name, 0), crowd)
    return counted


def _beside(
    own: Row,
    row: Row,
    known: Known,
    named: Names,
    counted: beside.Carriers,
    manner: Manner,
    single: Single,
) -> Compared:
    """Return what comparing *own* with *known*, which is *row*, gives, as `verdict` does."""
    whole = completed(known, named, own.record)
    if whole is known and max(counted.values()) < 2:  # the others change nothing
        return Compared(known, single(own, row), counted)
    return _compared(own, whole, counted, manner.policy)


def _compared(own: Row, known: Known, carriers: beside.Carriers, policy: Policy) -> Compared:
    if own.at == UNDATED or known.submitted_at == _NEVER:
        policy = _timeless(policy)
    sent = Submission("", NONE_TOLD, moment(own.at))
    return compare(sent, own.record, known, carriers, None, policy)


@cache
def _timeless(policy: Policy) -> Policy:
    return replace(policy, off=policy.off | {"time"}, half_life_days=None)


def _person(own: Row, found: Sequence[Compared], block: float) -> int:
    """Return whose row *own* is: of the likeliest person, the oldest among equals, or its own."""
    best = max(found, key=lambda c: (c.match.probability, -_place(c.known)), default=None)
    if best is None or best.match.probability < block:
        return own.place
    return best.known.subject_id.int


def _known(row: Row, person: int) -> Known:
    subject = UUID(int=person)
    return Known(UUID(int=row.place), subject, subject, "", moment(row.at), row.record)


def _place(known: Known) -> int:
    return known.lead_id.int


def _clusters(
    rows: Mapping[int, Row], matches: Mapping[Pair, Match], manner: Manner, single: Single
) -> list[list[int]]:
    if len(rows) > MOST_TOGETHER:
        return _beside_the_likeliest(matches, manner.threshold)
    links = [pair[::-1] for pair, match in matches.items() if likely(match, manner.threshold)]
    least = min(0.0, log_odds(manner.threshold))
    return clustering.clusters(links, _odds(rows, matches, manner, single), least)


def joins(probability: float, threshold: float) -> bool:
    """True if two rows that hang together with nobody else are one person, as `clusters` has it."""
    return probability >= threshold and probability > min(0.5, threshold)


def likely(match: Match, threshold: float) -> bool:
    """True if the rows of *match* are a link."""
    return match.probability >= threshold


def _odds(
    rows: Mapping[int, Row], matches: Mapping[Pair, Match], manner: Manner, single: Single
) -> Callable[[int, int], float]:
    """Return what two rows say for being one person, and against it.

    Rows that are no link count by their evidence alone and never for it: of whoever gave only an
    address and who gave only a number nothing is known, and the prior is no contradiction.
    """

    def odds(earlier: int, later: int) -> float:
        match = matches.get((later, earlier))
        if match is None and len(rows) > WHOLE:
            return 0.0
        match = match or single(rows[later], rows[earlier])
        told = log_odds(match.probability)
        return told if likely(match, manner.threshold) else min(0.0, told - _prior(manner))

    return odds


def _prior(manner: Manner) -> float:
    return manner.policy.model.prior


def _beside_the_likeliest(matches: Mapping[Pair, Match], threshold: float) -> list[list[int]]:
    likeliest: dict[int, tuple[float, int]] = {}
    for (own, known), match in matches.items():
        if likely(match, threshold):
            told = (match.probability, -known)
            likeliest[own] = max(told, likeliest.get(own, told))
    first: dict[int, int] = {}
    clusters: dict[int, list[int]] = {}
    for own, (_, known) in sorted(likeliest.items()):
        original = first[own] = first.get(-known, -known)
        clusters.setdefault(original, [original]).append(own)
    return sorted(clusters.values())


def log_odds(probability: float) -> float:
    """Return *probability* in [0, 1] as log2 odds, in [-64, 64]."""
    least = 2.0**-64
    return log2(max(least, probability) / max(least, 1.0 - probability))
