"""Blocking: the few discrete values that two records of one person very likely share.

Records that share a blocking key are candidates. Every key is exact, so a lock
on each of a lead's keys, taken in order, makes two leads that could be one
person wait for each other, fuzzy twins included.
"""

from collections.abc import Iterator

from services.dedup.record import Record
from services.dedup.slips import seen
from services.dedup.turned import turned
from shared.normalize.company import Company, generic_words
from shared.normalize.name import phonetic
from shared.normalize.name_frequency import UNLISTED, given_per_mille, per_mille
from shared.normalize.name_gender import family_stem
from shared.normalize.name_script import ABJADS
from shared.normalize.phonetic import consonants

Key = tuple[str, str]
"""Kind and value; stored only as a keyed pseudonym."""


VALUES = frozenset({"email", "phone"})
"""Kinds of key that stand for one value, and not for a value beside a name."""

LINE_DIGITS = 9
"""Last digits of a number that are one line's, whatever code or trunk digit stands before."""

MOST_SOUNDS = 4
"""Sounds of one family name that make keys: two surnames, or what a romanisation may stand for."""

WINDOWS = {7: (3, 3), 8: (3, 4), 9: (4, 4)}
"""By the digits of a number, how many from its start and from its end are kept: neither window
holds the digit between them, so one wrong digit, or two exchanged, leave one window whole."""

LONG_WINDOWS = (4, 5)
"""The same for ten digits and more."""

ACRONYM = range(3, 5)
"""Letters of an acronym that says something: two are shared by many, five spell the legal form."""


def keys(record: Record) -> list[Key]:
    """Return the identity keys of *record*: typically 7 to 9, more for names of many spellings.

    Each further mailbox adds one and each further number one or two. Beside a name they add none:
    they are compared with the same value only.
    """
    return list(dict.fromkeys(_identity(record)))


def values(record: Record) -> dict[str, Key]:
    """Return the key of each value that *record* gives, by the names of `beside.Carriers`."""
    found = {"email": ("email", record.mailbox)} if record.mailbox else {}
    if record.national:
        found["phone"] = _line(record.phone, record.national)[-1]
    found |= {other.mailbox: ("email", other.mailbox) for other in record.other_mailboxes}
    return found | {
        other.phone: _line(other.phone, other.national)[-1] for other in record.other_lines
    }


def relations(record: Record) -> list[Key]:
    """Return the keys that colleagues share. They find relations, never duplicates: not locked."""
    organisations = [record.organisation, *(each.organisation for each in record.other_mailboxes)]
    return [("organisation", each) for each in dict.fromkeys(organisations) if each]


def _identity(record: Record) -> Iterator[Key]:
    if record.mailbox:
        yield "email", record.mailbox
    if record.national:
        yield from _line(record.phone, record.national)
    for other in record.other_mailboxes:
        yield "email", other.mailbox
    for line in record.other_lines:
        yield from _line(line.phone, line.national)
    for each in (record, turned(record)):
        if each:
            values = list(_beside_a_name(each))
            for sound in _sounds(each):
                yield from ((kind, f"{sound} {value}") for kind, value in values)


def _line(phone: str, national: str) -> list[Key]:
    # Wherever the country code is taken to end, the last digits are the same.
    ending = ("phone", phone[-LINE_DIGITS:])
    return [ending, ("phone", national)] if len(national) < LINE_DIGITS else [ending]


def _sounds(record: Record) -> list[str]:
    """Return how the name sounds by which it is found: of two surnames, each."""
    sound = record.family_sound or record.given_sound
    if not sound:
        return []
    first, *others = record.family.split() or [""]
    found = [sound, phonetic(family_stem(first))] if others else [sound]
    found += map(phonetic, record.family_roots)
    before = record.middle.rpartition(" ")[2]
    if len(before) > 2 and per_mille(before) > UNLISTED >= given_per_mille(before):
        found.append(phonetic(before))  # Lucía Fernández Serrano, who is Lucía Fernández, too
    if record.script in ABJADS and record.family.startswith("l"):
        found.append(phonetic(record.family[1:]))  # the article, which Latin letters show
    if not record.family.isalpha():
        found.append(phonetic(seen(record.family)))  # Fairwe1l
    return list(dict.fromkeys(found))[:MOST_SOUNDS]


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
    if len(record.national) >= min(WINDOWS):
        start, end = WINDOWS.get(len(record.national), LONG_WINDOWS)
        onset = consonants(record.given)[:1]  # the same in scripts that write no vowels
        yield "name+phone", f"{onset} {record.national[:start]}"
        yield "name+phone end", f"{onset} {record.national[-end:]}"
    if record.born:
        yield "name+born", record.born
    if record.postal_code:
        yield "name+postal", record.postal_code
    if record.company:
        yield from (("name+company", value) for value in _company(record.company))


def _company(company: Company) -> Iterator[str]:
    """How the word that tells companies apart begins, by sound; and what initials they have."""
    # By sound, for Seimens; its start alone, for what is cut short. A second word is too often
    # a trade that every tenth firm carries.
    words = [word for word in company.tokens if word not in _GENERIC] or company.tokens
    if words:
        yield phonetic(words[0])[:4]
    yield from (acronym for acronym in sorted(company.acronyms) if len(acronym) in ACRONYM)


_GENERIC = generic_words()
