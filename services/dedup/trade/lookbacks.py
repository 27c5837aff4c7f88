"""Look-backs in a check: whether an earlier lead makes a new one too early."""

from collections.abc import Collection
from functools import partial
from uuid import UUID

from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared
from services.dedup.trade import lookback
from services.dedup.trade.past import Past
from services.dedup.trade.standing import Hit


class Lookbacks:
    """What the rules that look back say of the leads of one transaction."""

    def __init__(self, past: Past) -> None:
        """*past* is what is known of earlier leads."""
        self._past = past

    def of(self, lead: Prepared, outcome: Outcome) -> tuple[Hit | None, str | None]:
        """Return the hit that *lead* is; without one, why those of its person do not count."""
        if self._past.silent:
            return None, None
        rules, sure = self._past.rules(lead), certain(outcome)
        if rules:
            agreed = partial(self._past.agreed, lead, sure)
            hit = lookback.hit(rules, lead.submission, self._past.met(lead, sure), agreed)
            if hit:
                return hit, None
        if not outcome.verdict.decision.duplicate_found:
            return None, None
        people = [self._past.of_person(lead, each) for each in sure or _possible(outcome)]
        return None, lookback.forgiven(rules, lead.submission, people)


def certain(outcome: Outcome) -> Collection[UUID]:
    """Return the people of whom the model is certain that the lead is a record, by subject."""
    policy = outcome.verdict.policy
    return _likely(outcome, policy.block) if policy else ()


def _possible(outcome: Outcome) -> Collection[UUID]:
    policy = outcome.verdict.policy
    return _likely(outcome, policy.flag) if policy else ()


def _likely(outcome: Outcome, threshold: float) -> Collection[UUID]:
    return {
        each.known.subject_id
        for each in outcome.verdict.compared
        if each.match.probability >= threshold
    }
