"""Blocking: the few discrete values that two records of one person very likely share.

Records that share a blocking key are candidates. Every key is exact, so a lock
on each of a lead's keys, taken in order, makes two leads that could be one
person wait for each other, fuzzy twins included.
"""

from functools import lru_cache

from services.dedup.mailbox_slips import SEPARATORS
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

KEYS_VERSION = 4
"""Raised whenever a lead may get other keys than before, by this file or by how it is read: then
leads that are stored get theirs anew (docs/decisions/0072, which also names the migration)."""

VALUES = frozenset({"email", "phone"})
"""Kinds of key that stand for one value, and not for a value beside a name."""

LINE_DIGITS = 9
"""Last digits of a number that are one line's, whatever code or trunk digit stands before."""

MOST_SOUNDS = 4
"""Sounds of one family name that make keys: two surnames, or what a romanisation may stand for."""

MOST_ONSETS = 3
"""First sounds of one given name that make keys: it may be short for several names."""

SHORT_SOUND = 3
"""Signs of a sound that are too few to lose one."""

MOST_REMEMBERED = 8192
"""Given names whose first sound is kept in memory (under 1 MB)."""

WINDOWS = {7: (3, 3), 8: (3, 4), 9: (3, 5)}
"""By the digits of a number, how many from its start and from its end are kept: neither window
holds the digit between them, so one wrong digit, or two exchanged, leave one window whole."""

LONG_WINDOWS = (4, 5)
"""The same for ten digits and more."""

TOLD_END = 5
"""Last digits of a number that are rare enough beside how both names begin, in either order."""

TOLD_LOCAL = 8
"""Signs of a mailbox, none that separates, that are rare enough without a name beside it."""

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


def _identity(record: Record) -> list[Key]:
    found: list[Key] = []
    if record.mailbox:
        found.append(("email", record.mailbox))
    if record.national:
        found += _line(record.phone, record.national)
    found += [("email", other.mailbox) for other in record.other_mailboxes]
    for line in record.other_lines:
        found += _line(line.phone, line.national)
    for each in (record, turned(record)):
        if each and (sounds := _sounds(each)):
            values = _beside_a_name(each)
            found += [(kind, f"{sound} {value}") for sound in sounds for kind, value in values]
    if record.named:
        found += _beside_how_it_begins(record)
    return found


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
    found += [phonetic(family_stem(root)) for root in record.family_roots]
    before = record.middle.rpartition(" ")[2]
    if len(before) > 2 and per_mille(before) > UNLISTED >= given_per_mille(before):
        found.append(phonetic(before))  # Lucía Fernández Serrano, who is Lucía Fernández, too
    if record.script in ABJADS and record.family.startswith("l"):
        found.append(phonetic(record.family[1:]))  # the article, which Latin letters show
    if not record.family.isalpha():
        found.append(phonetic(seen(record.family)))  # Fairwe1l
    if record.script == "THAI":
        found.append(sound[:-1] + sound[-1:].translate(_THAI_FINAL))
    return list(dict.fromkeys(map(_from_its_consonant, found)))[:MOST_SOUNDS]


def _from_its_consonant(sound: str) -> str:
    """Return *sound* without a vowel before it, which one script writes and another does not.

    Ibrahim, Ebrahim and إبراهيم; a short name keeps it.
    """
    return sound[1:] if sound[:1] in _VOWELS and len(sound) > SHORT_SOUND else sound


def _beside_a_name(record: Record) -> list[Key]:
    """Return values that are too common alone, and rare beside the sound of a family name."""
    found: list[Key] = []
    # A nickname may start with another sound (Bob, Robert); what it stands for does not.
    for initial in _onsets(record):
        if record.email_domain and not record.organisation:
            found.append(("name+domain", f"{initial} {record.email_domain}"))
        if record.city:
            found.append(("name+city", f"{initial} {record.city}"))
    if record.local and not record.role and len(local := _bare(record.local)) < TOLD_LOCAL:
        found.append(("name+local", local))
    national = record.national
    if len(national) >= _SHORTEST_WINDOWED:
        start, end = WINDOWS.get(len(national), LONG_WINDOWS)
        onset = _consonant(record.given)
        found.append(("name+phone", f"{onset} {national[:start]}"))
        if end < TOLD_END:
            found.append(("name+phone end", f"{onset} {national[-end:]}"))
    if record.born:
        found.append(("name+born", record.born))
    if record.postal_code:
        found.append(("name+postal", record.postal_code))
    if record.company:
        found += [("name+company", value) for value in _company(record.company)]
    return found


