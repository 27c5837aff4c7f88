"""What a mailbox tells of a name: that it is spelt after somebody, or after somebody else."""

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from services.dedup import scripts
from services.dedup.english_names import both_east_asian
from services.dedup.record import Record
from services.dedup.scripts import AGREE
from services.dedup.slips import same_sounds
from shared import similarity
from shared.normalize.family_variants import east_asian
from shared.normalize.name import known, nickname_roots
from shared.normalize.name_frequency import UNLISTED, given_per_mille, per_mille
from shared.normalize.name_order import adopted
from shared.normalize.name_script import ALPHABETS
from shared.normalize.phonetic import consonants, phonetic
from shared.normalize.syllables import same_syllables

SHORTEST_GIVEN = 3
"""Letters of a given name that a mailbox tells, at least."""

UNLIKE = 0.7
"""Likeness of spelling below which two words are two names, whatever the romanisation."""

RESPELT = 0.88
"""Likeness of spelling from which a mailbox tells the given name in another romanisation."""

MOST_SIGNS_MORE = 4
"""Letters that one romanisation of a whole name has more than another, at most."""

LONG_NAME = 6
"""Letters from which a mailbox spelt like a name means that name."""


def mailbox(a: Record, b: Record) -> str | None:
    """The mailbox of one lead beside the name of the other."""
    if (a.mailbox and a.mailbox == b.mailbox) or (a.given == b.given and a.family == b.family):
        return None  # the names say it, or nothing would be added
    # Most mailboxes do not hold the other's given name: that look is the cheapest.
    if (b.given in a.local and _named_after(a, b)) or (a.given in b.local and _named_after(b, a)):
        return "spelt_after_the_other"
    if a.script and a.given == b.given and (_changed_name(a, b) or _changed_name(b, a)):
        return "spelt_after_the_other"
    unread = not (_told(a) and _told(b) and scripts.comparable(a, b))
    if unread and (_names_another(a, b) or _names_another(b, a)):
        return "spelt_after_somebody_else"
    if (unread or _one_family(a, b)) and _tell_two(a, b):
        return "spelt_after_somebody_else"
    return None


def _one_family(a: Record, b: Record) -> bool:
    """True if the family names are one, as they stand or in another romanisation: Fung, Feng."""
    if a.family == b.family:
        return True
    roots = a.family_roots or b.family_roots
    return bool(roots) and not {a.family, *a.family_roots}.isdisjoint((b.family, *b.family_roots))


def _changed_name(a: Record, b: Record) -> bool:
    """True if the mailbox of *a* is spelt after the family of *b*, in a script that none writes.

    As a mailbox from before a wedding is.
    """
    if a.script != b.script or a.script in ALPHABETS or a.family == b.family or a.role:
        return False
    return bool(a.local) and _transliterated(a.local, b) and not _transliterated(a.local, a)


def made_of_the_name(local: str, record: Record) -> bool:
    """Return whether the mailbox *local* only repeats the name: john.smith, jsmith, smith.john.

    Also with a number behind it, and in another spelling that sounds the same. Of a name that is
    not in Latin letters, whatever is a name may be it.
    """
    if not record.named:
        return False
    if spells_the_name(local, record) or _around_the_family(local, record):
        return True
    bare = _NO_LETTERS.sub("", local)
    letters = phonetic(bare)
    if any(letters == phonetic(each) or _respelt(bare, each) for each in _spellings(record)):
        return True
    return record.script not in ALPHABETS and (
        _names_alone(local) or _transliterated(local, record)
    )


def _respelt(one: str, other: str) -> bool:
    """True if a whole name is spelt in another romanisation: pichaichankaew, phichaijankaew."""
    if abs(len(one) - len(other)) > MOST_SIGNS_MORE or len(one) < LONG_NAME:
        return False
    return same_sounds(one, other, similarity.spelling(one, other))


def _transliterated(local: str, record: Record) -> bool:
    """True if the mailbox has the consonants of the name, which another script spells."""
    letters = consonants(_NO_LETTERS.sub("", local))
    first, last = consonants(record.given), consonants(record.family)
    wholes = (f"{first}{last}", f"{last}{first}", f"{first[:1]}{last}")
    return any(fuzz.ratio(letters, each.replace(" ", "")) >= AGREE for each in wholes)


def _spellings(record: Record) -> Iterator[str]:
    """Yield how a mailbox may repeat the name in any form of it that is known."""
    for last in {record.family, *record.family_roots}:
        for first in {record.given, *record.roots}:
            yield from _spelt(first, record.middle, last)


def _around_the_family(local: str, record: Record) -> bool:
    """True if a short form of the given name, or nothing else, stands beside the family name.

    rafiq.rahman for Rafiqul Rahman; sofie.van for Sofie van Dijk.
    """
    letters = _NO_LETTERS.sub("", local)
    last = record.family.replace(" ", "")
    if not record.given or len(last) < SHORTEST_GIVEN:
        return False
    for rest in (letters.removeprefix(last), letters.removesuffix(last)):
        if SHORTEST_GIVEN <= len(rest) < len(letters) and _short_for(rest, record):
            return True
    rest = letters.removeprefix(record.given)
    return 1 < len(rest) < len(letters) and last.startswith(rest)


def _short_for(word: str, record: Record) -> bool:
    """True if *word* is the given name in a short form, or in another spelling."""
    short = record.given.startswith(word) or similarity.spelling(word, record.given) >= RESPELT
    return short or not nickname_roots(word).isdisjoint(record.roots)


def spells_the_name(local: str, record: Record) -> bool:
    """Return whether the mailbox *local* repeats the name, letter by letter, or its initials."""
    return _NO_LETTERS.sub("", local) in _spelt(record.given, record.middle, record.family)


