"""Pairs of a table's rows compared by themselves, millions of them.

In a table names, employers and towns repeat, and the pairs of a key come together. So what two
names or two employers gave is remembered, and so is what all levels of a pair came to: the match
follows from them. What a pair gives is what `people.alone` gives.
"""

from collections.abc import Callable, Hashable
from dataclasses import replace
from operator import itemgetter
from typing import NamedTuple, TypeVar

from services.dedup import comparisons, model
from services.dedup.beside import Beside
from services.dedup.bulk.people import UNDATED, Manner, Row, alone
from services.dedup.compared import DAY
from services.dedup.linkage import Match
from services.dedup.policy import applied
from services.dedup.record import NAME, Record
from services.dedup.relation import RELATIONS, relation

MOST_REMEMBERED = 200_000
"""Pairs of names, of employers, and of all levels that are remembered. Of a million generated rows
two of five pairs bring names that were not compared before; with 30,000 a tenth more time goes."""

DAY_SECONDS = DAY.total_seconds()

Level = str | None

T = TypeVar("T")


class Side(NamedTuple):
    """A row as one of a pair, with what is asked of it in every pair."""

    row: Row
    record: Record
    microseconds: int | None
    """Since 1970; None for a row that does not say when it came."""
    named: Hashable
    """All that comparing names reads."""
    employed: Hashable
    """All that comparing employers reads."""
    several: bool
    """True if it gives several mailboxes or numbers."""

    @classmethod
    def of(cls, row: Row) -> "Side":
        """Return *row* as one of a pair."""
        record = row.record
        return cls(
            row,
            record,
            None if row.at == UNDATED else round(row.at * 1e6),
            _named(record),
            _employed(record),
            bool(record.other_mailboxes or record.other_lines),
        )


class Told(NamedTuple):
    """What a pair gave."""

    match: Match
    relation: int
    """Position in `RELATIONS`."""


class Weighing:
    """Compares pairs under one manner, and remembers what repeats."""

    def __init__(self, manner: Manner):
        self._policy, self._threshold = manner.policy, manner.threshold
        # How much is left of what ages follows from the days between two rows, not from levels.
        self._steady = replace(manner.policy, half_life_days=None)
        self._names: dict[Hashable, Level] = {}
        self._employers: dict[Hashable, Level] = {}
        self._told: dict[Hashable, Told] = {}

    def told(self, own: Side, known: Side) -> Told:
        """Return what *own* and the earlier *known* give, as `people.alone` does."""
        if own.several or known.several:
            return self._whole(own, known)
        apart = _apart(own, known)
        a, b = own.record, known.record
        name = self._name(own, known)
        levels = [each(a, b) for each in _PLAIN]
        if name in model.INITIALS and "spelt_after_somebody_else" in levels:
            return self._whole(own, known)  # the mailbox says whose initial it is
        employer = self._employer(own, known)
        gap = None if apart is None else comparisons.time(Beside(seconds_apart=apart))
        domain = a.organisation and (a.organisation == b.organisation)
        found = (name, employer, gap, domain, *levels)
        told = self._told.get(found)
        if told is None:
            told = self.tell(alone(own.row, known.row, self._steady))
            _remember(self._told, found, told)
        if self._policy.half_life_days is None or apart is None:
            return told
        return self.tell(applied(told.match, self._policy, apart / DAY_SECONDS))

    def _whole(self, own: Side, known: Side) -> Told:
        return self.tell(alone(own.row, known.row, self._policy))

    def tell(self, match: Match) -> Told:
        """Return what *match* says of two rows."""
        return Told(match, _RELATION[relation(match, self._threshold)])

    def _name(self, own: Side, known: Side) -> Level:
        pair = own.named, known.named
        if pair not in self._names:
            _remember(self._names, pair, comparisons.name(own.record, known.record))
        return self._names[pair]

    def _employer(self, own: Side, known: Side) -> Level:
        if own.employed is None or known.employed is None:
            return None
        pair = own.employed, known.employed
        if pair not in self._employers:
            _remember(self._employers, pair, comparisons.organisation(own.record, known.record))
        return self._employers[pair]


def _remember(known: dict[Hashable, T], what: Hashable, gave: T) -> None:
    if len(known) >= MOST_REMEMBERED:
        known.clear()
    known[what] = gave


def _apart(own: Side, known: Side) -> float | None:
    """Return how many seconds are between two rows; None if one of them does not say when."""
    if own.microseconds is None or known.microseconds is None:
        return None
    return abs(own.microseconds - known.microseconds) / 1e6


def _employed(record: Record) -> Hashable:
    firm = record.company
    if firm is None:
        return record.organisation or None
    return record.organisation, firm.canonical, firm.legal_form, firm.tokens, firm.acronyms


_named = itemgetter(*map(Record._fields.index, NAME))

_PLAIN: tuple[Callable[[Record, Record], Level], ...] = tuple(
    each
    for each in comparisons.COMPARISONS
    if each not in (comparisons.name, comparisons.organisation)
)
"""Comparisons of what seldom repeats."""

_RELATION = {name: place for place, name in enumerate(RELATIONS)}
