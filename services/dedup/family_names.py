"""The comparison of family names."""

import re

from services.dedup.english_names import both_east_asian
from services.dedup.record import Record
from services.dedup.slips import misread, mistyped, one_sign_misread, same_sounds, sounds_alike
from shared import similarity
from shared.normalize.family_variants import east_asian
from shared.normalize.name_frequency import UNLISTED, given_per_mille, per_mille
from shared.normalize.name_gender import same_but_for_gender
from shared.normalize.name_order import of_place

SLIP = 0.85
"""Likeness of spelling from which two surnames may be one, written with a slip."""


def family(a: Record, b: Record) -> str | None:
    """Return how the family names agree."""
    one, other = a.family, b.family
    if not (one and other):
        return None
    if one == other:
        return "different" if a.middle != b.middle and _other_first_surname(a, b) else "same"
    plain = not (a.script or b.script or a.middle or b.middle or a.family_roots or b.family_roots)
    if plain and " " not in one and " " not in other:
        return _words(one, other, a.family_sound, b.family_sound)
    return _beside_the_rest(a, b)


def another_mother(a: Record, b: Record) -> bool:
    """Return whether each gives another mother's name behind one father's, as Spaniards have them.

    Andrés Molina Prieto and Andrés Molina Aguilar: nobody's wedding changes either.
    """
    one, other = (f"{each.middle} {each.family}".split()[-2:] for each in (a, b))
    if len(one) < 2 or len(other) < 2 or one[0] != other[0] or one[1] == other[1]:
        return False
    if one[1].startswith("de") or other[1].startswith("de"):
        return False  # of her husband
    shared = of_place(one[0], *_TWO_SURNAMES) and given_per_mille(one[0]) < per_mille(one[0])
    return shared and similarity.spelling(one[1], other[1]) < SLIP


def _words(one: str, other: str, sound: str, other_sound: str) -> str:
    """Return how two family names of one word agree, in Latin letters: most pairs."""
    if read := _as_read(one, other):
        return read
    if mistyped(one, other):
        return "similar"
    if east_asian(one) and east_asian(other):
        return "different"
    return _by_letters(one, other, sound, other_sound)


def _as_read(one: str, other: str) -> str | None:
    """Return how two names agree by what a scanner, a number or gender makes of them, if at all."""
    if misread(one, other) or (
        one_sign_misread(one, other) and UNLISTED in (per_mille(one), per_mille(other))
    ):
        return "similar"
    if similarity.digits_differ(one, other):
        return "different"
    return "same" if same_but_for_gender(one, other) else None


def _beside_the_rest(a: Record, b: Record) -> str:
    """Return how family names agree beside middle names, scripts and other spellings."""
    one, other = a.family, b.family
    several = a.middle or b.middle or " " in one or " " in other
    read = _as_read(one, other)
    if read and not (read == "different" and several and _within_full_name(a, b)):
        return read
    rooted = a.family_roots or b.family_roots
    if rooted and not {*a.family_roots, one}.isdisjoint({*b.family_roots, other}):
        return "similar"
    if not (a.script or b.script) and mistyped(one, other):
        return "similar"
    if a.script == b.script == "CJK" or both_east_asian(a, b):
        return "different"  # likeness says nothing: all spellings of these families are known
    if several and (_one_of_two(a, b) or _within_full_name(a, b)):
        return "similar"
    return _by_letters(one, other, a.family_sound, b.family_sound)


def _by_letters(one: str, other: str, sound: str, other_sound: str) -> str:
    """Return how two family names agree in letters and sounds."""
    likeness = similarity.spelling(one, other)
    if _other_onset(one, other) or same_sounds(one, other, likeness):
        return "similar"
    if not sounds_alike(one, other, sound, other_sound, likeness):
        return "different"
    if " " in one and " " in other and not similarity.one_typo(one, other):
        return "different"  # Machado Silva, Silva Silva
    # Hansen and Jansen: a first letter is seldom a slip, unless it changed places.
    slip = one[0] == other[0] or one[:2] == other[1::-1] or sound == other_sound
    return "similar" if slip or _first_letter_slipped(one, other) else "different"


