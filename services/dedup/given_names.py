"""The comparison of given names.

Given names that look alike are often two names (Mario and Maria, Jana and Dana), and one name
is often written in two ways; what a table of nicknames knows outweighs likeness.
"""

import re

from rapidfuzz.distance import OSA

from services.dedup.english_names import both_east_asian, english_name
from services.dedup.record import Record
from services.dedup.slips import misread, one_sign_misread, same_sounds, sounds_alike
from shared import similarity
from shared.normalize import name as names
from shared.normalize.family_variants import east_asian
from shared.normalize.korean import korean_sound
from shared.normalize.name_frequency import UNLISTED, given_per_mille
from shared.normalize.name_order import adopted, of_place
from shared.normalize.short_form import short_form
from shared.normalize.syllables import same_syllables

SHORTEST_SYLLABLE = 2
"""Letters of a syllable that a Chinese, Japanese or Korean name has beside another one."""


def given(a: Record, b: Record) -> str | None:
    """Return how the given names agree."""
    one, other = a.given, b.given
    if not (one and other):
        return None
    if one == other:
        if _other_characters(a, b):
            return "different"
        return _same_beginning(a, b) if a.middle != b.middle else "same"
    if a.script and a.script == b.script and a.script in _SYLLABIC:
        return _in_signs(a, b)
    if misread(one, other) or _sign_misread(one, other):
        return "similar"
    if similarity.digits_differ(one, other):
        return "different"
    if not set(a.roots).isdisjoint(b.roots):
        if _two_of_one_beginning(a, b):
            return "different"  # Muhammad Amir, Mohd Hafiz
        return "one_letter_apart" if _one_letter_apart(a, b) else "nickname"
    asian = both_east_asian(a, b)
    if asian and _one_sound(a, b):
        return "similar"
    middle = a.middle or b.middle
    if middle and (_of_two_names(a, b) or _of_two_names(b, a)):
        return "nickname"
    likeness = similarity.spelling(one, other)
    if not asian and same_sounds(one, other, likeness):
        return "similar"
    if middle and (beside := _beside_middle_names(a, b)):
        return beside
    if _initial(a) or _initial(b):
        return "initial" if one.startswith(other) or other.startswith(one) else "different"
    if middle and (_both_initials(a, b) or _both_initials(b, a)):
        return "initial"
    return _alike(a, b, likeness, asian)


def _other_characters(a: Record, b: Record) -> bool:
    """True for two names in Han that only sound alike, told by how else they may be read: Yoko."""
    if a.script != "CJK" or b.script != "CJK" or a.roots == b.roots:
        return False
    return len(a.roots) > 1 < len(b.roots)


def _both_initials(a: Record, b: Record) -> bool:
    """True if *a* goes by the initials of two given names: JP, John Paul."""
    return bool(b.middle) and a.given == b.given[0] + b.middle[0]


def _initial(record: Record) -> bool:
    """True if only a letter was given: M. or Ш., but not I-hua."""
    if record.script in _SIGNS_OF_TWO and record.given in _SIGNS_OF_TWO[record.script]:
        return True
    if len(record.given) != 1:
        return False
    return not (len(record.middle) > 1 and east_asian(record.family))


def _in_signs(a: Record, b: Record) -> str:
    """Return how given names of syllabic signs agree: 承 and 承傑, 由美 and 由美子.

    Likeness in Latin letters says nothing of the signs, but that one name begins the other does.
    Nor does a reading in common: Makoto is written with several characters, as Ryō is.
    """
    if a.script != "CJK" and not set(a.roots).isdisjoint(b.roots):
        return "nickname"
    short, long = sorted((a.given, b.given), key=len)
    rest = long.removeprefix(short)
    whole = len(rest) >= SHORTEST_SYLLABLE and rest[0] not in "aeiou" and _VOWEL.search(rest)
    return "short_form" if rest != long and whole else "different"


def _sign_misread(one: str, other: str) -> bool:
    return one_sign_misread(one, other) and not (_listed(one) and _listed(other))


def _one_letter_apart(a: Record, b: Record) -> bool:
    """True for Anna and Anne, Ralf and Rolf: each a name of its own, though of one root.

    Not where both come from a script that is spelt in several ways, or sound alike.
    """
    one, other = a.given, b.given
    if a.script != b.script or OSA.distance(one, other, score_cutoff=1) != 1:
        return False
    short, long = sorted((one, other), key=len)
    if one[0] != other[0] or long.startswith(short):
        return False  # Bob and Rob, Lena and Elena, Alex and Alexa
    if min(given_per_mille(one), given_per_mille(other)) <= UNLISTED:
        return False
    if all(of_place(each, *_ROMANISING, given=True) for each in (one, other)):
        return False
    return one.translate(_ONE_SOUND).rstrip("h") != other.translate(_ONE_SOUND).rstrip("h")


def _of_two_names(a: Record, b: Record) -> bool:
    """True if *b* goes by the second of two given names, or by a short form of both.

    Maria Cristina is Tina, Muhammad Rizki is Rizki, José Luis is Pepelu.
    """
    second = a.middle.partition(" ")[0]
    if second and not {a.given + second, a.given + a.middle.replace(" ", "")}.isdisjoint(b.roots):
        return True
    if not second or {a.given, second} == _SPOUSES:
        return False  # María José is Majo; José is a man
    return a.given in _FORENAMES and not names.nickname_roots(second).isdisjoint(b.roots)


