"""What signals add up to: how strong they are together, how much intent, which needs.

Pure. Strengths are combined as independent evidence is (1 minus the product of what each leaves
open), so a further signal never lowers the sum and none lifts it above 100.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import prod
from typing import Any

from services.signals.kinds import KINDS
from services.signals.signal import Assessment, Detection, Signal

ALONE = 0.6
"""How much of a further signal of the same type counts: it tells little that is new."""


def assessed(detection: Detection, behaviour: Sequence[Signal] = ()) -> Assessment:
    """Return the signals of a text and of behaviour with what they add up to."""
    signals = (*detection.signals, *behaviour)
    return Assessment(
        detection,
        tuple(behaviour),
        signal_strength(signals),
        intent_score(signals),
        needs_identified(signals, detection.individual),
    )


def signal_strength(signals: Iterable[Signal]) -> int:
    """Return how strong *signals* are together, 0 to 100."""
    return _together((signal.type, signal.strength) for signal in signals)


def intent_score(signals: Iterable[Signal]) -> int:
    """Return how much they speak of the wish to buy something now, 0 to 100.

    Each type counts as its `Kind.intent` says.
    """
    return _together((s.type, s.strength * KINDS[s.type].intent) for s in signals)


def needs_identified(signals: Iterable[Signal], individual: bool = False) -> tuple[str, ...]:
    """Return what is needed, the strongest first, each once; of a private person in their words."""
    strongest = sorted(signals, key=lambda signal: -signal.strength)
    kinds = [KINDS[signal.type] for signal in strongest]
    return tuple(dict.fromkeys(k.personal_need if individual else k.need for k in kinds))


def calculate_signal_strength(
    signals: Iterable[Signal | Mapping[str, Any]]
    | Mapping[str, Iterable[Signal | Mapping[str, Any]]],
) -> int:
    """Return the strength of signals in either shape: a list, or lists by group.

    A signal is a `Signal` or an answer's object with `type` and `strength`.
    """
    listed = chain.from_iterable(signals.values()) if isinstance(signals, Mapping) else signals
    return _together(
        (s.type, s.strength) if isinstance(s, Signal) else (str(s["type"]), float(s["strength"]))
        for s in listed
    )


def _together(strengths: Iterable[tuple[str, float]]) -> int:
    by_type: dict[str, list[float]] = {}
    for kind, strength in strengths:
        by_type.setdefault(kind, []).append(min(max(strength, 0.0), 100.0) / 100)
    open_still = prod(
        1 - strength * (ALONE**position)
        for ones in by_type.values()
        for position, strength in enumerate(sorted(ones, reverse=True))
    )
    return round(100 * (1 - open_still))
