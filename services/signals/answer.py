"""What was found, in the contract's words.

Pure: the request's own id and time are the reply's.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.signals.kinds import KINDS
from services.signals.signal import Assessment, Signal, Span, Suppressed, by_type

DECIMALS = 4
"""Of a probability: what is calibrated within a hundredth says no more."""


def answer(
    assessment: Assessment, ids: Mapping[str, UUID], text_source: str = "content"
) -> dict[str, Any]:
    """Return what a text and behaviour say.

    *ids* are those of kept signals by `source/type`; the text's source is *text_source*.
    """
    detection = assessment.detection
    signals = [
        *(signal(one, ids.get(f"{text_source}/{one.type}")) for one in detection.signals),
        *(signal(one, ids.get(f"behavior/{one.type}")) for one in assessment.behaviour),
    ]
    return {
        "signals": signals,
        "suppressed": [suppressed(one) for one in detection.suppressed],
        "signal_strength": assessment.signal_strength,
        "intent_score": assessment.intent_score,
        "needs_identified": list(assessment.needs_identified),
        "language": detection.language.code,
        "language_supported": detection.language.supported,
        "individual": detection.individual,
        **{kind.group: [s for s in signals if s["type"] == kind.name] for kind in KINDS.values()},
    }


def grouped(assessment: Assessment) -> dict[str, list[dict[str, Any]]]:
    """Return the signals by the keys of `detect_all_signals`, each list as `answer` has it."""
    return {
        kind.group: [signal(one) for one in by_type(assessment.signals, kind.name)]
        for kind in KINDS.values()
    }


def signal(one: Signal, signal_id: UUID | None = None) -> dict[str, Any]:
    """Return one signal; *signal_id* is its name where it was kept."""
    return {
        "id": signal_id,
        "type": one.type,
        "category": one.category,
        "source": one.source,
        "content": one.content,
        "span": one.span and _span(one.span),
        "strength": one.strength,
        "confidence": round(one.confidence, DECIMALS),
        "rule": one.rule,
    }


def suppressed(one: Suppressed) -> dict[str, Any]:
    """Return a candidate that is no signal, and why."""
    return {
        "type": one.type,
        "content": one.content,
        "span": _span(one.span),
        "rule": one.rule,
        "reason": one.reason,
    }


def _span(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}
