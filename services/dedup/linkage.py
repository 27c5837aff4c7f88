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
    evidence = tuple(_weighed(*found) for found in _in_context(levels, a).items())
    same_domain = bool(a.organisation) and a.organisation == b.organisation
    return Match(probability(sum(e.weight for e in evidence)), evidence, same_domain)


def probability(weight: float) -> float:
    """Return the match probability of *weight* (log2 odds beyond the prior), in [0, 1]."""
    odds = 2.0 ** min(64.0, max(-64.0, model.PRIOR + weight))
    return odds / (1.0 + odds)


def _weighed(comparison: str, level: str) -> Evidence:
    worth = model.WEIGHTS[comparison][level]
    return Evidence(comparison, level, worth.weight, worth.why)


def _in_context(levels: dict[str, str], a: Record) -> dict[str, str]:
    """Return *levels*, each exchanged for what it means beside the others."""
    found = dict(levels)
    mailbox = levels.get("email")
    if mailbox in model.WITHIN_THE_MAILBOX and levels.get("organisation") == "same_domain":
        del found["organisation"]
    name = levels.get("name")
    contradicting = name in model.CONTRADICTIONS
    if name is None or not (contradicting or name in model.DOUBTS):
        return found
    if contradicting and mailbox == "same":
        found["name"] = "one_owner"
    elif contradicting and mailbox == "mistyped":  # jana@, dana@: each is spelt after its owner
        found["email"] = "other_mailbox_same_organisation" if a.organisation else "different"
    return found | {
        comparison: model.SHARED[comparison]
        for comparison, level in found.items()
        if _shared(comparison, level, name)
    }


def _shared(comparison: str, level: str, name: str) -> bool:
    """True for an agreement that relatives or colleagues have in common by their ties."""
    if comparison == "email":
        return level == "same_role_inbox"
    if comparison == "birth" and (name in model.DOUBTS or name == "other_family_name"):
        return False  # twins differ in their given names; who marries keeps the birthday
    return comparison in model.SHARED and model.WEIGHTS[comparison][level].weight > 0