def _names_alone(local: str) -> bool:
    """True if the mailbox is made of names that are listed, or of one after an initial."""
    words = [word for word in _NO_LETTERS.split(local) if word]
    if len(words) == 1:
        return listed(words[0]) or listed(words[0][1:]) or _two_listed(words[0])
    return all(len(word) == 1 or listed(word) for word in words) and bool(words)


def _two_listed(word: str) -> bool:
    cuts = range(SHORTEST_GIVEN, len(word) - SHORTEST_GIVEN + 1)
    return any(listed(word[:cut]) and listed(word[cut:]) for cut in cuts)


def listed(word: str) -> bool:
    """Return whether a folded word is a given or a family name somewhere."""
    return _given_name(word) or per_mille(word) > UNLISTED or east_asian(word)


def _told(record: Record) -> bool:
    """True if the lead gives more of a given name than an initial."""
    return len(record.given) > 1 or len(record.given) + len(record.middle) > 1


def _names_another(a: Record, b: Record) -> bool:
    """True if the mailbox of *a* tells a given name, and it is not that of *b*."""
    if a.role or not a.local or len(b.given) < SHORTEST_GIVEN or b.script:
        return False
    if a.script and spells_the_name(a.local, a):
        return False  # what its own name says has been compared
    words = [word for word in _NO_LETTERS.split(a.local) if word and word != b.family]
    told = "".join(words).removesuffix(b.family).removeprefix(b.family)
    bare = told == _NO_LETTERS.sub("", a.local)  # else it stood beside the family name
    if len(told) < SHORTEST_GIVEN + (not bare):
        return False
    if bare and not (_given_name(told) or (len(words) == 2 and any(map(_given_name, words)))):
        return False
    own = b.given + b.middle.replace(" ", "")
    if told in own or own in told or not nickname_roots(told).isdisjoint(b.roots):
        return False
    alike = similarity.spelling(told, own) >= UNLIKE or same_syllables(told, own)
    return not alike and consonants(told) != consonants(own)


def initial_spelt_out(a: Record, b: Record) -> bool:
    """Return whether the mailbox of the lead with an initial begins its given name with it."""
    return any(
        len(each.given) == 1 and _beside_the_family(each).startswith(each.given) for each in (a, b)
    )


def _tell_two(a: Record, b: Record) -> bool:
    """True if a mailbox tells another Chinese or Korean given name than the other lead does.

    Whoever goes by an English name has one of their own, too: Vivian Luo, luo.xinling@, is not
    Luo Pengqiang.
    """
    if not (a.local or b.local) or not both_east_asian(a, b):
        return False
    one, other = _told_of_their_own(a), _told_of_their_own(b)
    if not other:
        return not _repeats(one, a) and _two_own_names(one, _own_name(b))
    return _two_own_names(one, other) or (
        not _repeats(other, b) and _two_own_names(other, _own_name(a))
    )


def _repeats(told: str, record: Record) -> bool:
    """True if the mailbox tells what its own lead's name says, which was compared as a name."""
    return told == record.given + record.middle.replace(" ", "")


def _told_of_their_own(record: Record) -> str:
    """Return the given name beside the family name in the mailbox; empty for an English one."""
    told = "" if record.role else _beside_the_family(record)
    return "" if adopted(told) else told


def _own_name(record: Record) -> str:
    """Return the given name; empty for an English one, and for what is read in several ways."""
    if adopted(record.given) or (record.script == "CJK" and len(record.roots) > 1):
        return ""
    return record.given + record.middle.replace(" ", "")


def _two_own_names(one: str, other: str) -> bool:
    if min(len(one), len(other)) < SHORTEST_GIVEN or one in other or other in one:
        return False
    if same_syllables(one, other) or similarity.spelling(one, other) >= UNLIKE:
        return False
    return consonants(one) != consonants(other)


def _beside_the_family(record: Record) -> str:
    """Return what stands beside the family name in the mailbox; empty where that does not."""
    letters = _NO_LETTERS.sub("", record.local)
    for last in sorted({record.family, *record.family_roots} - {""}):
        for rest in (letters.removesuffix(last), letters.removeprefix(last)):
            if 0 < len(rest) < len(letters):
                return rest
    return ""


def _given_name(word: str) -> bool:
    return given_per_mille(word) > UNLISTED or known(word)


def _named_after(a: Record, b: Record) -> bool:
    """True if the mailbox of *a* is the whole name of *b*."""
    if not (a.local and b.given and b.family) or b.given not in a.local or a.role:
        return False
    letters = _NO_LETTERS.sub("", a.local)
    first = b.given + b.middle.replace(" ", "")
    if len(letters) < LONG_NAME:
        return False
    if len(b.given) == 1:  # B. Brunner, and Barbara Meyer who writes from barbara.brunner@
        rest = letters.removesuffix(b.family)
        told = rest != letters and rest.startswith(b.given) and _given_name(rest)
        return told and a.family != b.family
    families = {b.family.replace(" ", ""), *b.family_roots}
    names = (first, b.given)
    return any(letters in (one + last, last + one) for one in names for last in families)


def _spelt(given: str, middle: str, family: str) -> set[str]:
    """Return how a mailbox may repeat the name: with all given names, one of them, or initials."""
    lasts = {family.replace(" ", ""), *family.split()[:1]}  # of two surnames the first alone, too
    middle = middle.replace(" ", "")
    firsts = {given, given[:1]}
    if middle:
        firsts |= {given[:1] + middle[:1], given + middle, middle + given, middle}
    spelt = {one for x in firsts for last in lasts for one in (x + last, last + x, x, last)}
    return {one for one in spelt if len(one) > 1}


_NO_LETTERS = re.compile(r"[0-9._-]+")
