"""The comparison of whole names: the given and the family name each by its own rules, together."""

import re

from services.dedup import scripts
from services.dedup.family_names import family
from services.dedup.given_names import given
from services.dedup.record import Record
from services.dedup.turned import turned
from shared import similarity
from shared.normalize.name import known, nickname_roots
from shared.normalize.name_frequency import UNLISTED, commonness, given_per_mille
from shared.normalize.name_script import EAST_ASIAN
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
        right = turned(one, surely=not one.script and other.script in EAST_ASIAN)
        if right is not None and (given(right, other), family(right, other)) in _AGREEING:
            return True
    return False


def _by_commonness(a: Record, b: Record) -> str:
    """Return how much it says that two leads bear this whole name, in its commoner spelling."""
    share = commonness(a.given, a.family)
    if (a.given, a.family) != (b.given, b.family):
        share = max(share, commonness(b.given, b.family))
    if share > COMMON:
        return "same_common"
    return "same" if share > RARE else "same_rare"


def made_of_the_name(local: str, record: Record) -> bool:
    """Return whether the mailbox *local* only repeats the name: john.smith, jsmith, smith.john.

    Also with a number behind it, and in another spelling that sounds the same.
    """
    if not record.named:
        return False
    letters = _NO_LETTERS.sub("", local)
    spelt = _spelt(record)
    return letters in spelt or phonetic(letters) in {phonetic(each) for each in spelt}


def mailbox(a: Record, b: Record) -> str | None:
    """The mailbox of one lead beside the name of the other."""
    if (a.mailbox and a.mailbox == b.mailbox) or (a.given == b.given and a.family == b.family):
        return None  # the names say it, or nothing would be added
    if _named_after(a, b) or _named_after(b, a):
        return "spelt_after_the_other"
    if not scripts.comparable(a, b) and (_names_another(a, b) or _names_another(b, a)):
        return "spelt_after_somebody_else"
    return None


def _names_another(a: Record, b: Record) -> bool:
    """True if the mailbox of *a* tells a given name, and it is not that of *b*."""
    if a.role or not a.local or len(b.given) < SHORTEST_GIVEN or b.script:
        return False
    words = [word for word in _NO_LETTERS.split(a.local) if word and word != b.family]
    told = "".join(words).removesuffix(b.family).removeprefix(b.family)
    bare = told == _NO_LETTERS.sub("", a.local)  # else it stood beside the family name
    if len(told) < SHORTEST_GIVEN + (not bare) or (bare and not _given_name(told)):
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
    first, last = record.given, record.family.replace(" ", "")
    whole = (first + last, last + first, first[:1] + last, last + first[:1], first, last)
    return tuple(each for each in whole if each)


def _level(a: Record, b: Record) -> str | None:
    first, last = given(a, b), family(a, b)
    if (first, last) != ("same", "same") and _same_words(a, b):
        return "swapped"
    if first and last:
        return _WHOLE_NAMES[first, last]
    if first:
        return "different" if first == "different" else "given_name_only"
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
