"""A look-back: whether an earlier lead makes a new one too early, and if none does, why not.

An earlier lead *counts* for a rule if it is in the rule's scope, was accepted (unless the rule is
against all) and was sent within the rule's days before the new one. It is a *hit* if it counts and
agrees with the new lead in what the rule names.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.dedup.compared import Submission
from services.dedup.record import Record
from services.dedup.trade import deal, terms
from services.dedup.trade.standing import Hit
from services.dedup.trade.terms import ADDRESS, ALL, EMAIL, PHONE, Lookback

DAY = timedelta(days=1)

SKEW = timedelta(minutes=10)
"""By how much clocks of senders may differ, as for `context.submitted_at`: of leads that come
together, the one decided first is the earlier one."""

OLDER, ELSEWHERE, NOT_ACCEPTED = "older", "elsewhere", "not_accepted"
"""Why a lead does not count, from what lacks least to what lacks most."""

LATER, UNDECIDED = "later", "undecided"
"""Why a lead does not count, and yet lets nobody through: it was sent after the new one, or it
waits for a person or for its hold to be confirmed."""

FORGIVING = (OLDER, ELSEWHERE, NOT_ACCEPTED)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A lead that was decided before."""

    lead_id: UUID
    subject_id: UUID
    source_id: str
    submitted_at: datetime
    buyer_id: str = ""
    campaign_id: str = ""
    taken: bool | None = True
    """Whether it was accepted; None: that is not decided yet."""
    dealt: bool = False
    """True if it has a deal of its own."""
    held_until: datetime | None = None
    """When its hold is over; None if nothing is held for it."""
    ip_key: int | None = None


def taken(state: str | None, held: bool, action: str | None, judgement: str | None) -> bool | None:
    """Return whether a lead was accepted; None if that is not decided yet.

    *state* is its deal's; None if it has none: then its *action* tells, and a lead that was never
    judged (it was imported) is one that its account took. *judgement* is what a reviewer said,
    *held* whether its hold is in force: one whose time is over is as one released.
    """
    if state in deal.COUNTING:
        return True
    if state == deal.HELD:
        return None if held else False
    if state == deal.FLAGGED or (state is None and action == "flag_for_review"):
        return _JUDGED.get(judgement or "")
    return state is None and action in (None, "allow_processing")


def obstacle(rule: Lookback, new: Submission, earlier: Earlier) -> str | None:
    """Return why *earlier* does not count for *rule* and the lead *new*; None if it does."""
    accepted_alone = rule.against == "accepted"
    if accepted_alone and earlier.taken is False:
        return NOT_ACCEPTED
    if not _within(rule, new, earlier):
        return ELSEWHERE
    gap = new.submitted_at - earlier.submitted_at
    if gap < -SKEW:
        return LATER
    if gap >= timedelta(days=rule.within_days):
        return OLDER
    return UNDECIDED if accepted_alone and earlier.taken is None else None


def hit(
    rules: Iterable[Lookback],
    new: Submission,
    found: Sequence[Earlier],
    agreed: Callable[[Earlier], Collection[str]],
) -> Hit | None:
    """Return the hit of the first of *rules* that has one: the newest of *found*, as ordered.

    *agreed* says in what, by the names of `terms`, an earlier lead is like the new one; it is
    asked of leads that count alone, for it may be dear.
    """
    for rule in rules:
        for earlier in found:
            if obstacle(rule, new, earlier) is not None:
                continue
            in_common = agreed(earlier)
            keys = tuple(key for key in rule.keys if key in in_common)
            if len(keys) == len(rule.keys) if rule.match == ALL else keys:
                days = max((new.submitted_at - earlier.submitted_at) / DAY, 0.0)
                return Hit(earlier.lead_id, keys, days, rule.within_days, rule.on_hit)
    return None


def forgiven(
    rules: Sequence[Lookback], new: Submission, people: Iterable[Collection[Earlier] | None]
) -> str | None:
    """Return why no lead of *people* counts for any of *rules*; None if one does, or may.

    *people* are all leads of each person whom the new lead may be; None for one whose leads are
    not all known. Without rules a lead counts until its own deal fell through.
    """
    reasons: set[str | None] = set()
    for leads in people:
        if not leads:
            return None
        reasons |= _reasons(rules, new, leads)
    if not reasons or not reasons <= set(FORGIVING):
        return None
    return next(reason for reason in FORGIVING if reason in reasons)


def agreement(own: Record, other: Record) -> frozenset[str]:
    """Return what two records have in common, of email, phone and address."""
    found = {
        EMAIL: _mailboxes(own) & _mailboxes(other),
        PHONE: _numbers(own) & _numbers(other),
        ADDRESS: own.street and own.street == other.street and _same_place(own, other),
    }
    return frozenset(name for name, common in found.items() if common)


def _reasons(
    rules: Sequence[Lookback], new: Submission, leads: Collection[Earlier]
) -> set[str | None]:
    if rules:
        return {obstacle(rule, new, each) for rule in rules for each in leads}
    fallen = all(each.taken is False for each in leads) and any(each.dealt for each in leads)
    return {NOT_ACCEPTED if fallen else None}


def _within(rule: Lookback, new: Submission, earlier: Earlier) -> bool:
    if rule.across == terms.SOURCE:
        return earlier.source_id == new.source_id
    if rule.across == terms.BUYER:
        return earlier.buyer_id == new.deal.buyer_id
    if rule.across == terms.CAMPAIGN:
        return earlier.campaign_id == new.deal.campaign_id
    return rule.across == terms.TENANT or earlier.source_id in rule.sources


def _mailboxes(record: Record) -> set[str]:
    return {record.mailbox, *(each.mailbox for each in record.other_mailboxes)} - {""}


def _numbers(record: Record) -> set[str]:
    return {record.phone, *(each.phone for each in record.other_lines)} - {""}


def _same_place(own: Record, other: Record) -> bool:
    """True if a postal code or city agrees, and neither contradicts: Main Street is everywhere."""
    pairs = ((own.postal_code, other.postal_code), (own.city, other.city))
    said = [one == another for one, another in pairs if one and another]
    return bool(said) and all(said)


_JUDGED: Mapping[str, bool] = {"different": True, "duplicate": False}
"""By what a reviewer said of a flagged lead, whether it was accepted."""
