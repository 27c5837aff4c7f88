"""Without labels: what an account's own pairs say of single levels, by expectation maximisation.

A pair that shares a key is of one person or of two, and the other comparisons say how likely. So
how often a level is found among pairs of one person (m) and of two (u) is counted with each pair
split by what all comparisons *but this one* make of it: nothing proves itself. Fellegi and Sunter
(1969) with the leave-one-out that Splink gets by training on several blockings.

Left out of one, a pair of colleagues is not taken for a match by what colleagues share, for those
levels are exchanged beside contradicting names (`context`): only pairs whose names do not
contradict are counted, and only levels that mean the same wherever they stand. Names, and what is
worked out from others, keep their weights. See docs/decisions/0060.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.dedup import model
from services.dedup.training import fitting
from services.dedup.training.fitting import LN2, Fitted, Level, Pattern
from shared.errors import Meaningless

ROUNDS = 20
"""Expectations and maximisations; weights held near the running ones settle in fewer."""

LEAST = 200.0
"""Pairs of one person, and of two, that a comparison needs to be counted at all: below, an m or u
of a few per cent is known to a third at best."""

SPREAD = 0.25
"""Standard deviation in bits around the running weight, a quarter of labelled pairs': that
comparisons say nothing of each other is not quite true."""

SURE = 5.0
"""Log2 odds by all other comparisons from which a pair counts as of one person, or of two (1 in
33): what is doubtful is left out, for a few matches among the others would drown a small u."""

DOUBT = 0.5
"""Bits of error that stay in an estimate however many pairs there are, for the same reason."""

TAUGHT = ("email", "phone", "organisation", "title", "birth", "place", "ip")
"""Comparisons whose plain levels are counted."""

IN_CONTEXT = {
    "email": {"mailbox_of_a_namesake", "shared_by_colleagues", "other_mailbox_same_organisation"},
    "phone": {"line_of_relatives", *model.SEVERAL},
    "title": {"other_post", "shared_by_colleagues"},
    "birth": {"same_beside_alike_names", "same_as_of_twins", "same_under_short_form"},
}
"""Levels that others have decided on."""

SELECTED_BY = {
    "email": {"email", "name+domain", "name+local"},
    "phone": {"phone", "name+phone", "name+phone end"},
    "organisation": {"email", "name+domain", "name+company"},
    "birth": {"name+born"},
    "place": {"name+city", "name+postal"},
}
"""By comparison, the kinds of key that agree because it does: pairs that share no other were
chosen by what is to be counted."""

Kinds = frozenset[str]
"""The kinds of key that a pair shares."""

Counted = Mapping[tuple[Pattern, Kinds], float]
"""How often each pattern of levels was found among pairs that share keys of these kinds."""


@dataclass(frozen=True, slots=True)
class Estimated:
    """What the pairs say."""

    found: Fitted
    matches: float
    """Pairs of one person, as the levels say."""
    levels: int
    """Levels of which they said something."""


def estimated(counted: Counted, running: Fitted) -> Estimated:
    """Return the weights that *counted* pairs make likely, near those of the *running* model.

    Raises Meaningless where they do not tell matches from others: too few pairs of either.
    """
    pairs = _Pairs(counted, running)
    weights, seen = dict(running.weights), 0
    for _ in range(ROUNDS):
        moved, seen = 0.0, 0
        for level, weight in pairs.estimates(running.weights):
            moved = max(moved, abs(weight - weights[level]))
            pairs.move(level, weight - weights[level])
            weights[level] = weight
            seen += 1
        if moved < 0.001:
            break
    matches = pairs.matches
    if not seen:
        raise Meaningless(
            f"These leads do not teach a model: of {pairs.total:,.0f} pairs that share a value, "
            f"{matches:,.0f} are likely of one person. {LEAST:.0f} of one person and as many of "
            "two people, told by all other values, are needed for at least one comparison."
        )
    return Estimated(Fitted(running.prior, weights), matches, seen)


class _Pairs:
    """Patterns as columns: how often, their log2 odds, and which of them show a level."""

    def __init__(self, counted: Counted, running: Fitted):
        patterns = [pattern for pattern, _ in counted]
        self._count = np.fromiter(counted.values(), dtype=float)
        self._score = np.array([running.score(each) for each in patterns], dtype=float)
        self._weights = dict(running.weights)
        self._rows = _rows(patterns)
        self._open = np.array([_names_agree(each) for each in patterns], dtype=bool)
        self._chosen = {
            comparison: np.array([kinds <= by for _, kinds in counted], dtype=bool)
            for comparison, by in SELECTED_BY.items()
        }

    @property
    def total(self) -> float:
        """Return how many pairs there are."""
        return float(self._count.sum())

    @property
    def matches(self) -> float:
        """Return how many of them are of one person, as they are weighed now."""
        return float((self._count * fitting.likely(self._score)).sum())

    def move(self, level: Level, bits: float) -> None:
        """Weigh *level* by so much more."""
        self._score[self._rows[level[0]][level]] += bits
        self._weights[level] += bits

    def estimates(self, held: Mapping[Level, float]) -> Iterator[tuple[Level, float]]:
        """Yield each level that can be told, with its weight, near the one that is *held*."""
        for comparison in TAUGHT:
            rows = self._rows.get(comparison, {})
            plain = [level for level in rows if level[1] not in IN_CONTEXT.get(comparison, ())]
            for agreeing in (True, False):
                shares = {level: self._without(level, rows[level], agreeing) for level in rows}
                same = sum(share[0] for share in shares.values())
                other = sum(share[1] for share in shares.values())
                for level in plain:
                    if min(same, other) >= LEAST and agreeing is (_judged(level) >= 0):
                        yield level, _near(held[level], shares[level], same, other, level)

    def _without(self, level: Level, rows: NDArray[np.intp], agreeing: bool) -> tuple[float, float]:
        """Return how many pairs with *level* are of one person and of two by all but it.

        Where an agreement is counted (*agreeing*), only pairs whose names agree.
        """
        if agreeing:
            rows = rows[self._open[rows]]
        if level[0] in self._chosen:
            rows = rows[~self._chosen[level[0]][rows]]
        rest, count = self._score[rows] - self._weights[level], self._count[rows]
        return float(count[rest >= SURE].sum()), float(count[rest <= -SURE].sum())


def _judged(level: Level) -> float:
    return model.JUDGED[level[0]][level[1]].weight


def _near(
    held: float, share: tuple[float, float], same: float, other: float, level: Level
) -> float:
    """Return the weight of a level between what is *held* and what was counted, by their errors."""
    m, u = (share[0] + 0.5) / (same + 1), (share[1] + 0.5) / (other + 1)
    error = (1 / (share[0] + 0.5) + 1 / (share[1] + 0.5)) / LN2**2 + DOUBT**2
    counted = float(np.log2(m / u))
    weight = (held / SPREAD**2 + counted / error) / (1 / SPREAD**2 + 1 / error)
    return 0.0 if _judged(level) * weight < 0 else weight


def _names_agree(pattern: Pattern) -> bool:
    name = dict(pattern).get("name")
    return name is None or name in model.ONE_NAME


def _rows(patterns: Iterable[Pattern]) -> dict[str, dict[Level, NDArray[np.intp]]]:
    found: dict[str, dict[Level, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, each in enumerate(patterns):
        for level in each:
            found[level[0]][level].append(place)
    return {
        comparison: {level: np.array(rows, dtype=np.intp) for level, rows in levels.items()}
        for comparison, levels in found.items()
    }
