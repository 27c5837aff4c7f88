"""A lead beside the known leads that it could be: what comparing each with it gave."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from services.dedup import comparisons, linkage, scripts, several
from services.dedup.beside import Beside, Carriers
from services.dedup.context import Levels
from services.dedup.linkage import Match
from services.dedup.policy import Policy, applied
from services.dedup.record import MAIL, NAME, Record
from services.dedup.trade.deal import NO_DEAL, Deal
from shared.frozen import frozen
from shared.privacy.consent import Consent

DAY = timedelta(days=1)


class Names(NamedTuple):
    """What people said in their leads of who they are."""

    written: dict[tuple[UUID, str | None], Record]
    """By person and script, the record that says most of the person's name."""
    desks: dict[tuple[UUID, str], Record]
    """By person and organisation, a record that gives the person's own mailbox there."""


@frozen
class Submission:
    """One lead as it was sent."""

    source_id: str
    fields: Mapping[str, str]
    submitted_at: datetime
    ip: str | None = None
    honeypot: str = ""
    form_fill_ms: int | None = None
    consent: Consent | None = None
    raw: bytes = b""
    """The body as it was received; kept sealed for a short time."""
    idempotency_key: str | None = None
    """The caller's own name for this lead: a retry under it gets the first answer again."""
    asked: str | None = None
    """What a retry must have in common beside its key; None: source and fields. A sender that
    posts one submission again may have completed it meanwhile, and means no other."""
    provided: bool = False
    """True if the key is its sender's name for the lead: by it the lead is found again later."""
    deal: Deal = NO_DEAL
    """For whom it is offered, and on what terms."""


@frozen
class Known:
    """A lead we already have, as something to compare with."""

    lead_id: UUID
    subject_id: UUID
    original: UUID
    """The first lead of this person."""
    source_id: str
    submitted_at: datetime
    record: Record
    ip_key: int | None = None


@frozen
class Compared:
    """A known lead and what comparing with it gave."""

    known: Known
    match: Match
    carriers: Carriers = field(default_factory=dict)
    """How many people carry what they were compared by."""
    levels: Levels | None = None
    """What `linkage.found` said of both; None if it was not asked."""


def names_given(known: Iterable[Known]) -> Names:
    """Return for each person of several leads who once gave a name the record that says most of it.

    By person and script; under no script, whatever it was written in. And of who once gave a
    mailbox of their own at an employer, a record that does. Of whom one lead is *known* it says
    all there is.
    """
    everybody = known if isinstance(known, Sequence) else list(known)
    people = [each.subject_id.int for each in everybody]
    if len(people) < 2 or len({*people}) == len(people):
        return UNNAMED
    leads = Counter(people)
    several = (each for each in everybody if leads[each.subject_id.int] > 1)
    said = sorted(several, key=lambda each: len(each.record.given))
    named = [each for each in said if each.record.named]
    written: dict[tuple[UUID, str | None], Record] = {
        (each.subject_id, each.record.script): each.record for each in named
    }
    written |= {(each.subject_id, None): each.record for each in named}
    desks = {
        (each.subject_id, each.record.organisation): each.record
        for each in said
        if each.record.organisation and not each.record.role
    }
    return Names(written, desks)


UNNAMED = Names({}, {})
"""What there is to say of people of one lead each."""


def completed(known: Known, named: Names, own: Record) -> Known:
    """Return *known* with what its person said in other leads, and did not say in this one.

    Their name, where it gave none, an initial, or another script: whoever leaves only a number is
    not everybody, for the number's owner said who they are. And their mailbox at the employer of
    *own*: who once wrote from the next desk is a namesake, whatever they write from today.
    """
    if named is UNNAMED:
        return known
    return _at_their_desk(_under_their_name(known, named, own), named, own)


