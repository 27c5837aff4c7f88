"""The comparison of given names.

Given names that look alike are often two names (Mario and Maria, Jana and Dana), and one name
is often written in two ways; what a table of nicknames knows outweighs likeness.
"""

import re

from services.dedup.record import Record
from services.dedup.slips import i_for_l, misread, same_sounds, sounds_alike
from shared import similarity
from shared.normalize import name as names
from shared.normalize.family_variants import east_asian
from shared.normalize.korean import korean_sound
from shared.normalize.name_frequency import UNLISTED, given_per_mille
from shared.normalize.name_order import adopted
from shared.normalize.name_script import EAST_ASIAN
from shared.normalize.syllables import same_syllables

SHORTEST_STEM = 3
"""Letters that a name and its short form have in common, at least."""

SHORTEST_CUT = 2
"""Letters of a name that is only cut off: Ju for Juliana, Pri for Priya."""

CUT_OFF = 2
"""Letters that a short form leaves out, at least: Maria and Marian are two names."""


def given(a: Record, b: Record) -> str | None:
    """Return how the given names agree."""
    one, other = a.given, b.given
    if not (one and other):
        return None
    if one == other:
        return _same_beginning(a, b) if a.middle != b.middle else "same"
    if a.script and a.script == b.script and a.script in _SYLLABIC:
        # Likeness in Latin letters says nothing of the characters.
        return "different" if set(a.roots).isdisjoint(b.roots) else "nickname"
    if misread(one, other) or (i_for_l(one, other) and not (_listed(one) and _listed(other))):
        return "similar"
    if similarity.digits_differ(one, other):
        return "different"
    if not set(a.roots).isdisjoint(b.roots):
        return "nickname"
    asian = _east_asian(a, b)
    if asian and _one_sound(a, b):
        return "similar"
    if _of_two_names(a, b) or _of_two_names(b, a):
        return "nickname"
    if not asian and same_sounds(one, other):
        return "similar"
    beside = _beside_middle_names(a, b)
    if beside:
        return beside
    if _initial(a) or _initial(b):
        return "initial" if one[0] == other[0] else "different"
    if _both_initials(a, b) or _both_initials(b, a):
        return "initial"
    return _alike(a, b)


def _both_initials(a: Record, b: Record) -> bool:
    """True if *a* goes by the initials of two given names: JP, John Paul."""
    return bool(b.middle) and a.given == b.given[0] + b.middle[0]


def _initial(record: Record) -> bool:
    """True if only a letter was given: M., but not I-hua."""
    whole = len(record.middle) > 1 and east_asian(record.family)
    return len(record.given) == 1 and not whole


def _of_two_names(a: Record, b: Record) -> bool:
    """True if *b* goes by the second of two given names, or by a short form of both.

    Maria Cristina is Tina, Muhammad Rizki is Rizki, José Luis is Pepelu.
    """
    second = a.middle.partition(" ")[0]
    if second and not {a.given + second, a.given + a.middle.replace(" ", "")}.isdisjoint(b.roots):
        return True
    if not second or {a.given, second} == {"maria", "jose"}:
        return False  # María José is Majo; José is a man
    return a.given in _FORENAMES and not names.nickname_roots(second).isdisjoint(b.roots)


def _beside_middle_names(a: Record, b: Record) -> str | None:
    if not (a.middle or b.middle):
        return None
    together = _written_together(a, b)
    if together or a.given in b.middle.split() or b.given in a.middle.split():
        return together or "middle_name"
    return None


def _alike(a: Record, b: Record) -> str:
    if sounds_alike(a.given, b.given, a.given_sound, b.given_sound) and not _two_names(a, b):
        return "similar" if _not_of_siblings(a, b) else "different"
    if _english_name(a, b):
        return "english_name"
    if (a.middle or b.middle) and _east_asian(a, b):
        return "different"  # Min Hyun is not Minyoung cut short
    return "short_form" if _short_form(a.given, b.given) else "different"


def _not_of_siblings(a: Record, b: Record) -> bool:
    """True unless the names are Chinese or Korean, and begin alike as those of siblings do."""
    if not (a.family_roots and b.family_roots):
        return True
    return a.given_sound == b.given_sound or similarity.one_typo(a.given, b.given)


def _two_names(a: Record, b: Record) -> bool:
    """True if two given names alike in spelling, of no common root, are no slip of one another."""
    one, other = _DOUBLED.sub(r"\1", a.given), _DOUBLED.sub(r"\1", b.given)
    if one == other:
        return False
    listed = _listed(a.given) and _listed(b.given)
    if one.rstrip(_ENDINGS) == other.rstrip(_ENDINGS):
        return listed  # Mario and Maria, Paul and Paula, Simon and Simone
    if listed and a.script == b.script:
        return True  # Peter and Petra; what is one name in two spellings has a root in common
    return a.given_sound != b.given_sound and one[0] != other[0] and not _same_onset(one, other)


def _english_name(a: Record, b: Record) -> bool:
    """True if one may be the English name that many Chinese and Koreans take beside their own."""
    if not _east_asian(a, b):
        return False
    return (_adopted(a) and _of_their_own(b)) or (_adopted(b) and _of_their_own(a))