def _beside_how_it_begins(record: Record) -> list[Key]:
    """Return values that are rare enough beside how both names begin, whatever slip follows.

    In either order: Almonte Rosa, with a slip, is not known to stand the wrong way round.
    """
    found: list[Key] = []
    begins = _begins(record.given, record.roots, record.family, record.family_roots)
    if record.organisation:
        found += [("name+domain", f"{each} {record.email_domain}") for each in begins]
    if len(record.national) >= _SHORTEST_TOLD_END:
        end = record.national[-TOLD_END:]
        found += [("name+phone end", f"{each} {end}") for each in begins]
    if not record.role and len(local := _bare(record.local)) >= TOLD_LOCAL:
        found.append(("name+local", local))
    if record.born:
        found += [("name+born", f"{each} {record.born}") for each in _onsets(record)]
    return found


@lru_cache(MOST_REMEMBERED)
def _begins(
    given: str, roots: tuple[str, ...], family: str, families: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the first consonants of both names, sorted: of three given and four family names."""
    words = family.split()  # Navratil, Riegler-Navratil
    one = list(dict.fromkeys(map(_consonant, (given, *roots))))[:MOST_ONSETS]
    last = (*words[:1], *words[-1:], *families)
    other = list(dict.fromkeys(map(_consonant, last)))[:MOST_SOUNDS]
    return tuple(sorted({f"{min(a, b)}{max(a, b)}" for a in one for b in other or [""]}))


@lru_cache(MOST_REMEMBERED)
def _consonant(name: str) -> str:
    """Return the first consonant of a folded name, the same in scripts that write no vowels."""
    return consonants(name)[:1]


def _bare(local: str) -> str:
    return local.translate(SEPARATORS)


def _onsets(record: Record) -> list[str]:
    """Return how the given name may begin: three first sounds at most."""
    found = {_onset(root) for root in record.roots if root}
    if record.script in ABJADS and not found.isdisjoint(_ALSO_VOWELS):
        found.add(_VOWEL)  # Omer, written wmr
    return sorted(found)[:MOST_ONSETS] or [""]


@lru_cache(MOST_REMEMBERED)
def _onset(given: str) -> str:
    """Return how a folded given name begins, one sign for sounds that romanisations mix.

    Jing and Ching, Carl and Karl, Ekaterina and Yekaterina.
    """
    return next((sound for begins, sound in _ONSETS if given.startswith(begins)), given[:1])


def _company(company: Company) -> list[str]:
    """Return how the word that tells companies apart begins, by sound; and their initials."""
    # By sound, for Seimens; its start alone, for what is cut short. A second word is too often
    # a trade that every tenth firm carries.
    words = [word for word in company.tokens if word not in _GENERIC] or company.tokens
    acronyms = [acronym for acronym in sorted(company.acronyms) if len(acronym) in ACRONYM]
    return [phonetic(words[0])[:4], *acronyms] if words else acronyms


_SHORTEST_WINDOWED = min(WINDOWS)

_SHORTEST_TOLD_END = min(size for size, (_, end) in WINDOWS.items() if end >= TOLD_END)

_VOWEL = "a"
"""How a given name begins that starts with any vowel."""

_ONSETS = (
    (("chr", "chl"), "k"),
    (("ch", "cz", "ts", "tz", "dj", "dzh", "j", "qi", "z"), "j"),
    (("ph",), "f"),
    (("c", "g", "k", "q"), "k"),
    (("b", "p"), "b"),
    (("d", "t"), "t"),
    (("s", "x"), "s"),
    (("v", "w"), "v"),
    (("a", "e", "i", "o", "u", "y"), _VOWEL),
)
"""First letters of given names that are written for one sound, and its sign; the first counts."""

_ALSO_VOWELS = frozenset("hv")
"""What begins a name in a script without vowels where others write one: Ahmed, Omer."""

_THAI_FINAL = str.maketrans("LR", "NN")
"""How the last letter of a Thai word sounds: Chaimongkhol is said with an n."""

_VOWELS = frozenset("AIU")
"""The vowels of a sound."""

_GENERIC = generic_words()
