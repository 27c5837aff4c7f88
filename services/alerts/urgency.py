"""How urgent an alert is where its rule does not say.

Pure. Matches as the contract has it (section 3): 90 urgent, 75 high, else medium. Signals after
the priorities of matches there: urgent from 80 with an intent of 70, high from 70, medium from 50.
"""

from collections.abc import Mapping
from typing import cast

from services.alerts.happening import Fact, Happening
from services.alerts.rule import PRIORITIES, Priority, Rule

URGENT_MATCH, HIGH_MATCH = 90, 75

URGENT_SIGNAL, URGENT_INTENT, HIGH_SIGNAL, MEDIUM_SIGNAL = 80, 70, 70, 50
"""Scores from 0 to 100."""

CERTAIN: Mapping[str, Priority] = {
    "consent.withdrawn": "high",
    "lead.late_duplicate": "medium",
    "review.waiting": "medium",
}
"""Events that are as urgent whatever the lead is like. Withdrawing consent must be as easy as
giving it and stops what rests on it at once (GDPR Art. 7(3))."""

LEAST: Mapping[str, Priority] = {"lead.created": "medium", "lead.converted": "medium"}
"""The least of an event: nobody knows yet what a new lead is worth."""


def priority(rule: Rule | None, happening: Happening) -> Priority:
    """Return how urgent an alert is: what its rule says, else what happened.

    A match by its score; else what a workflow said (`data.priority`); else the event, or the
    stronger of signal and behaviour. What says nothing of the kind is medium.
    """
    if rule is not None and rule.priority is not None:
        return rule.priority
    facts = happening.facts
    score = _number(facts.get("match_score"))
    if score is not None:
        return "urgent" if score >= URGENT_MATCH else "high" if score >= HIGH_MATCH else "medium"
    said = facts.get("data.priority")
    if isinstance(said, str) and said.lower() in PRIORITIES:
        return cast(Priority, said.lower())
    if happening.name in CERTAIN:
        return CERTAIN[happening.name]
    least = LEAST.get(happening.name, "low")
    return max(least, _of_signals(facts), key=PRIORITIES.index)


def _of_signals(facts: Mapping[str, Fact]) -> Priority:
    """Return the priority of the strongest that is known of what the lead shows."""
    intent = _number(facts.get("intent_score"))
    scores = [_number(facts.get(name)) for name in ("signal_strength", "behavior_score")]
    shown = max((score for score in (*scores, intent) if score is not None), default=None)
    if shown is None:
        return "medium"
    if shown >= URGENT_SIGNAL and intent is not None and intent >= URGENT_INTENT:
        return "urgent"
    if shown >= HIGH_SIGNAL:
        return "high"
    return "medium" if shown >= MEDIUM_SIGNAL else "low"


def _number(value: Fact) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
