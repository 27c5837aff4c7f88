"""The comparison of family names."""

import re

from services.dedup.record import Record
from services.dedup.slips import misread, one_sign_misread, same_sounds, sounds_alike
from shared import similarity
from shared.normalize.family_variants import east_asian
from shared.normalize.name_frequency import UNLISTED, given_per_mille, per_mille
from shared.normalize.name_gender import same_but_for_gender
from shared.normalize.name_script import EAST_ASIAN

SLIP = 0.85
"""Likeness of spelling from which two surnames may be one, written with a slip."""


def family(a: Record, b: Record) -> str | None:
    """Return how the family names agree."""
    one, other = a.family, b.family
    if not (one and other):
        return None
    if one == other:
        return "different" if a.middle != b.middle and _other_first_surname(a, b) else "same"
    if misread(one, other) or (
        one_sign_misread(one, other) and UNLISTED in (per_mille(one), per_mille(other))
    ):
        return "similar"
    if similarity.digits_differ(one, other):
        return "different"
    if same_but_for_gender(one, other):
        return "same"
    rooted = a.family_roots or b.family_roots
    if rooted and not {*a.family_roots, one}.isdisjoint({*b.family_roots, other}):
        return "similar"
    if a.script == b.script == "CJK" or (_spelt_otherwise(a) and _spelt_otherwise(b)):
        return "different"  # likeness in pinyin says nothing of the characters
    several = a.middle or b.middle or " " in one or " " in other
    if several and (_one_of_two(a, b) or _within_full_name(a, b)):
        return "similar"
    likeness = similarity.spelling(one, other)
    if _other_onset(one, other) or same_sounds(one, other, likeness):
        return "similar"
    if not sounds_alike(one, other, a.family_sound, b.family_sound, likeness):
        return "different"
    if " " in one and " " in other and not similarity.one_typo(one, other):
        return "different"  # Machado Silva, Silva Silva
    # Hansen and Jansen: a first letter is seldom a slip, unless it changed places.
    slip = one[0] == other[0] or one[:2] == other[1::-1] or a.family_sound == b.family_sound
    return "similar" if slip else "different"


def _spelt_otherwise(record: Record) -> bool:
    """True if the family is Chinese or Korean, so that its other spellings are known: Li, Lu."""
    return record.script in EAST_ASIAN or east_asian(record.family)


def _one_of_two(a: Record, b: Record) -> bool:
    """True for two surnames, or a middle name that is one: Garcia, Garcia Lopez.

    Not if each lead gives another one beside it: Rocha Gomes, Martins Gomes.
    """
    one, other = a.family.split(), b.family.split()
    if _beside_another(a, b) or _beside_another(b, a):
        return False
    if len(one) == len(other) > 1:
        return _within(one, other) and _within(other, one)
    return _within(one, [*other, *b.middle.split()]) or _within(other, [*one, *a.middle.split()])


def _beside_another(a: Record, b: Record) -> bool:
    """True if *a* gives one surname after a middle name that is none of two surnames of *b*."""
    before, words = a.middle.split()[-1:], b.family.split()
    if not before or " " in a.family or len(words) < 2 or a.family != words[-1]:
        return False
    return before[0] not in words and given_per_mille(before[0]) <= UNLISTED


def _other_first_surname(a: Record, b: Record) -> bool:
    """True if each lead gives another surname before one they share: Juan Serrano Sánchez."""
    one, other = (each.middle.rpartition(" ")[2] for each in (a, b))
    if not (one and other) or similarity.spelling(one, other) >= SLIP:
        return False
    return _surname(one) and _surname(other)


def _surname(word: str) -> bool:
    return per_mille(word) > UNLISTED >= given_per_mille(word) and not east_asian(word)


def _within_full_name(a: Record, b: Record) -> bool:
    """True if one lead's two surnames stand, with a slip, at the end of the other's full name."""
    for one, other in ((a, b), (b, a)):
        words = one.family.split()
        if len(words) < 2 or not other.middle:
            continue
        if f"{other.middle}{other.family}".replace(" ", "").endswith("".join(words)):
            return True  # de la Cruz Jiménez
        if " " not in other.family and _within(words, [*other.middle.split(), other.family]):
            return True
    return False


def _within(words: list[str], others: list[str]) -> bool:
    """True if every word is among the *others*; of several words, one may hold a slip."""
    strange = [word for word in words if word not in others]
    if not strange or len(words) == 1:
        return not strange
    return len(strange) == 1 and any(similarity.one_typo(strange[0], word) for word in others)


def _other_onset(one: str, other: str) -> bool:
    """True if the names differ in how an article or a first sound is written in Latin letters.

    Al-Idrissi and El Idrissi; Chatzis, Hatzis and Khatzis.
    """
    if one[-1] == other[-1] and _PARTICLE.sub("", one) == _PARTICLE.sub("", other):
        return True
    if {one[0], other[0]} == {"g", "h"} and one[1:] == other[1:] and _UKRAINIAN.search(one):
        return True
    if one[0] not in _ONSETS and other[0] not in _ONSETS:
        return False
    bare, rest = _ONSET.sub("", one), _ONSET.sub("", other)
    if one in (rest, other) or other == bare:
        return True  # Alaoui, El Alaoui
    if (bare, rest) == (one, other) or min(len(bare), len(rest)) < 4:
        return False
    if bare.replace("j", "g") == rest.replace("j", "g"):
        return True  # Al-Najjar, El-Naggar
    return bare[0] == rest[0] and similarity.one_typo(bare, rest)


_PARTICLE = re.compile(
    r"^(?:d[aeio]s?|del|dela|delos|van|von|vande[nr]?|ter|bin|ibn|ben|abu)(?=.{4})"
)
"""What stands before a family name, and is often left out: da Conceição, Ben David."""

_UKRAINIAN = re.compile("(?:nko|[uy]k|sky+i?|ska|ets)$")
"""Endings of family names whose first letter, Г, is H in Ukrainian and G in Russian."""

_ONSET = re.compile(r"^(?:[ae]l(?=.{4})|[ck](?=h)|kh?(?=h))")
_ONSETS = "aeck"