def _first_letter_slipped(one: str, other: str) -> bool:
    """True if long names differ by the first letter, and not both are names: Nindqvist."""
    if min(len(one), len(other)) < LONG_WORD or not similarity.one_typo(one, other):
        return False
    return UNLISTED in (per_mille(one), per_mille(other))


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
        rest = [*other.middle.split(), *other.family.split()]
        if (" " not in other.family and _within(words, rest)) or set(words) <= set(rest):
            return True  # Rodríguez Gómez-Gutiérrez, who was Rodríguez Gómez
    return False


def _within(words: list[str], others: list[str]) -> bool:
    """True if every word is among the *others*; of several words, one may hold a slip.

    So may a long one alone: Courvile, Courville-Rochefort.
    """
    strange = [word for word in words if word not in others]
    if not strange:
        return True
    if len(strange) > 1 or (len(words) == 1 and len(words[0]) < LONG_WORD):
        return False
    return any(similarity.one_typo(strange[0], w) or misread(strange[0], w) for w in others)


def _other_onset(one: str, other: str) -> bool:
    """True if the names differ in how an article or a first sound is written in Latin letters.

    Al-Idrissi and El Idrissi; Chatzis, Hatzis and Khatzis.
    """
    # What is left of a name without its particle has four letters at least.
    if one[-4:] == other[-4:] and not _bare(one).isdisjoint(_bare(other)):
        return True
    if one[1:] == other[1:] and {one[0], other[0]} == {"g", "h"} and _UKRAINIAN.search(one):
        return True
    if one[1:] == other[1:] and {one[0], other[0]} == {"g", "j"} and _EGYPTIAN.search(one):
        return True
    if not (one.startswith(_ONSETS) or other.startswith(_ONSETS)):
        return False
    bare, rest = _ONSET.sub("", one), _ONSET.sub("", other)
    if one in (rest, other) or other == bare:
        return True  # Alaoui, El Alaoui
    if (bare, rest) == (one, other) or min(len(bare), len(rest)) < 4:
        return False
    if bare.replace("j", "g") == rest.replace("j", "g"):
        return True  # Al-Najjar, El-Naggar
    return bare[0] == rest[0] and similarity.one_typo(bare, rest)


def _bare(family: str) -> set[str]:
    """Return *family* as it stands, and without any particle that may stand before it."""
    if not family.startswith(_PARTICLES):
        return {family}
    cut = (family.removeprefix(each) for each in _PARTICLES)
    return {family, *(rest for rest in cut if len(rest) >= SHORTEST_BARE)}


_TWO_SURNAMES = ("ES", "MX", "CO", "PE", "AR", "CL", "VE")
"""Places whose people bear the father's and then the mother's family name, for life."""

LONG_WORD = 7
"""Letters from which one word with a slip in it is told among several."""

SHORTEST_BARE = 4
"""Letters that a family name without its particle has at least."""

_PARTICLES = (
    *("da", "das", "de", "des", "di", "dis", "do", "dos", "del", "dela", "delos"),
    *(
        "van",
        "vande",
        "vanden",
        "vander",
        "von",
        "ter",
        "bin",
        "binti",
        "binte",
        "bint",
        "bte",
        "bt",
        "ibn",
        "ben",
        "abu",
    ),
)
"""What stands before a family name, and is often left out: da Silva, Ben David."""

_UKRAINIAN = re.compile("(?:nko|[uy]k|sky+i?|ska|ets)$")
"""Endings of family names whose first letter, Г, is H in Ukrainian and G in Russian."""

_EGYPTIAN = re.compile("(?:ani|awi|aly?|bers?|maa|ndi|ma)$")
"""Endings of Arabic family names whose first letter is G on the Nile, and J elsewhere: Gilani."""

_ONSET = re.compile(r"^(?:[ae]l(?=.{4})|[ck](?=h)|kh?(?=h))")
_ONSETS = ("al", "el", "ch", "kh")
"""How every word begins of which _ONSET takes something away."""
