"""Who a stored lead could be, among those before it, and what a check would have made of it."""

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from services.dedup import beside, counterfactual
from services.dedup.beside import Carriers
from services.dedup.compared import Compared, Known, Submission, compare, completed, names_given
from services.dedup.counterfactual import Counterfactual
from services.dedup.decision import REVIEW, Decision, decide
from services.dedup.policy import Policy
from services.dedup.retrial import Retrial
from services.dedup.risk import Risk, Validation
from services.dedup.verdict import NOBODY, Once, Verdict

MOST_PEOPLE = 5
"""People, the likeliest, about whom somebody is asked for one lead."""

ASKED = Decision(REVIEW, "possible_duplicate", True, False)
"""What a scan makes of every likely pair: a person looks, whatever the policy would have done."""

_NO_RISK, _UNKNOWN = Risk(), Validation(False, False, False, False, 0)


def likely(
    own: Known, others: Sequence[Known], policy: Policy, crowds: Mapping[str, int] = beside.NOBODY
) -> list[Verdict]:
    """Return for each person among *others* whom a check would have found in *own*, how likely.

    The likeliest person first, each beside the likeliest of their leads, and MOST_PEOPLE at most.
    *others* are of other people than *own*; *crowds* are people who share a value of it, where
    they are more than *others* tell.
    """
    record = own.record
    submission = Submission(own.source_id, {}, own.submitted_at, ip=None)
    carriers = _carriers(own, others, crowds)
    named = names_given(others)
    compared = [
        compare(submission, record, completed(known, named, record), carriers, own.ip_key, policy)
        for known in others
    ]
    best: dict[UUID, Compared] = {}
    for one in sorted(compared, key=_likeliest_first):
        if one.match.probability >= policy.flag:
            best.setdefault(one.known.subject_id, one)
    found = list(best.values())[:MOST_PEOPLE]
    retrial = Retrial(submission, own.ip_key, policy, _NO_RISK, NOBODY, others, compared)
    return [_asked(own, one, policy, retrial) for one in found]


def certain(found: Verdict, policy: Policy) -> bool:
    """True if a check would have made the lead a record of that person."""
    return found.match_probability >= policy.block


def _carriers(own: Known, others: Sequence[Known], crowds: Mapping[str, int]) -> Carriers:
    found = beside.carriers(own.record, ((each.subject_id, each.record) for each in others))
    return {value: max(count, crowds.get(value, 0)) for value, count in found.items()}


def _likeliest_first(one: Compared) -> tuple[float, int]:
    return -one.match.probability, one.known.lead_id.int


def _asked(own: Known, best: Compared, policy: Policy, retrial: Retrial) -> Verdict:
    otherwise = Once(partial(_otherwise, own, best, policy, retrial))
    return Verdict(ASKED, best, (best,), (), _NO_RISK, _UNKNOWN, policy, best.carriers, otherwise)


def _otherwise(
    own: Known, best: Compared, policy: Policy, retrial: Retrial
) -> Counterfactual | None:
    """Return the least that would have to be otherwise for another action of a check."""
    likeliness = best.match.probability
    now = likeliness, decide(likeliness, _NO_RISK, policy).action.action_taken
    agreed = {each.comparison for each in best.match.evidence if each.weight > 0}
    return counterfactual.nearest(own.record, [best.known.record], agreed, now, retrial.judge())
