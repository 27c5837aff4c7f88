"""A catalogue made ready for scoring: what its services want, as columns.

Pure. For each constraint and criterion stand the distinct things wanted, each once, and for every
service the number of its own. A lead is then compared with distinct things alone, and what it got
is read off the columns: ten thousand services name a few hundred trades and places.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.matching.constraints import CONSTRAINTS
from services.matching.criteria import CRITERIA
from services.matching.service import Service

USUAL_WEIGHTS = tuple(criterion.most for criterion in CRITERIA)
"""Points of each of CRITERIA where a service has learned none of its own (contract, section 3)."""


@dataclass(frozen=True, slots=True)
class Column:
    """What all services want of one constraint or criterion."""

    distinct: Sequence[Any]
    numbers: Sequence[int]
    """Of each service, in the order of the catalogue: where its own stands in `distinct`."""

    def of(self, rows: Sequence[int]) -> "Column":
        """Return the column of some services."""
        return Column(self.distinct, [self.numbers[row] for row in rows])


@dataclass(frozen=True, slots=True)
class Prepared:
    """Services in the order of their ids, with a column for each of CONSTRAINTS and CRITERIA."""

    services: Sequence[Service]
    constraints: Sequence[Column]
    criteria: Sequence[Column]
    weights: Mapping[int, tuple[float, ...]]
    """By row: points for each of CRITERIA, of services that have others than USUAL_WEIGHTS."""

    def weights_of(self, row: int) -> tuple[float, ...]:
        """Return what each of CRITERIA gives at most, of the service in *row*."""
        return self.weights.get(row, USUAL_WEIGHTS)

    def only(self, rows: Sequence[int]) -> "Prepared":
        """Return the catalogue of some services, by where they stand; *rows* ascend."""
        return Prepared(
            [self.services[row] for row in rows],
            [column.of(rows) for column in self.constraints],
            [column.of(rows) for column in self.criteria],
            {to: self.weights[row] for to, row in enumerate(rows) if row in self.weights},
        )


def prepared(services: Iterable[Service]) -> Prepared:
    """Return *services* made ready, in any order; good until one of them changes."""
    ordered = sorted(services, key=lambda service: str(service.id))
    return Prepared(
        ordered,
        [_column(ordered, constraint.wanted) for constraint in CONSTRAINTS],
        [_column(ordered, criterion.wanted) for criterion in CRITERIA],
        _weights(ordered),
    )


def _weights(services: Sequence[Service]) -> dict[int, tuple[float, ...]]:
    """Return weights other than USUAL_WEIGHTS, by row. Raises ValueError for too many or few."""
    found = {row: one.weights for row, one in enumerate(services) if one.weights is not None}
    if any(len(weights) != len(CRITERIA) for weights in found.values()):
        raise ValueError("weights are one for each criterion")
    return {row: weights for row, weights in found.items() if weights != USUAL_WEIGHTS}


def _column(services: Sequence[Service], wanted: Callable[[Service], Hashable]) -> Column:
    known: dict[Hashable, int] = {}
    numbers = [known.setdefault(wanted(service), len(known)) for service in services]
    return Column(list(known), numbers)
