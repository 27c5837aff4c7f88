"""Comparing again and again: one lead with a known one, as some of its fields change.

A comparison is made anew only if a field that it reads has changed, and once of the same values.
"""

from collections.abc import Callable, Collection
from functools import lru_cache
from operator import itemgetter

from services.dedup import linkage
from services.dedup.beside import Beside, Carriers
from services.dedup.comparisons import COMPARISONS, SURROUNDINGS
from services.dedup.contact import Line
from services.dedup.context import Levels
from services.dedup.linkage import Match
from services.dedup.record import MAIL, NAME, Record

MOST_REMEMBERED = 512
"""Sets of fields whose reach is kept in memory; two of a lead's fields make about a hundred."""

READS = {
    "email": (*MAIL, *NAME),
    "phone": (*Line._fields, "country"),
    "name": (*NAME, "country"),
    "mailbox": (*MAIL, *NAME),
    "organisation": ("company", "organisation"),
    "title": ("title",),
    "birth": ("born", "generation"),
    "place": ("street", "city", "postal_code", "country"),
}
"""By comparison, the fields of a record that it may read. What is not told here reads them all."""

Comparison = Callable[[Record, Record], str | None]


@lru_cache(MOST_REMEMBERED)
def reached(fields: tuple[str, ...]) -> tuple[tuple[str, Comparison], ...]:
    """Return the comparisons that read one of these *fields*, by name."""
    return tuple(
        (each.__name__, each)
        for each in COMPARISONS
        if not {*READS.get(each.__name__, Record._fields)}.isdisjoint(fields)
    )


class Repeated:
    """A lead beside a known one; neither gives further mailboxes or lines."""

    __slots__ = ("_again", "_first", "_same_ip", "_seconds_apart", "known")

    def __init__(self, first: Levels, known: Record, beside: Beside):
        """*first* is what was found in the lead as it is, *beside* what surrounds both."""
        self.known = known
        _, self._same_ip, self._seconds_apart = beside
        self._first = first
        self._again: dict[object, str | None] = {}

    def likeliness(self, record: Record, moved: tuple[str, ...], carriers: Carriers) -> float:
        """Return how likely *record* is of the known person; *carriers* are counted of it.

        It differs from the lead in the fields that *moved*.
        """
        beside = Beside(carriers, self._same_ip, self._seconds_apart)
        return linkage.likeliness(self.found(record, moved), record, self.known, beside)

    def match(
        self, record: Record, moved: tuple[str, ...], carriers: Carriers, off: Collection[str]
    ) -> Match:
        """Return what comparing it gives, where some comparisons are *off*."""
        beside = Beside(carriers, self._same_ip, self._seconds_apart)
        return linkage.matched(self.found(record, moved), record, self.known, beside, off)

    def found(self, record: Record, moved: tuple[str, ...]) -> Levels:
        """Return what `linkage.found` does of *record* and the known one."""
        levels, again, more = dict(self._first), self._again, False
        for name, comparison in reached(moved):
            if name in _DEAR:
                values = _DEAR[name](record)
                if values not in again:
                    again[values] = comparison(record, self.known)
                level = again[values]
            else:
                level = comparison(record, self.known)
            if level is None:
                levels.pop(name, None)
            else:
                more = more or name not in levels
                levels[name] = level
        return {name: levels[name] for name in _ORDER if name in levels} if more else levels


_ORDER = tuple(each.__name__ for each in (*COMPARISONS, *SURROUNDINGS))

_DEAR = {
    name: itemgetter(*map(Record._fields.index, READS[name])) for name in ("name", "organisation")
}
"""Comparisons that take longer than looking up what they gave of the same values, and those."""
