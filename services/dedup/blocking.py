"""Blocking: the few discrete values that two records of one person very likely share.

Records that share a blocking key are candidates. Every key is exact, so a lock
on each of a lead's keys, taken in order, makes two leads that could be one
person wait for each other, fuzzy twins included.
"""

from collections.abc import Iterator

from services.dedup.record import Record

Key = tuple[str, str]
"""Kind and value; stored only as a keyed pseudonym."""


def keys(record: Record) -> list[Key]:
    """Return the identity keys of *record*: at most 17, typically 6 to 9."""
    return list(dict.fromkeys(_identity(record)))


def relations(record: Record) -> list[Key]:
    """Return the keys that colleagues share. They find relations, never duplicates: not locked."""
    return [("organisation", record.organisation)] if record.organisation else []


def _identity(record: Record) -> Iterator[Key]:
    if record.mailbox:
        yield "email", record.mailbox
    if record.national:
        yield "phone", record.national
    sound = record.family_sound or record.given_sound
    if sound:
        yield from ((kind, f"{sound} {value}") for kind, value in _beside_a_name(record))


def _beside_a_name(record: Record) -> Iterator[Key]:
    """Values that are too common alone, and rare beside the sound of a family name."""
    # A nickname may start with another letter (Bob, Robert); what it stands for does not.
    initials = sorted({root[0] for root in record.roots if root})[:3] or [""]
    for initial in initials:
        if record.email_domain:
            yield "name+domain", f"{initial} {record.email_domain}"
        if record.city:
            yield "name+city", f"{initial} {record.city}"
    if record.local and not record.role:
        yield "name+local", record.local
    if record.born:
        yield "name+born", record.born
    if record.postal_code:
        yield "name+postal", record.postal_code
    if record.company and record.company.tokens:
        # The first word's start survives abbreviation (tech, technology); initials survive TSI.
        yield "name+company", record.company.tokens[0][:4]
        for acronym in sorted(record.company.acronyms)[:3]:
            yield "name+company", acronym