def _adopted(record: Record) -> bool:
    """True if the name is known from elsewhere; of Chinese syllables, all of them together."""
    whole = record.given + record.middle.replace(" ", "")
    apart = record.middle and not _OWN_SYLLABLES.fullmatch(whole)
    return not record.script and (adopted(whole) or bool(apart and adopted(record.given)))


def _of_their_own(record: Record) -> bool:
    """True for one or two Chinese or Korean syllables that are no name elsewhere."""
    whole = record.given + record.middle.replace(" ", "")
    return bool(record.script or (not _adopted(record) and _OWN_SYLLABLES.fullmatch(whole)))


def _east_asian(a: Record, b: Record) -> bool:
    """True if both family names are Chinese or Korean by their spelling."""
    return _of_the_east(a) and _of_the_east(b)


def _of_the_east(record: Record) -> bool:
    return record.script in EAST_ASIAN or east_asian(record.family)


def _same_beginning(a: Record, b: Record) -> str:
    """Return how names agree of which the first word is the same: Man Kong, Man Yee and Man."""
    if not _east_asian(a, b) or adopted(a.given):
        return "different" if _two_of_one_beginning(a, b) else "same"
    if not (a.middle and b.middle):
        return "short_form"
    return "similar" if _one_sound(a, b) else "different"


def _two_of_one_beginning(a: Record, b: Record) -> bool:
    """True for Jean-Pierre and Jean-François: two names, where others have a middle name each."""
    one, other = (each.middle.partition(" ")[0] for each in (a, b))
    if a.given not in _COMPOUNDING or not (one and other) or one == other:
        return False
    return given_per_mille(one) > UNLISTED and given_per_mille(other) > UNLISTED


def _one_sound(a: Record, b: Record) -> bool:
    """True if a Korean or Chinese name is spelt in two ways: Seong-suk, Sung Sook; Kakwan."""
    one, other = (each.given + each.middle.replace(" ", "") for each in (a, b))
    if korean_sound(one) == korean_sound(other):
        return True
    if a.family == b.family or "HANGUL" in (a.script, b.script):
        return False
    return bool(same_syllables(one, other))


def _listed(given: str) -> bool:
    """True if the name is known as one of its own, or as a form of one."""
    return names.known(given) or given_per_mille(given) > UNLISTED


def _same_onset(one: str, other: str) -> bool:
    """True if only the first sound is written otherwise: Jordan, Yordan; Zahid, Jahid."""
    return one[1:] == other[1:] and {one[0], other[0]} in _ONSETS


def _short_form(one: str, other: str) -> bool:
    """True if one may be the other cut short at either end: Caro, Vale, Reetta; Aishu, Gulya."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short.rstrip(_PET_ENDINGS)) < CUT_OFF:
        return False
    if names.known(short) and names.known(long):
        return False  # then the table would say that they are one
    stem = short.rstrip(_PET_ENDINGS)
    if long.rstrip(_PET_ENDINGS) == stem:
        return False  # a man's and a woman's name
    if long.startswith(stem) and len(stem) >= SHORTEST_STEM:
        return True
    if long.startswith(short) and len(short) >= SHORTEST_CUT and _VOWEL.search(short):
        return True
    return len(short) > SHORTEST_STEM and long.endswith(short)


def _written_together(a: Record, b: Record) -> str | None:
    """Return how Anne Marie and Annemarie, Min Soo and Minsu agree, if they do."""
    one, other = (f"{each.given}{each.middle}".replace(" ", "") for each in (a, b))
    if one == other:
        return "same"
    if abs(len(one) - len(other)) > 2 or similarity.spelling(one, other) < 0.9:
        return None
    return "similar" if names.phonetic(one) == names.phonetic(other) else None


_ONSETS = ({"j", "y"}, {"j", "z"}, {"i", "y"}, {"k", "q"}, {"k", "c"}, {"v", "w"}, {"u", "w"})
"""First letters that romanisations exchange."""

_SYLLABIC = frozenset({"CJK", "HANGUL"})
"""Scripts of which a sign is a syllable, so that one other sign is another name."""

_FORENAMES = frozenset(
    (
        *("maria", "jose", "muhammad", "mohammad", "mohammed", "mohamed", "muhamad", "mochamad"),
        *("md", "syed", "sayed", "siti", "nur", "nurul", "noor"),
        *("ahmad", "ahmed", "achmad", "akhmad"),
    )
)
"""Given names that many bear before the one they go by."""

_COMPOUNDING = frozenset(
    (
        *("jean", "marie", "anne", "pierre", "maria", "jose", "juan", "luis", "carlos", "ana"),
        *("joao", "hans", "karl", "gian", "pier", "mary", "anna"),
    )
)
"""Given names that make one name with the next."""

_OWN_SYLLABLES = re.compile(
    "(?:t?sz(?![aeiouwy])"
    "|(?:[zcs]h|ts|tz|hs|[kg]w|kk|ng|[bcdfghjklmnpqrstwxyz])?[wy]?[aeiou]+[wy]?(?:ng|[nmkptlrh])?"
    "){1,2}"
)
"""What a Chinese or Korean given name is made of, in the usual romanisations: Tsz-ho, Wai-wing,
Seong-hyeon."""

_DOUBLED = re.compile(r"(.)\1+")
_VOWEL = re.compile("[aeiou]")
_ENDINGS = "aeou"
_PET_ENDINGS = "aeiouy"
