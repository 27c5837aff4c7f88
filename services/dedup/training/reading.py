"""Reading a model: what was stored or brought in a file must be one that can decide.

A weight that is no number, or that outweighs all others, would decide every lead by itself; a
model of other levels would leave some unweighed. Neither is mended: it is refused.
"""

import math
from collections.abc import Mapping
from typing import Any

import orjson

from services.dedup import model
from services.dedup.model import STANDARD, Model
from shared.errors import Meaningless

FORMAT = "leadfly-model/1"
"""What a model file calls itself; another version of the format is another name."""

MOST_WEIGHT = 24.0
"""Bits of the largest weight that may be: 1 in 16 million. The largest by judgement is 17."""

MOST_PRIOR = 40.0
"""Bits of the largest prior, either way."""

SAID = 5
"""Faults named in one refusal."""


def checked(version: str, prior: object, weights: object) -> Model:
    """Return the model of this *prior* and these *weights*. Raises Meaningless with the reasons."""
    faults = dict(_faults(prior, weights))
    if faults:
        first = dict(list(faults.items())[:SAID])
        if len(faults) > SAID:
            first["more"] = f"{len(faults) - SAID} more faults"
        raise Meaningless("This model cannot decide: see details.", details=first)
    assert isinstance(weights, Mapping) and isinstance(prior, int | float)
    return Model(
        version,
        float(prior),
        {
            comparison: {level: float(weights[comparison][level]) for level in levels}
            for comparison, levels in STANDARD.weights.items()
        },
    )


def document(own: Model) -> bytes:
    """Return *own* as a file that `from_file` reads, in any account."""
    whole = {"format": FORMAT, "version": own.version, "prior": own.prior, "weights": own.weights}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def from_file(data: bytes) -> Model:
    """Return the model of a file that `document` wrote. Raises Meaningless with the reason."""
    try:
        found: Any = orjson.loads(data)
    except orjson.JSONDecodeError as error:  # NaN is no JSON either
        raise Meaningless("This is no model file: it is not JSON.") from error
    told = found.get("format") if isinstance(found, dict) else None
    if told != FORMAT:
        raise Meaningless(
            "This model file is of another version.",
            details={"format": f"must be {FORMAT}; train anew, or export it with this version"},
        )
    return checked(str(found.get("version", "")), found.get("prior"), found.get("weights"))


def _faults(prior: object, weights: object) -> list[tuple[str, str]]:
    found = []
    if not _sensible(prior, MOST_PRIOR):
        found.append(("prior", f"must be a number from -{MOST_PRIOR:.0f} to {MOST_PRIOR:.0f}"))
    if not isinstance(weights, Mapping):
        return [*found, ("weights", "must be weights by comparison and level")]
    for comparison, levels in STANDARD.weights.items():
        own = weights.get(comparison)
        if not isinstance(own, Mapping):
            found.append((f"weights.{comparison}", "is missing: the model is of another version"))
            continue
        for level in levels.keys() | own.keys():
            found.extend(_fault(comparison, level, own))
    unknown = [str(name) for name in weights if name not in STANDARD.weights]
    if unknown:
        found.append(("weights", f"{len(unknown)} unknown comparisons: it is of another version"))
    return found


def _fault(comparison: str, level: str, own: Mapping[str, object]) -> list[tuple[str, str]]:
    place = f"weights.{comparison}.{level}"
    if level not in STANDARD.weights[comparison]:
        place = f"weights.{comparison}"
        return [(place, "holds an unknown level: the model is of another version")]
    if level not in own:
        return [(place, "is missing: the model is of another version")]
    weight = own[level]
    if not _sensible(weight, MOST_WEIGHT):
        return [(place, f"must be a number from -{MOST_WEIGHT:.0f} to {MOST_WEIGHT:.0f}")]
    assert isinstance(weight, int | float)
    if model.JUDGED[comparison][level].weight * weight < 0:
        return [(place, "counts the other way: an agreement never counts against")]
    return []


def _sensible(number: object, most: float) -> bool:
    if not isinstance(number, int | float) or isinstance(number, bool):
        return False
    return math.isfinite(number) and abs(number) <= most