def _beside_middle_names(a: Record, b: Record) -> str | None:
    if {a.given, b.given} == _SPOUSES:
        return "different"
    together = _written_together(a, b)
    if together or a.given in b.middle.split() or b.given in a.middle.split():
        return together or "middle_name"
    return None


def _alike(a: Record, b: Record, likeness: float, asian: bool) -> str:
    sounding = sounds_alike(a.given, b.given, a.given_sound, b.given_sound, likeness)
    if sounding and not _two_names(a, b):
        return "similar" if _not_of_siblings(a, b) else "different"
    if asian and english_name(a, b):
        return "english_name"
    if asian and (a.middle or b.middle):
        return "different"  # Min Hyun is not Minyoung cut short
    if short_form(a.given, b.given) or _thai_ending(a, b):
        return "short_form"
    return "different"


def _thai_ending(a: Record, b: Record) -> bool:
    """True if one goes by the last syllable of the other, in Thai script: Phon, Siriphon."""
    if not a.script == b.script == "THAI":
        return False
    short, long = sorted((a.given, b.given), key=len)
    return len(short) > SHORTEST_SYLLABLE and long.endswith(short)


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


def _same_beginning(a: Record, b: Record) -> str:
    """Return how names agree of which the first word is the same: Man Kong, Man Yee and Man."""
    if misread(a.middle, b.middle) or _sign_misread(a.middle, b.middle):
        return "similar"
    if not both_east_asian(a, b) or adopted(a.given):
        return "different" if _two_of_one_beginning(a, b) else "same"
    if not (a.middle and b.middle):
        return "short_form"
    return "similar" if _one_sound(a, b) else "different"


def _two_of_one_beginning(a: Record, b: Record) -> bool:
    """True for Jean-Pierre and Jean-François: two names, where others have a middle name each.

    So it is after a name that many bear before their own: Muhammad Amir and Muhammad Hafiz.
    """
    one, other = (each.middle.partition(" ")[0] for each in (a, b))
    if not (one and other) or one == other or 1 in (len(one), len(other)):
        return False
    if {a.given, b.given} <= _FORENAMES | _SERVANT or _vietnamese(a, b):
        likeness = similarity.spelling(one, other)
        return likeness < ANOTHER and not same_sounds(one, other, likeness)
    if a.given not in _COMPOUNDING:
        return False
    return given_per_mille(one) > UNLISTED and given_per_mille(other) > UNLISTED


def _vietnamese(a: Record, b: Record) -> bool:
    """True if the names are Vietnamese, whose last word is the name: Văn Minh and Văn Long."""
    return of_place(a.family, "VN") and of_place(b.family, "VN")


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


def _written_together(a: Record, b: Record) -> str | None:
    """Return how Anne Marie and Annemarie, Min Soo and Minsu agree, if they do."""
    one, other = (f"{each.given}{each.middle}".replace(" ", "") for each in (a, b))
    if one == other:
        return "same"
    if abs(len(one) - len(other)) > 2 or similarity.spelling(one, other) < 0.9:
        return None
    return "similar" if names.phonetic(one) == names.phonetic(other) else None


ANOTHER = 0.85
"""Likeness of spelling below which the second of two given names is another one."""

_SIGNS_OF_TWO = {
    "ARABIC": frozenset({"kh", "sh", "th", "dh", "gh"}),
    "CYRILLIC": frozenset(("zh", "kh", "ts", "ch", "sh", "shch", "yu", "ya", "ye", "yo")),
}
"""Letters that are several in Latin spelling, by script: alone they are an initial all the same."""

_ONE_SOUND = str.maketrans("ycwzj", "ikvsi")
"""Letters that two spellings of one name exchange: Eric and Erik, Natalia and Natalya."""

_ROMANISING = (
    *("EG", "IL", "IR", "IN", "PK", "RU", "UA", "BG", "GR", "RS", "GE", "JP", "KR", "CN", "TH"),
    *("LK", "ID", "SN"),
)
"""Places whose given names have several spellings in Latin letters."""

_ONSETS = ({"j", "y"}, {"j", "z"}, {"i", "y"}, {"k", "q"}, {"k", "c"}, {"v", "w"}, {"u", "w"})
"""First letters that romanisations exchange."""

_SYLLABIC = frozenset({"CJK", "HANGUL"})
"""Scripts of which a sign is a syllable, so that one other sign is another name."""

_FORENAMES = frozenset(
    (
        *("maria", "jose", "muhammad", "mohammad", "mohammed", "mohamed", "muhamad", "mochamad"),
        *("mohd", "muhd", "mohamad", "mohamud", "mohammod"),
        *("md", "syed", "sayed", "siti", "nur", "nurul", "noor"),
        *("ahmad", "ahmed", "achmad", "akhmad"),
    )
)
"""Given names that many bear before the one they go by."""

_SERVANT = frozenset({"abd", "abdal", "abdel", "abdul", "bd"})
"""Arabic for a servant, before a name of God: Abd Allah and Abd ar-Rahman are two names."""

_SPOUSES = frozenset({"maria", "jose"})
"""A man goes by José María, a woman by María José; the first name tells which."""

_COMPOUNDING = frozenset(
    (
        *("jean", "marie", "anne", "pierre", "maria", "jose", "juan", "luis", "carlos", "ana"),
        *("joao", "hans", "karl", "gian", "pier", "mary", "anna"),
    )
)
"""Given names that make one name with the next."""

_DOUBLED = re.compile(r"(.)\1+")
_VOWEL = re.compile("[aeiou]")
_ENDINGS = "aeou"
