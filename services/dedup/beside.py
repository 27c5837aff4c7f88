"""What is known of two leads beside what they say: who else carries a value, from where, when.

That two leads agree on a value proves the less, the more people carry it. How many do is counted
among the known leads, so it is right the moment somebody comes, is merged or is erased.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from services.dedup.record import Record

DAY_SECONDS = 86_400.0

Carriers = Mapping[str, int]
"""By what is shared (`phone`, `email`; a further number or mailbox by its value), how many people
carry what the new lead gives, as their first or as a further one; itself not counted. Absent,
nobody was counted."""

NOBODY: Carriers = {}


class Beside(NamedTuple):
    """What surrounds a pair of leads."""

    carriers: Carriers = NOBODY
    same_ip: bool | None = None
    """None if either came from an unknown address."""
    seconds_apart: float | None = None
    """None where only the records are compared."""


ALONE = Beside()
"""Two records, whoever else there is."""


def carriers(own: Record, others: Iterable[tuple[object, Record]]) -> dict[str, int]:
    """Return how many people carry each phone and each mailbox of *own*.

    *others* are (person, record) of all known leads that share a key with it.
    """
    phones, mailboxes = set(), set()
    phone, mailbox = own.phone, own.mailbox
    further: dict[str, set[object]] = {value: set() for value in own.others}
    for person, record in others:
        more = record.others if record.other_lines or record.other_mailboxes else ()
        if phone and (record.phone == phone or phone in more):
            phones.add(person)
        if mailbox and (record.mailbox == mailbox or mailbox in more):
            mailboxes.add(person)
        if further:
            for value in further.keys() & {record.phone, record.mailbox, *more}:
                further[value].add(person)
    counted = {value: len(people) for value, people in further.items()}
    return counted | {"phone": len(phones), "email": len(mailboxes)}
