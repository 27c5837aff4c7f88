"""The comparison of whole names: the given and the family name each by its own rules, together."""

import re

from services.dedup import scripts
from services.dedup.family_names import family
from services.dedup.given_names import given
from services.dedup.record import Record
from services.dedup.turned import turned
from shared import similarity
from shared.normalize.family_variants import east_asian
from shared.normalize.name import known, nickname_roots
from shared.normalize.name_frequency import UNLISTED, commonness, given_per_mille, per_mille
from shared.normalize.name_script import ALPHABETS, EAST_ASIAN
from shared.normalize.phonetic import consonants, phonetic
from shared.normalize.syllables import same_syllables

COMMON, RARE = -10.0, -17.0
"""Log2 shares of people with a whole name: one in a thousand bears a common one; one in 130,000 is
a namesake whom one hardly ever meets."""

SHORTEST_GIVEN = 3
"""Letters of a given name that a mailbox tells, at least."""

UNLIKE = 0.7
"""Likeness of spelling below which two words are two names, whatever the romanisation."""

LONG_NAME = 6
"""Letters from which a mailbox spelt like a name means that name."""


def name(a: Record, b: Record) -> str | None:
    """The names of the people."""
    if not (a.named and b.named):
        return None
    if a.generation and b.generation and a.generation != b.generation:
        return "other_generation"
    level = _level(a, b)
    if level == "same":
        return _by_commonness(a, b) if a.generation == b.generation else "generation_missing"
    if level in _OF_A_NAMESAKE and a.generation != b.generation:
        return "generation_missing"
    if level in _CONTRADICTING:
        if _one_turned(a, b):
            return "swapped"
        if not scripts.comparable(a, b):
            return scripts.across(a, b)
    return level


def _one_turned(a: Record, b: Record) -> bool:
    """True if the names agree once those of one lead are turned: Lee Jungmin, Jeongmin Rhee."""
    for one, other in ((a, b), (b, a)):
        plain = one.script == other.script and not other.family_roots
        if plain and one.given[:1] != other.family[:1]:
            continue
        surely = not one.script and other.script in EAST_ASIAN
        right = turned(one, surely or other.family in (one.given, *one.roots))
        if right is not None and (given(right, other), family(right, other)) in _AGREEING:
            return True
    return False


def _by_commonness(a: Record, b: Record) -> str:
    """Return how much it says that two leads bear this whole name, in its commoner spelling."""
    share = _share(a)
    if (a.given, a.family, a.script) != (b.given, b.family, b.script):
        share = max(share, _share(b))
    if a.middle and a.middle == b.middle and not a.script:
        share += commonness(a.middle, "")
    if share > COMMON:
        return "same_common"
    return "same_rare" if share <= RARE and _counted(a) and _counted(b) else "same"


def _share(record: Record) -> float:
    """Return the log2 share of people with the name; of Han and Hangul, as it is commonest read."""
    if record.script not in EAST_ASIAN:
        return commonness(record.given, record.family)
    given = (record.given, *record.roots)
    families = (record.family, *record.family_roots)
    return max(commonness(first, last) for first in given for last in families)


def _counted(record: Record) -> bool:
    """True if a name that is in no table is rare, and not spelt in a way that no table has."""
    return record.script in ALPHABETS and not east_asian(record.family)


def made_of_the_name(local: str, record: Record) -> bool:
    """Return whether the mailbox *local* only repeats the name: john.smith, jsmith, smith.john.

    Also with a number behind it, and in another spelling that sounds the same. Of a name that is
    not in Latin letters, whatever is a name may be it.
    """
    if not record.named:
        return False
    letters = _NO_LETTERS.sub("", local)
    if spells_the_name(local, record):
        return True
    spelt = {
        phonetic(each) for root in record.roots for each in _spelt(record._replace(given=root))
    }
    if phonetic(letters) in spelt | {phonetic(each) for each in _spelt(record)}:
        return True
    return record.script not in ALPHABETS and _names_alone(local)


def spells_the_name(local: str, record: Record) -> bool:
    """Return whether the mailbox *local* repeats the name, letter by letter, or its initials."""
    return _NO_LETTERS.sub("", local) in _spelt(record)


def _names_alone(local: str) -> bool:
    """True if the mailbox is made of names that are listed, or of one after an initial."""
    words = [word for word in _NO_LETTERS.split(local) if word]
    if len(words) == 1:
        return _listed(words[0]) or _listed(words[0][1:]) or _two_listed(words[0])
    return all(len(word) == 1 or _listed(word) for word in words) and bool(words)


def _two_listed(word: str) -> bool:
    cuts = range(SHORTEST_GIVEN, len(word) - SHORTEST_GIVEN + 1)
    return any(_listed(word[:cut]) and _listed(word[cut:]) for cut in cuts)


def _listed(word: str) -> bool:
    """True for what is a given or a family name somewhere."""
    return _given_name(word) or per_mille(word) > UNLISTED or east_asian(word)


