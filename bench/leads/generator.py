"""Leads in order of arrival: half unremarkable, a quarter duplicates, a quarter hard negatives."""

import math
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bench.leads import (
    duplicates_contact,
    duplicates_names,
    duplicates_work,
    negatives_home,
    negatives_work,
)
from bench.leads.arrival import Arrival
from bench.leads.evidence import different_plainly, reachable_alike, same_plainly
from bench.leads.people import World
from bench.leads.scene import Entry, Scene
from bench.leads.view import Draft, View, filled

DUPLICATES = (*duplicates_contact.KINDS, *duplicates_names.KINDS, *duplicates_work.KINDS)
NEGATIVES = (*negatives_work.KINDS, *negatives_home.KINDS)

YEAR = (datetime(2025, 11, 1, tzinfo=UTC), timedelta(days=365))
"""When leads begin to arrive, and for how long."""

GAPS = (60.0, 8 * 30 * 86_400.0)
"""Seconds between a lead and one made from it, drawn evenly on a logarithmic scale."""

PLACEHOLDERS = 0.02
"""Share of unremarkable leads with a filler in one field."""

TRIES = 12
"""How often another earlier lead is taken where the kind did not fit or nobody could decide."""

KEPT_AMBIGUOUS = 0.08
"""Share of undecidable leads that are kept, marked: real traffic has them, too."""


def arrivals(seed: int, people: int) -> list[Arrival]:
    """Return the leads of *people* people, and of some of them again, sorted by arrival.

    A third of the people are hard negatives; duplicates are as many. The same for the same seed.
    """
    return _Stream(random.Random(seed)).run(people)


class _Stream:
    def __init__(self, rng: random.Random):
        self.rng, self.world = rng, World(rng)
        self.drafts: list[Draft] = []
        self.pools: dict[str, list[Draft]] = defaultdict(list)

    def run(self, people: int) -> list[Arrival]:
        """Return the arrivals."""
        negatives = people // 3
        for _ in range(people - negatives):
            self._first()
        plan = _evenly(self.rng, "dup", DUPLICATES, negatives)
        plan += _evenly(self.rng, "neg", NEGATIVES, negatives)
        self.rng.shuffle(plan)
        for family, entry in plan:
            self._made(family, entry)
        return self._sorted()

    def _first(self) -> None:
        view = filled(self.rng, self.world.person())
        if self.rng.random() < PLACEHOLDERS and len(view.said) > 2:
            view = negatives_home.with_placeholder(Scene(self.rng, self.world, view), view)
        self._add(Draft(view, YEAR[0] + self.rng.random() * YEAR[1], "first"))

    def _made(self, family: str, entry: Entry) -> None:
        """Add a lead of kind *entry*, if any earlier lead lends itself to it."""
        pool = self.pools[f"{family}:{entry.name}"]
        keep = self.rng.random() < KEPT_AMBIGUOUS
        for _ in range(TRIES if pool else 0):
            of = self.rng.choice(pool)
            view = entry.kind(Scene(self.rng, self.world, of.view))
            if view is None or not view.lead():
                continue
            draft = Draft(view, self._later(of.at), f"{family}:{entry.name}", of)
            if keep or not self._ambiguous(draft):
                self._add(draft)
                return

    def _later(self, at: datetime) -> datetime:
        rest = (YEAR[0] + YEAR[1] - at).total_seconds()
        low, high = (math.log(seconds) for seconds in GAPS)
        gap = math.exp(self.rng.uniform(low, high))
        return at + timedelta(seconds=gap if gap < rest else self.rng.random() * rest)

    def _add(self, draft: Draft) -> None:
        if not {"email", "phone"} & {*draft.view.lead()}:
            return  # no form of a duplicate check takes it
        self.drafts.append(draft)
        for family, entries in (("dup", DUPLICATES), ("neg", NEGATIVES)):
            for entry in entries:
                if entry.suits(draft.view):
                    self.pools[f"{family}:{entry.name}"].append(draft)

    def _ambiguous(self, draft: Draft) -> bool:
        """Return True if nobody could decide, by what the two leads say."""
        if draft.of is None:
            return False
        shared = self.world.shared_phones
        double = draft.kind.startswith("dup:") and draft.view.person.number in self.world.doubles
        if double and not reachable_alike(draft.of.view, draft.view):
            return True  # it may as well be the namesake
        plainly = same_plainly if draft.kind.startswith("dup:") else different_plainly
        return not plainly(draft.of.view, draft.view, shared)

    def _sorted(self) -> list[Arrival]:
        ordered = sorted(self.drafts, key=lambda draft: draft.at)
        places = {id(draft): place for place, draft in enumerate(ordered)}
        seen: set[int] = set()
        found = []
        for draft in ordered:
            person = draft.view.person
            of = None if draft.of is None else places[id(draft.of)]
            found.append(self._arrival(draft, person.number in seen, of))
            seen.add(person.number)
        return found

    def _arrival(self, draft: Draft, known: bool, of: int | None) -> Arrival:
        view: View = draft.view
        return Arrival(
            lead=view.lead(),
            submitted_at=draft.at,
            ip=view.ip,
            source_id=view.form.source_id,
            person=view.person.number,
            known=known,
            kind=draft.kind,
            country=view.person.country.code,
            group=view.person.country.group,
            ambiguous=self._ambiguous(draft),
            of=of,
        )


def _evenly(
    rng: random.Random, family: str, entries: Sequence[Entry], count: int
) -> list[tuple[str, Entry]]:
    """Return *count* kinds, each as often as the others."""
    order = list(entries)
    rng.shuffle(order)
    return [(family, order[place % len(order)]) for place in range(count)]
