"""Scores of one lead against all services of a prepared catalogue, without words.

Pure, plain arithmetic on columns, so that a later step may put arrays in place of the lists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest

from services.matching.constraints import CONSTRAINTS
from services.matching.criteria import CRITERIA, Criterion
from services.matching.prepared import USUAL_WEIGHTS, Column, Prepared
from services.matching.profile import Profile
from shared.privacy.modes import Mode

DECIMALS = 9
"""Of a score that is compared: sums of the same parts may differ in the sixteenth digit."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one lead got. Lists of equal length, one entry a service that may have the lead."""

    refused: dict[int, int]
    """By row of the catalogue: which of CONSTRAINTS excludes the lead."""
    rows: Sequence[int]
    """Rows of the catalogue, ascending."""
    expected: Sequence[float]
    """Points, 0 to 100, to DECIMALS."""
    high: Sequence[float]
    """The most points there could be."""

    def best(self, most: int | None) -> list[int]:
        """Return where the best *most* stand in the lists: by points, then by service id."""
        return _first(self.expected, most)

    def promising(self, most: int) -> list[int]:
        """Return where those stand that could get most points."""
        return _first(self.high, most)


def ranking(catalogue: Prepared, profile: Profile, now: datetime, mode: Mode) -> Ranking:
    """Return what *profile* gets of each service of *catalogue* at *now* (aware)."""
    refused, rows = _refused(catalogue, profile, now, mode)
    scored = [
        _points(criterion, column, rows, profile, now)
        for criterion, column in zip(CRITERIA, catalogue.criteria, strict=True)
    ]
    expected, high = zip(*scored, strict=True)
    return Ranking(
        refused,
        rows,
        [round(total, DECIMALS) for total in _totals(catalogue, rows, expected)],
        _totals(catalogue, rows, high),
    )


def _totals(
    catalogue: Prepared, rows: Sequence[int], points: Sequence[Sequence[float]]
) -> list[float]:
    """Return the sums of *points*, a list a criterion, as each row's service weights them."""
    totals = [sum(parts) for parts in zip(*points, strict=True)]
    if catalogue.weights:
        for place, row in enumerate(rows):
            if row in catalogue.weights:
                totals[place] = weighted([one[place] for one in points], catalogue.weights[row])
    return totals


def weighted(points: Sequence[float], weights: Sequence[float]) -> float:
    """Return the score, 0 to 100, of the usual *points* by criterion under other *weights*.

    Each is the sum of weight times share, and a share is points by their usual most.
    """
    parts = zip(weights, points, USUAL_WEIGHTS, strict=True)
    return sum(weight * (part / most) for weight, part, most in parts)


def _refused(
    catalogue: Prepared, profile: Profile, now: datetime, mode: Mode
) -> tuple[dict[int, int], Sequence[int]]:
    """Return which constraint excludes the lead, by row, and the rows of the other services."""
    refused: dict[int, int] = {}
    rows: Sequence[int] = range(len(catalogue.services))
    for which, constraint in enumerate(CONSTRAINTS):
        column = catalogue.constraints[which]
        numbers, excludes = _numbers(column, rows), constraint.excludes
        found = {n for n in set(numbers) if excludes(column.distinct[n], profile, now, mode)}
        if found:
            pairs = list(zip(rows, numbers, strict=True))
            refused |= {row: which for row, number in pairs if number in found}
            rows = [row for row, number in pairs if number not in found]
    return refused, rows


def _points(
    criterion: Criterion, column: Column, rows: Sequence[int], profile: Profile, now: datetime
) -> tuple[list[float], list[float]]:
    """Return the expected and the most points of a criterion, an entry a row."""
    numbers, most = _numbers(column, rows), criterion.most
    expected, high = {}, {}
    for number in set(numbers):
        span = criterion.span(column.distinct[number], profile, now)
        expected[number], high[number] = most * span.expected, most * span.high
    return [expected[number] for number in numbers], [high[number] for number in numbers]


def refusal(
    catalogue: Prepared, row: int, which: int, profile: Profile, now: datetime, mode: Mode
) -> str:
    """Return in words why constraint *which* of CONSTRAINTS excludes the lead from *row*."""
    column = catalogue.constraints[which]
    return CONSTRAINTS[which].reason(column.distinct[column.numbers[row]], profile, now, mode)


def _numbers(column: Column, rows: Sequence[int]) -> Sequence[int]:
    numbers = column.numbers
    return numbers if len(rows) == len(numbers) else [numbers[row] for row in rows]


def _first(points: Sequence[float], most: int | None) -> list[int]:
    """Return where the *most* greatest stand, of equal ones the earlier; None: all."""
    places = range(len(points))
    key = points.__getitem__
    if most is None:
        return sorted(places, key=key, reverse=True)
    return nlargest(most, places, key=key)
