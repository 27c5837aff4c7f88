"""Weights in words: what holds, what was learned, and how the two compare."""

from datetime import UTC
from typing import Any

from services.matching.catalogue_answer import by_criterion
from services.matching.outcome import LEAST, LEAST_OF_A_SORT, Foretold, Learned
from services.matching.prepared import USUAL_WEIGHTS
from services.matching.weighing import Lesson, State
from services.matching.weights_store import InForce, Weights

DECIMALS = 4
"""Of losses and shares that are answered."""


def state(found: State) -> dict[str, Any]:
    """Return what holds of a service's weights."""
    service = found.service
    return {
        "success": True,
        "service_id": service.id,
        "service_version": service.version,
        "weights": by_criterion(service.weights or USUAL_WEIGHTS),
        "version": service.weights_version,
        "learning": found.mode,
        "outcomes": {
            "count": found.outcomes,
            "good": found.good,
            "least": LEAST,
            "least_of_a_sort": LEAST_OF_A_SORT,
        },
        "sets": [_set(one, service.weights_version) for one in found.sets],
        "changes": [_change(one) for one in found.changes],
    }


def lesson(done: Lesson) -> dict[str, Any]:
    """Return what learning came to."""
    learned = done.learned
    return {
        "success": True,
        "service_id": done.service.id,
        "version": done.version,
        "in_force": done.in_force,
        "comparison": _compared(learned, learned.usual, learned.learned),
    }


def _set(one: Weights, in_force: int | None) -> dict[str, Any]:
    usual = Foretold(one.usual_log_loss, one.usual_pair_order)
    learned = Foretold(one.learned_log_loss, one.learned_pair_order)
    return _compared(one, usual, learned) | {
        "version": one.version,
        "in_force": one.version == in_force,
        "learned_at": one.learned_at.astimezone(UTC),
        "learned_by": one.learned_by,
    }


def _compared(
    one: Learned | Weights, usual: Foretold | None, learned: Foretold | None
) -> dict[str, Any]:
    return {
        "accepted": one.accepted,
        "verdict": one.verdict,
        "weights": by_criterion(one.weights),
        "outcomes": one.outcomes,
        "good": one.good,
        "usual": _foretold(usual),
        "learned": _foretold(learned),
        "gain": _rounded(one.gain),
        "gain_error": _rounded(one.gain_error),
    }


def _foretold(one: Foretold | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"log_loss": _rounded(one.log_loss), "pair_order": _rounded(one.pair_order)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)


def _change(one: InForce) -> dict[str, Any]:
    return {
        "version": one.weights_version,
        "service_version": one.service_version,
        "changed_at": one.changed_at.astimezone(UTC),
        "changed_by": one.changed_by,
    }
