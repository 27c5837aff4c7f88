"""Record linkage: compare two records, say how likely they are one person, and why.

The match weights of all comparison levels and the prior add up to log2 odds;
the *match probability* is those odds as a number in [0, 1]. What is printed as
evidence is all there is: recomputing from it gives the same probability.
"""

from dataclasses import dataclass

from services.dedup import model
from services.dedup.comparisons import COMPARISONS
from services.dedup.record import Record


@dataclass(frozen=True, slots=True)
class Evidence:
    """One comparison's outcome: its level, its weight in log2 odds, and the reason in words."""

    comparison: str
    level: str
    weight: float
    why: str


@dataclass(frozen=True, slots=True)
class Match:
    """What comparing two records gave."""

    probability: float
    """Match probability in [0, 1]."""
    evidence: tuple[Evidence, ...]
    same_domain: bool
    """True if both mailboxes are of one organisation: a relation, not a match."""

    def level(self, comparison: str) -> str | None:
        """Return the level of *comparison*, or None if a record was silent there."""
        return next((e.level for e in self.evidence if e.comparison == comparison), None)


def compare(a: Record, b: Record) -> Match:
    """Return how likely *a* and *b* are records of one person, with the evidence."""
    levels = {
        comparison.__name__: level
        for comparison in COMPARISONS
        if (level := comparison(a, b)) is not None
    }
    evidence = tuple(_weighed(name, level, levels) for name, level in levels.items())
    same_domain = bool(a.organisation) and a.organisation == b.organisation
    return Match(probability(sum(e.weight for e in evidence)), evidence, same_domain)


def probability(weight: float) -> float:
    """Return the match probability of *weight* (log2 odds beyond the prior), in [0, 1]."""
    odds = 2.0 ** min(64.0, max(-64.0, model.PRIOR + weight))
    return odds / (1.0 + odds)


def _weighed(comparison: str, level: str, levels: dict[str, str]) -> Evidence:
    worth = model.WEIGHTS[comparison][level]
    own_mailbox = levels.get("email") == "same"
    if comparison == "name" and own_mailbox and worth.weight < model.ONE_OWNER.weight:
        worth = model.ONE_OWNER
    return Evidence(comparison, level, worth.weight, worth.why)
