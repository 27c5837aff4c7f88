"""Policies: how an account, or one of its sources, wants its duplicates decided.

A *policy* holds every setting; *settings* are those that somebody set. A source's settings stand
over the account's, and these over the defaults, field by field and algorithm by algorithm. Why
time counts as it does here is in docs/decisions/0021.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from services.dedup import linkage
from services.dedup.linkage import Aged, Evidence, Match
from services.dedup.model import STANDARD, Model
from services.dedup.trade.terms import NO_BOOK, Book
from shared.errors import Meaningless

FLAG = 0.6
"""Match probability from which a lead is a possible duplicate (contract, decision 3)."""

BLOCK = 0.8
"""Match probability from which a lead is a duplicate (contract, decision 3)."""

ACCOUNT = ""
"""The source_id under which the account's own settings stand."""

MOST = 500
"""Policies of one account: they are read together, every few seconds."""

AGEING = frozenset({"phone", "place", "organisation", "title", "ip", "fingerprint"})
"""Comparisons of what people give up, and others then have: numbers are assigned anew, people
move house and change jobs, and so does what all values together say. A name, a birthday and a
private mailbox stay with their person."""

Settings = Mapping[str, Any]
"""What somebody set, by the field names of `SETTINGS`; what is absent is inherited."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How leads are decided; without arguments, the defaults."""

    flag: float = FLAG
    """Match probability from which a lead is a possible duplicate, in (0, block]."""
    block: float = BLOCK
    """Match probability from which it is a duplicate, in [flag, 1]."""
    off: frozenset[str] = frozenset()
    """Comparisons that count as silent."""
    review_instead_of_reject: bool = False
    """True if a person looks at a duplicate before it is turned away."""
    reengage_after_days: int | None = None
    """Days of silence after which a known person is let through again; None: never."""
    half_life_days: int | None = None
    """Days between two leads that halve the weight of what ages; None: nothing ages."""
    model: Model = STANDARD
    """The account's weights; no setting, but what it trained."""

    @property
    def reweighs(self) -> bool:
        """True if a comparison's evidence is to be changed by its model or by `applied`."""
        return bool(self.off) or self.half_life_days is not None or self.model is not STANDARD

    def reengages(self, silence: timedelta | None) -> bool:
        """True if a person who was silent for *silence* is let through again; None: unknown."""
        if self.reengage_after_days is None or silence is None:
            return False
        return silence >= timedelta(days=self.reengage_after_days)


DEFAULT = Policy()


def resolved(*levels: Settings) -> Policy:
    """Return the policy of *levels*; each stands over those before it.

    Fields of another version than ours are ignored. Raises Meaningless if a number makes no
    sense, alone or beside the others.
    """
    chosen: dict[str, Any] = {}
    algorithms: dict[str, bool] = {}
    for level in levels:
        chosen |= {name: value for name, value in level.items() if name in SETTINGS}
        algorithms |= level.get("algorithms", {})
    chosen.pop("algorithms", None)
    off = frozenset(name for name, on in algorithms.items() if not on)
    policy = Policy(off=off, **chosen)
    if not 0 < policy.flag <= policy.block <= 1:
        name = "flag" if "flag" in (levels[-1] if levels else {}) else "block"
        raise Meaningless(details={f"policy.{name}": CONTRADICTION})
    for name in DAYS:
        days = getattr(policy, name)
        if days is not None and not (isinstance(days, int) and days > 0):
            raise Meaningless(details={f"policy.{name}": "must be a number of days, or null"})
    return policy


def settings(policy: Policy, algorithms: Mapping[str, object]) -> dict[str, Any]:
    """Return *policy* as settings that set everything; *algorithms* are all there are, by name."""
    return {
        "flag": policy.flag,
        "block": policy.block,
        "algorithms": {name: name not in policy.off for name in algorithms},
        "review_instead_of_reject": policy.review_instead_of_reject,
        "reengage_after_days": policy.reengage_after_days,
        "half_life_days": policy.half_life_days,
    }


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies of one account."""

    account: Policy = DEFAULT
    by_source: Mapping[str, Policy] = field(default_factory=dict)
    """Of the sources that have settings of their own."""
    book: Book = NO_BOOK
    """The terms of the trade."""

    def of(self, source_id: str) -> Policy:
        """Return the policy for leads of *source_id*."""
        return self.by_source.get(source_id, self.account)

    def under(self, model: Model) -> "Policies":
        """Return the same policies with the weights of *model*."""
        if all(each.model is model for each in (self.account, *self.by_source.values())):
            return self
        sources = {name: replace(each, model=model) for name, each in self.by_source.items()}
        return replace(self, account=replace(self.account, model=model), by_source=sources)


def applied(match: Match, policy: Policy, days_apart: float) -> Match:
    """Return *match* as *policy* weighs it, for leads that came *days_apart* (0 or more).

    What is off is dropped, what ages weighs less, and the probability follows: the evidence that
    is printed still adds up to it. Which levels were found beside what is off stays as it was.
    """
    evidence = tuple(
        _aged(each, match, policy, days_apart)
        for each in match.evidence
        if each.comparison not in policy.off
    )
    weight = sum(each.weight for each in evidence)
    probability = linkage.probability(weight, policy.model.prior)
    return match._replace(probability=probability, evidence=evidence)


def _aged(evidence: Evidence, match: Match, policy: Policy, days_apart: float) -> Evidence:
    """Return *evidence* with what is left of its weight after *days_apart*."""
    if policy.half_life_days is None or days_apart < 1 or not _ages(evidence, match):
        return evidence
    share = 0.5 ** (days_apart / policy.half_life_days)
    aged = Aged(round(days_apart), round(share, 2))
    weight, why = evidence.weight * share, evidence.why + aged.why
    return evidence._replace(weight=weight, why=why, aged=aged)


def _ages(evidence: Evidence, match: Match) -> bool:
    """True for what may pass to somebody else, or change while the person stays the same.

    A mailbox at an employer goes with the job; that two of its mailboxes differ does not.
    """
    if not evidence.weight:
        return False
    if evidence.comparison == "email":
        return match.same_domain and evidence.weight > 0
    return evidence.comparison in AGEING


CONTRADICTION = "flag must be above 0 and at most block, and block at most 1"

DAYS = ("reengage_after_days", "half_life_days")

SETTINGS = (
    "flag",
    "block",
    "algorithms",
    "review_instead_of_reject",
    "reengage_after_days",
    "half_life_days",
)
"""The names of all settings. `algorithms` says by comparison whether it is on; the comparisons
are those of `model.WEIGHTS`."""
