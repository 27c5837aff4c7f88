"""Record linkage: compare two records, say how likely they are one person, and why.

The match weights of all comparison levels and the prior add up to log2 odds;
the *match probability* is those odds as a number in [0, 1]. What is printed as
evidence is all there is: recomputing from it gives the same probability.
"""

from collections.abc import Collection
from typing import NamedTuple

from services.dedup import model
from services.dedup.beside import ALONE, Beside
from services.dedup.comparisons import COMPARISONS, SURROUNDINGS
from services.dedup.context import Levels, in_context
from services.dedup.model import Model
from services.dedup.record import Record


class Aged(NamedTuple):
    """What time has left of a weight."""

    days: int
    """Days between the leads."""
    share: float
    """Of the weight, in [0, 1], to a hundredth."""

    @property
    def why(self) -> str:
        """Return it in words, after those of the level."""
        unit = "day" if self.days == 1 else "days"
        return f" With {self.days} {unit} between the leads it weighs {self.share:.0%}."


ELSEWHERE = " The known person said it in another lead."
"""What a sentence ends with that is true of a person's leads together."""


class Evidence(NamedTuple):
    """One comparison's outcome: its level, its weight in log2 odds, and the reason in words."""

    comparison: str
    level: str
    weight: float
    why: str
    aged: Aged | None = None
    """None if nothing has aged."""
    elsewhere: bool = False
    """True if the known person said it in another lead than the one that is shown."""


class Match(NamedTuple):
    """What comparing two records gave."""

    probability: float
    """Match probability in [0, 1]."""
    evidence: tuple[Evidence, ...]
    same_domain: bool
    """True if both mailboxes are of one organisation: a relation, not a match."""

    def level(self, comparison: str) -> str | None:
        """Return the level of *comparison*, or None if a record was silent there."""
        return next((e.level for e in self.evidence if e.comparison == comparison), None)


def compare(
    a: Record, b: Record, beside: Beside = ALONE, off: Collection[str] = frozenset()
) -> Match:
    """Return how likely the new record *a* and the known *b* are of one person, and why.

    Comparisons that are *off* say nothing, and nothing else weighs more for that.
    """
    return matched(found(a, b, beside), a, b, beside, off)


def matched(
    levels: Levels, a: Record, b: Record, beside: Beside, off: Collection[str] = frozenset()
) -> Match:
    """Return what `compare` does where these *levels* were found."""
    weighed = in_context(levels, a, b, beside)
    if off:
        weighed = _without(off, weighed, levels, a, b, beside)
    evidence, weight = [], 0.0
    for each in weighed.items():
        one = _EVIDENCE[each]
        evidence.append(_counted(one, beside) if each in _COUNTED else one)
        weight += one.weight
    same_domain = bool(a.organisation) and a.organisation == b.organisation
    return Match(probability(weight), tuple(evidence), same_domain)


def found(a: Record, b: Record, beside: Beside = ALONE) -> Levels:
    """Return the level of each comparison, of its own accord: without what the others say."""
    levels = {}
    for name, comparison in _COMPARISONS:
        level = comparison(a, b)
        if level is not None:
            levels[name] = level
    for name, surrounding in _SURROUNDINGS if beside is not ALONE else ():
        level = surrounding(beside)
        if level is not None:
            levels[name] = level
    return levels


def likeliness(levels: Levels, a: Record, b: Record, beside: Beside) -> float:
    """Return the match probability that `compare` gives where these *levels* were found."""
    weight = 0.0
    for each in in_context(levels, a, b, beside).items():
        weight += _EVIDENCE[each].weight
    return probability(weight)


def _without(
    off: Collection[str], weighed: Levels, levels: Levels, a: Record, b: Record, beside: Beside
) -> Levels:
    """Return *weighed* without what is *off*; nothing weighs more than beside it, or by itself.

    Names that contradict make an employer no evidence, whether or not they are counted; and what
    a mailbox explains stays unexplained where mailboxes are not.
    """
    alone = in_context({n: each for n, each in levels.items() if n not in off}, a, b, beside)
    kept = {}
    for name in dict.fromkeys((*weighed, *alone)):
        either = [(name, one[name]) for one in (weighed, alone) if name in one]
        level = min(either, key=lambda each: _EVIDENCE[each].weight)
        if name not in off and (len(either) == 2 or _EVIDENCE[level].weight < 0):
            kept[name] = level[1]
    return kept


def under(match: Match, weighing: Model) -> Match:
    """Return *match* as *weighing* weighs the levels that were found."""
    if weighing is model.STANDARD:
        return match
    evidence = tuple(
        each._replace(weight=weighing.weights[each.comparison][each.level])
        for each in match.evidence
    )
    weight = sum(each.weight for each in evidence)
    return match._replace(probability=probability(weight, weighing.prior), evidence=evidence)


def probability(weight: float, prior: float = model.PRIOR) -> float:
    """Return the match probability of *weight* (log2 odds beyond the *prior*), in [0, 1]."""
    log_odds = prior + weight
    if not -64.0 <= log_odds <= 64.0:
        log_odds = 64.0 if log_odds > 0.0 else -64.0
    odds = 2.0**log_odds
    return odds / (1.0 + odds)


def _counted(evidence: Evidence, beside: Beside) -> Evidence:
    """Return *evidence* with the number of people in its sentence."""
    people = beside.carriers.get(evidence.comparison, 0)
    return evidence._replace(why=evidence.why.format(people=people))


_EVIDENCE = {
    (comparison, level): Evidence(comparison, level, worth.weight, worth.why)
    for comparison, levels in model.WEIGHTS.items()
    for level, worth in levels.items()
}
"""Every piece of evidence there can be, made once: a lead may have hundreds of candidates."""

_COUNTED = frozenset(each for each in _EVIDENCE if each[1] in model.COUNTED)
"""Those whose sentence names a number of people."""

_COMPARISONS = tuple((comparison.__name__, comparison) for comparison in COMPARISONS)
_SURROUNDINGS = tuple((surrounding.__name__, surrounding) for surrounding in SURROUNDINGS)
