"""Who a stored lead could be, among those before it, and what a check would have made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

from services.dedup import beside
from services.dedup.beside import Carriers
from services.dedup.compared import (
    Compared,
    Known,
    Submission,
    attributed,
    compare,
    completed,
    names_given,
    silence_before,
)
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
    retrial = Retrial(
        submission, own.ip_key, policy, _NO_RISK, NOBODY, others, compared, record, carriers
    )
    return [_asked(one, retrial if one is found[0] else _alone(one, retrial)) for one in found]


def certain(found: Verdict, policy: Policy) -> bool:
    """True if a check would have made the lead a record of that person."""
    return found.match_probability >= policy.block


def _carriers(own: Known, others: Sequence[Known], crowds: Mapping[str, int]) -> Carriers:
    found = beside.carriers(own.record, ((each.subject_id, each.record) for each in others))
    return {value: max(count, crowds.get(value, 0)) for value, count in found.items()}


def _likeliest_first(one: Compared) -> tuple[float, int]:
    return -one.match.probability, one.known.lead_id.int


def _alone(one: Compared, retrial: Retrial) -> Retrial:
    """Return *retrial* among the leads of that person: whoever is likelier is asked about, too."""
    person = one.known.subject_id
    known = [each for each in retrial.known if each.subject_id == person]
    compared = [each for each in retrial.compared if each.known.subject_id == person]
    return replace(retrial, known=known, compared=compared)


def _asked(one: Compared, retrial: Retrial) -> Verdict:
    submission, policy, silence = retrial.submission, retrial.policy, None
    if policy.reengage_after_days is not None:
        person, compared = one.known.subject_id, retrial.compared
        silence = silence_before(submission, person, compared, retrial.last_leads)
    now = decide(one.match.probability, _NO_RISK, policy, silence).action.action_taken
    best = attributed(one, retrial.said(one))
    told = best.carriers, Once(partial(retrial.counterfactual, best, now))
    return Verdict(ASKED, best, (best,), (), _NO_RISK, _UNKNOWN, policy, *told)