def _under_their_name(known: Known, named: Names, own: Record) -> Known:
    # What somebody once wrote in the script of *own* is compared better than a transliteration.
    said = known.record
    if own.named and said.named and not scripts.comparable(own, said):
        theirs = named.written.get((known.subject_id, own.script))
        return _under(known, theirs) if theirs else known
    other = named.written.get((known.subject_id, None))
    if other is None or len(said.given) > 1 or not _says_more(other, said):
        return known
    return _under(known, other)


def _at_their_desk(known: Known, named: Names, own: Record) -> Known:
    desk = named.desks.get((known.subject_id, own.organisation))
    if desk is None or own.role or known.record.mailbox == desk.mailbox:
        return known
    if comparisons.email(own, desk) != "other_mailbox_same_organisation":
        return known
    if comparisons.email(own, known.record) in _NEARLY_ONE_BOX:
        return known  # one of their mailboxes, mistyped
    mail = {name: getattr(desk, name) for name in MAIL}
    return replace(known, record=known.record._replace(**mail))


_NEARLY_ONE_BOX = frozenset({"mistyped", "mistyped_organisation"})


def _says_more(other: Record, said: Record) -> bool:
    """True if the name of *other* is the one that *said* leaves out, or cuts to an initial."""
    if said.given or not said.named:
        return other.given.startswith(said.given)
    return other.family == said.family


def _under(known: Known, name: Record) -> Known:
    return replace(known, record=known.record._replace(**{n: getattr(name, n) for n in NAME}))


def compare(
    submission: Submission,
    own: Record,
    known: Known,
    carriers: Carriers,
    ip_key: int | None,
    policy: Policy,
) -> Compared:
    """Return what comparing *own*, the record of *submission*, with *known* gives."""
    said, off = known.record, policy.off
    if several.given(own, said):
        own, said, carriers, whole = several.paired(own, said, carriers)
        off = off if whole else off | {"fingerprint"}
    beside = surroundings(submission, known, carriers, ip_key)
    levels = linkage.found(own, said, beside)
    match = linkage.matched(levels, own, said, beside, off)
    if policy.reweighs:
        match = reweighed(match, submission, known, policy)
    return Compared(known, match, carriers, levels)


def reweighed(match: Match, submission: Submission, known: Known, policy: Policy) -> Match:
    """Return *match* of *submission* and *known* as *policy* weighs it."""
    days = _apart(submission, known) / DAY
    return applied(linkage.under(match, policy.model), policy, days)


def surroundings(
    submission: Submission, known: Known, carriers: Carriers, ip_key: int | None
) -> Beside:
    """Return what surrounds *submission* and *known*, by the arguments of `compare`."""
    same_ip = None if ip_key is None or known.ip_key is None else ip_key == known.ip_key
    return Beside(carriers, same_ip, _apart(submission, known).total_seconds())


def attributed(compared: Compared, said: Record) -> Compared:
    """Return *compared* with what the known lead did not *say* itself told to be from another."""
    whole = compared.known.record
    if whole is said:
        return compared
    named = any(getattr(whole, each) != getattr(said, each) for each in NAME)
    other = {"name", "fingerprint"} if named else set()
    if whole.mailbox != said.mailbox:
        other.add("email")
    evidence = tuple(
        each._replace(why=each.why + linkage.ELSEWHERE, elsewhere=True)
        if each.comparison in other
        else each
        for each in compared.match.evidence
    )
    return replace(compared, match=compared.match._replace(evidence=evidence))


def _apart(submission: Submission, known: Known) -> timedelta:
    return abs(submission.submitted_at - known.submitted_at)


def silence_before(
    submission: Submission,
    person: UUID,
    compared: Sequence[Compared],
    last_leads: Mapping[UUID, datetime],
) -> timedelta | None:
    """Return how long the likeliest *person* had not been heard of; None if never before."""
    at = submission.submitted_at
    times = [one.known.submitted_at for one in compared if one.known.subject_id == person]
    if person in last_leads:
        times.append(last_leads[person])
    before = [time for time in times if time <= at]
    return at - max(before) if before else None