def mailbox(a: Record, b: Record) -> str | None:
    """The mailbox of one lead beside the name of the other."""
    if (a.mailbox and a.mailbox == b.mailbox) or (a.given == b.given and a.family == b.family):
        return None  # the names say it, or nothing would be added
    if _named_after(a, b) or _named_after(b, a):
        return "spelt_after_the_other"
    unread = not (_told(a) and _told(b) and scripts.comparable(a, b))
    if unread and (_names_another(a, b) or _names_another(b, a)):
        return "spelt_after_somebody_else"
    return None


def _told(record: Record) -> bool:
    """True if the lead gives more of a given name than an initial."""
    return len(record.given) + len(record.middle) > 1


def _names_another(a: Record, b: Record) -> bool:
    """True if the mailbox of *a* tells a given name, and it is not that of *b*."""
    if a.role or not a.local or len(b.given) < SHORTEST_GIVEN or b.script:
        return False
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


def _given_name(word: str) -> bool:
    return given_per_mille(word) > UNLISTED or known(word)


def _named_after(a: Record, b: Record) -> bool:
    """True if the mailbox of *a* is the whole name of *b*."""
    if not (a.local and b.given and b.family) or b.given not in a.local or a.role:
        return False
    letters = _NO_LETTERS.sub("", a.local)
    first, last = b.given + b.middle.replace(" ", ""), b.family.replace(" ", "")
    if len(letters) < LONG_NAME:
        return False
    return letters in (first + last, last + first, b.given + last, last + b.given)


def _spelt(record: Record) -> tuple[str, ...]:
    """Return how a mailbox may repeat the name: with all given names, one of them, or initials."""
    last, middle = record.family.replace(" ", ""), record.middle.replace(" ", "")
    firsts = {record.given, record.given[:1], record.given[:1] + middle[:1]}
    firsts |= {record.given + middle, middle}
    pairs = ((first, last) for first in firsts)
    return tuple({one for x, y in pairs for one in (x + y, y + x, x, y) if len(one) > 1})


def _level(a: Record, b: Record) -> str | None:
    first, last = given(a, b), family(a, b)
    if (first, last) != ("same", "same") and _same_words(a, b):
        return "swapped"
    if first and last:
        return _WHOLE_NAMES[first, last]
    if first:
        if first == "different":
            return "swapped" if a.script and _one_field(a, b) else "different"
        return "given_name_only"
    if last:
        return "different" if last == "different" else "family_name_only"
    # One lead gave only a given name, the other only a family name.
    return None


def _same_words(a: Record, b: Record) -> bool:
    """True if the names hold the same words in another order: Kim Jong Un, Jong Un Kim."""
    long, other = (len(each.given) + len(each.middle) + len(each.family) for each in (a, b))
    if long == other or a.middle or b.middle:  # else they cannot be the same
        words = sorted(f"{a.given} {a.middle} {a.family}".split())
        if len(words) > 1 and words == sorted(f"{b.given} {b.middle} {b.family}".split()):
            return True
    if a.given[:1] != b.family[:1] or a.family[:1] != b.given[:1]:
        return False
    return _joined(a)[::-1] == _joined(b)


def _one_field(a: Record, b: Record) -> bool:
    """True if one lead has the whole name, family first, in the field of the given name."""
    return f"{a.family}{a.given}" == f"{b.family}{b.given}" and a.script == b.script


def _joined(record: Record) -> tuple[str, str]:
    return f"{record.given}{record.middle}".replace(" ", ""), record.family.replace(" ", "")


_NO_LETTERS = re.compile(r"[0-9._-]+")

_OF_A_NAMESAKE = frozenset({"nickname", "similar"})
"""Levels under which a father and a son of one name are told apart by their generation: Rey
Garcia, Reynaldo Garcia Jr."""

_AGREEING = frozenset(
    (first, last) for first in ("same", "similar", "nickname") for last in ("same", "similar")
)
"""How given and family name agree where both surely do."""

_CONTRADICTING = frozenset({"different", "other_given_name", "other_family_name"})

_WHOLE_NAMES = {
    ("same", "same"): "same",
    ("nickname", "same"): "nickname",
    ("similar", "same"): "similar",
    ("initial", "same"): "initial",
    ("short_form", "same"): "short_form",
    ("english_name", "same"): "english_name",
    ("middle_name", "same"): "middle_name",
    ("different", "same"): "other_given_name",
    ("same", "similar"): "similar",
    ("nickname", "similar"): "similar",
    ("similar", "similar"): "similar",
    ("initial", "similar"): "initial",
    ("short_form", "similar"): "short_form",
    ("english_name", "similar"): "english_name",
    ("middle_name", "similar"): "middle_name",
    ("different", "similar"): "different",
    ("same", "different"): "other_family_name",
    ("nickname", "different"): "other_family_name",
    ("similar", "different"): "different",
    ("initial", "different"): "different",
    ("short_form", "different"): "different",
    ("english_name", "different"): "different",
    ("middle_name", "different"): "different",
    ("different", "different"): "different",
}
"""The level of a whole name, from how its given and its family name agree."""
