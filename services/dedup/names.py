"""The comparison of names: the given and the family name each by its own rules, then together.

Given names that look alike are often two names (Mario and Maria, Jana and Dana), and one name
is often written in two ways; what a table of nicknames knows outweighs likeness.
"""

import re

from services.dedup.record import Record
from shared import similarity
from shared.normalize import name as names
from shared.normalize.name_gender import same_but_for_gender
from shared.normalize.name_script import ABJADS, ALPHABETS
from shared.normalize.phonetic import consonants


def name(a: Record, b: Record) -> str | None:
    """The names of the people."""
    if not (a.named and b.named):
        return None
    if a.generation and b.generation and a.generation != b.generation:
        return "other_generation"
    level = _level(a, b)
    if level in _CONTRADICTING and a.script != b.script and not {a.script, b.script} <= ALPHABETS:
        return "similar" if _same_consonants(a, b) else "other_script"
    return level


def made_of_the_name(local: str, record: Record) -> bool:
    """Return whether the mailbox *local* only repeats the name: john.smith, jsmith, smith.john."""
    if not record.named:
        return False
    first, last = record.given, record.family.replace(" ", "")
    letters = re.sub("[._-]", "", local)
    return letters in (first + last, last + first, first[:1] + last, last + first[:1], first, last)


def _level(a: Record, b: Record) -> str | None:
    given, family = _given(a, b), _family(a, b)
    if (given, family) != ("same", "same") and _same_words(a, b):
        return "swapped"
    if given and family:
        return _WHOLE_NAMES[given, family]
    if given:
        return "different" if given == "different" else "given_name_only"
    if family:
        return "different" if family == "different" else "family_name_only"
    # One lead gave only a given name, the other only a family name.
    return None


def _given(a: Record, b: Record) -> str | None:
    one, other = a.given, b.given
    if not (one and other):
        return None
    if one == other:
        return "same"
    if similarity.digits_differ(one, other):
        return "different"
    if not set(a.roots).isdisjoint(b.roots):
        return "nickname"
    if len(one) == 1 or len(other) == 1:
        return "initial" if one[0] == other[0] else "different"
    if a.middle or b.middle:
        together = _written_together(a, b)
        if together or one in b.middle.split() or other in a.middle.split():
            return together or "middle_name"
    if not _sounds_alike(one, other, a.given_sound, b.given_sound):
        return "different"
    return "different" if _two_names(a, b) else "similar"


def _two_names(a: Record, b: Record) -> bool:
    """True if two given names alike in spelling, of no common root, are no slip of one another."""
    one, other = _DOUBLED.sub(r"\1", a.given), _DOUBLED.sub(r"\1", b.given)
    if one == other:
        return False
    if one.rstrip("aeo") == other.rstrip("aeo"):
        return True  # Mario and Maria, Paul and Paula, Simon and Simone
    known = names.known(a.given) and names.known(b.given)
    return a.given_sound != b.given_sound and (known or one[0] != other[0])


def _written_together(a: Record, b: Record) -> str | None:
    """Return how Anne Marie and Annemarie, Min Soo and Minsu agree, if they do."""
    one, other = (f"{each.given}{each.middle}".replace(" ", "") for each in (a, b))
    if one == other:
        return "same"
    if abs(len(one) - len(other)) > 2 or similarity.spelling(one, other) < 0.9:
        return None
    return "similar" if names.phonetic(one) == names.phonetic(other) else None


def _family(a: Record, b: Record) -> str | None:
    one, other = a.family, b.family
    if not (one and other):
        return None
    if one == other:
        return "same"
    if similarity.digits_differ(one, other):
        return "different"
    if same_but_for_gender(one, other):
        return "same"
    # Two surnames, or a middle name that is one: Garcia, Garcia Lopez.
    within = {*one.split()} <= {*other.split(), b.middle}
    if within or {*other.split()} <= {*one.split(), a.middle}:
        return "similar"
    if not _sounds_alike(one, other, a.family_sound, b.family_sound):
        return "different"
    # Hansen and Jansen: a first letter is seldom a slip, unless it changed places.
    slip = one[0] == other[0] or one[:2] == other[1::-1] or a.family_sound == b.family_sound
    return "similar" if slip else "different"


def _same_words(a: Record, b: Record) -> bool:
    """True if the names hold the same words in another order: Kim Jong Un, Jong Un Kim."""
    words = sorted(f"{a.given} {a.middle} {a.family}".split())
    return len(words) > 1 and words == sorted(f"{b.given} {b.middle} {b.family}".split())


def _same_consonants(a: Record, b: Record) -> bool:
    """True if one script writes no vowels, and the consonants of the names agree."""
    if ABJADS.isdisjoint((a.script, b.script)):
        return False
    one, other = (
        consonants(f"{each.given} {each.middle} {each.family}").replace(" ", "") for each in (a, b)
    )
    return len(one) >= 3 and one == other


def _sounds_alike(a: str, b: str, sound_a: str, sound_b: str) -> bool:
    """True for a typo or another romanisation; equal sounds alone are too coarse for that."""
    likeness = similarity.spelling(a, b)
    if likeness < 0.7:
        return False
    return likeness >= 0.92 or sound_a == sound_b or similarity.one_typo(a, b)


_DOUBLED = re.compile(r"(.)\1+")

_CONTRADICTING = frozenset({"different", "other_given_name", "other_family_name"})

_WHOLE_NAMES = {
    ("same", "same"): "same",
    ("nickname", "same"): "nickname",
    ("similar", "same"): "similar",
    ("initial", "same"): "initial",
    ("middle_name", "same"): "middle_name",
    ("different", "same"): "other_given_name",
    ("same", "similar"): "similar",
    ("nickname", "similar"): "similar",
    ("similar", "similar"): "similar",
    ("initial", "similar"): "initial",
    ("middle_name", "similar"): "middle_name",
    ("different", "similar"): "different",
    ("same", "different"): "other_family_name",
    ("nickname", "different"): "other_family_name",
    ("similar", "different"): "different",
    ("initial", "different"): "different",
    ("middle_name", "different"): "different",
    ("different", "different"): "different",
}
"""The level of a whole name, from how its given and its family name agree."""
