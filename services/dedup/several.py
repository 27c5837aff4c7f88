"""Several addresses or numbers of one lead: two leads are compared by what they have in common.

What both give stands first while they are compared, so each comparison counts once, however many
there are; where nothing is in common the first ones are compared. See docs/decisions/0030.
"""

from typing import NamedTuple

from services.dedup import comparisons, model
from services.dedup.beside import Beside, Carriers
from services.dedup.contact import Line, Mailbox
from services.dedup.context import in_context
from services.dedup.record import Record

ONE_NUMBER = model.ONE_LINE | model.ONE_LINE_OTHERWISE | {"extension_missing", "other_extension"}
"""Levels of `phone` that say: one number, however it was written. Numbers that merely resemble
each other are compared if they stand first: among sixteen pairs some are alike by chance."""

ENDING = 4
"""Last digits that one number has in common however it was written: a cheap first look."""


class Paired(NamedTuple):
    """Two records as they are to be compared."""

    own: Record
    known: Record
    carriers: Carriers
    """How many people carry the number and the mailbox of *own* that now stand first."""
    whole: bool
    """True if they have every mailbox and every number in common."""


def given(a: Record, b: Record) -> bool:
    """True if either record gives several mailboxes or numbers."""
    return bool(a.other_mailboxes or a.other_lines or b.other_mailboxes or b.other_lines)


def paired(own: Record, known: Record, carriers: Carriers) -> Paired:
    """Return the new record *own* and the *known* one by what they have in common.

    Of several mailboxes or numbers in common it is what says most. *carriers* are those of *own*.
    """
    a, b = _by_mailbox(*_by_line(own, known, carriers))
    counted = {
        "email": _people(carriers, "email", own.mailbox, a.mailbox),
        "phone": _people(carriers, "phone", own.phone, a.phone),
    }
    return Paired(a, b, counted, _values(own) == _values(known))


def _by_line(own: Record, known: Record, carriers: Carriers) -> tuple[Record, Record]:
    """Return both by the line that both give, rather one that few people have."""
    theirs = _lines(known)
    alike = (
        (_called(own, one), _called(known, other))
        for one in _lines(own)
        for other in theirs
        if one.phone[-ENDING:] == other.phone[-ENDING:]
    )
    levels = ((comparisons.phone(*pair) or "", *pair) for pair in alike)
    common = [found for found in levels if found[0] in ONE_NUMBER]

    def weight(found: tuple[str, Record, Record]) -> tuple[float, list[str]]:
        level, one, other = found
        beside = Beside({"phone": _people(carriers, "phone", own.phone, one.phone)})
        weighed = in_context({"phone": level}, one, other, beside)["phone"]
        return model.WEIGHTS["phone"][weighed].weight, sorted((one.phone, other.phone))

    return max(common, key=weight)[1:] if common else (own, known)


def _by_mailbox(own: Record, known: Record) -> tuple[Record, Record]:
    """Return both by the mailbox that both give, rather one person's than a shared inbox."""
    theirs = {each.mailbox: each for each in _mailboxes(known)}
    common = [(one, theirs[one.mailbox]) for one in _mailboxes(own) if one.mailbox in theirs]
    if not common:
        return own, known
    one, other = max(common, key=_told_by_mailbox)
    return _writing_from(own, one), _writing_from(known, other)


def _told_by_mailbox(pair: tuple[Mailbox, Mailbox]) -> tuple[bool, bool, str]:
    one, other = pair
    return not (one.role or other.role), one.email == other.email, one.mailbox


def _lines(record: Record) -> tuple[Line, ...]:
    if not record.phone:
        return record.other_lines
    first = (record.phone, record.national, record.extension, record.mobile, record.unplaced)
    return Line(*first), *record.other_lines


def _mailboxes(record: Record) -> tuple[Mailbox, ...]:
    if not record.mailbox:
        return record.other_mailboxes
    names = (record.email, record.mailbox, record.local, record.email_domain)
    return Mailbox(*names, record.role, record.organisation), *record.other_mailboxes


def _called(record: Record, line: Line) -> Record:
    """Return *record* with *line* as its first."""
    return record if line.phone == record.phone else record._replace(**line._asdict())


def _writing_from(record: Record, mail: Mailbox) -> Record:
    """Return *record* with *mail* as its first; from home one is of the firm all the same."""
    if mail.mailbox == record.mailbox:
        return record
    organisation = mail.organisation or record.organisation
    return record._replace(**mail._asdict() | {"organisation": organisation})


def _people(carriers: Carriers, kind: str, first: str, value: str) -> int:
    """Return how many people carry *value* of the record whose *first* of its *kind* that is."""
    return carriers.get(kind if value == first else value, 0)


def _values(record: Record) -> set[str]:
    return {record.mailbox, record.phone, *record.others}
