"""The comparison of given names.

Given names that look alike are often two names (Mario and Maria, Jana and Dana), and one name
is often written in two ways; what a table of nicknames knows outweighs likeness.
"""

import re

from services.dedup.english_names import both_east_asian, english_name
from services.dedup.given_words import (
    alone,
    as_read,
    meet,
    one_letter_apart,
    shortened,
    sign_misread,
    slipped,
)
from services.dedup.record import Record
from services.dedup.second_names import (
    FORENAMES,
    goes_by_the_fathers,
    own_words,
    two_of_one_beginning,
)
from services.dedup.slips import LEAST_LIKE, LIKE_IN_SOUND, misread, mistyped, same_sounds
from shared import similarity
from shared.normalize import name as names
from shared.normalize.family_variants import east_asian
from shared.normalize.han_readings import same_characters, spelt_otherwise
from shared.normalize.korean import korean_sound
from shared.normalize.name_order import adopted, of_place
from shared.normalize.syllables import no_syllable, same_syllables
from shared.normalize.text import GROUP

SHORTEST_SYLLABLE = 2
"""Letters of a syllable that a Chinese, Japanese or Korean name has beside another one."""


LONGEST_SYLLABLE = 6
"""Letters of a Chinese or Korean syllable: chuang, hyeong; venkateswara is none."""


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
    asian = both_east_asian(a, b)
    siblings = a.family_roots and b.family_roots
    if asian or siblings or a.middle or b.middle or a.script or b.script:
        return _beside_the_rest(a, b, asian)
    return alone(one, other, a.roots, b.roots, a.given_sound, b.given_sound)


def _beside_the_rest(a: Record, b: Record, asian: bool) -> str:
    """Return how given names agree beside middle names, family names and scripts."""
    one, other = a.given, b.given
    if read := as_read(one, other):
        return read
    if meet(a.roots, b.roots):
        if two_of_one_beginning(a, b):
            return "different"  # Muhammad Amir, Mohd Hafiz
        apart = a.script == b.script and one_letter_apart(one, other)
        return "one_letter_apart" if apart else "nickname"
    if asian and _one_sound(a, b):
        return "similar"
    middle = a.middle or b.middle
    if asian and middle and (_beside_an_english_one(a, b) or _beside_an_english_one(b, a)):
        return "nickname"
    if middle and (_of_two_names(a, b) or _of_two_names(b, a)):
        return "nickname"
    likeness = similarity.spelling(one, other)
    if likeness >= LEAST_LIKE and not asian and same_sounds(one, other, likeness):
        return "similar"
    if middle and (beside := _beside_middle_names(a, b)):
        return beside
    if middle and (_both_initials(a, b) or _both_initials(b, a)):
        return "initial"
    if (len(one) == 1 or len(other) == 1 or a.script or b.script) and (_initial(a) or _initial(b)):
        if _first_of_several(a, b) or _first_of_several(b, a):
            return "initial"
        return "initial" if one.startswith(other) or other.startswith(one) else "different"
    return _alike(a, b, likeness, asian)


def _beside_an_english_one(a: Record, b: Record) -> bool:
    """True if *a* puts an English name before the own name of *b*: Jason Wei Ming, Wei-ming."""
    own = f"{b.given}{b.middle}".replace(" ", "")
    return adopted(a.given) and len(own) > len(b.given[:1]) and a.middle.replace(" ", "") == own


def _other_characters(a: Record, b: Record) -> bool:
    """True for two names in Han that only sound alike, told by how else they may be read: Yoko."""
    if a.script != "CJK" or b.script != "CJK" or a.roots == b.roots:
        return False
    return len(a.roots) > 1 < len(b.roots)


def _both_initials(a: Record, b: Record) -> bool:
    """True if *a* goes by the initials of two given names: JP, John Paul.

    Of a Vietnamese, who is called by the last of them, in the order they stand: T. V., Tuong Vi.
    """
    if not b.middle:
        return False
    return a.given == b.given[0] + b.middle[0] or (
        len(a.middle) == 1 and a.given == b.middle[0] and a.middle == b.given[0]
    )


def _first_of_several(a: Record, b: Record) -> bool:
    """True if *a* gives the initial of the first name of a Vietnamese, who goes by the last."""
    one = len(a.given) == 1 and not a.middle
    return one and b.middle.startswith(a.given) and of_place(b.family, "VN")


def _initial(record: Record) -> bool:
    """True if only a letter was given: M. or Ш., but not I-hua."""
    if record.script in _SIGNS_OF_TWO and record.given in _SIGNS_OF_TWO[record.script]:
        return True
    if len(record.given) != 1:
        return False
    return not (1 < len(record.middle) <= LONGEST_SYLLABLE and east_asian(record.family))


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


def _of_two_names(a: Record, b: Record) -> bool:
    """True if *b* goes by the second of two given names, or by a short form of both.

    Maria Cristina is Tina, Muhammad Rizki is Rizki, José Luis is Pepelu.
    """
    second = next(iter(own_words(a.middle)), "")
    if second and not {a.given + second, a.given + a.middle.replace(" ", "")}.isdisjoint(b.roots):
        return True
    if not second or {a.given, second} == _SPOUSES:
        return False  # María José is Majo; José is a man
    if a.given not in FORENAMES:
        return False
    whole = a.middle.replace(" ", "") == f"{b.given}{b.middle}".replace(" ", "")  # Amir Hossein
    return whole or not names.nickname_roots(second).isdisjoint(b.roots)


def _beside_middle_names(a: Record, b: Record) -> str | None:
    if {a.given, b.given} == _SPOUSES:
        return "different"
    if _of_initials(a, b) or _of_initials(b, a):
        return "middle_name"
    together = _written_together(a, b)
    if not together and a.middle and b.middle and both_east_asian(a, b):
        return None  # Ah Jung and Hee-ah: siblings have a syllable in common
    if together:
        return together
    if goes_by_the_fathers(a, b) or goes_by_the_fathers(b, a):
        return "different"
    if _goes_by_a_later(a, b) or _goes_by_a_later(b, a):
        return "middle_name"
    return None


def _goes_by_a_later(a: Record, b: Record) -> bool:
    """True if *b* goes by a later name of *a*, or by what is short for it: Javi, Javier."""
    if b.given in a.middle.split():
        return True
    return bool(a.middle and len(b.given) > 1) and not set(a.middle.split()).isdisjoint(b.roots)


def _of_initials(a: Record, b: Record) -> bool:
    """True if *a* gives initials, and *b* a name that a later one begins: W. A. D., Dilshan."""
    initials = a.middle.split()
    if len(a.given) > 1 or b.middle or len(b.given) < 2 or b.given[0] == a.given:
        return False
    return b.given[0] in initials and all(len(each) == 1 for each in initials)


def _alike(a: Record, b: Record, likeness: float, asian: bool) -> str:
    if not (a.script or b.script) and a.middle == b.middle and mistyped(a.given, b.given):
        return "similar"
    if asian and len(a.middle) > 1 < len(b.middle) and not english_name(a, b):
        one, other = (f"{each.given}{each.middle}" for each in (a, b))
        return "similar" if similarity.one_typo(one, other) else "different"
    if likeness >= LIKE_IN_SOUND:
        words = a.given, b.given, a.given_sound, b.given_sound
        if slipped(*words, likeness, a.script == b.script):
            return "similar" if _not_of_siblings(a, b) else "different"
    if asian and english_name(a, b):
        return "english_name"
    if asian and (a.middle or b.middle):
        return "different"  # Min Hyun is not Minyoung cut short
    if asian and _a_syllable_more(*sorted((a.given, b.given), key=len)):
        return "different"  # Wei, Weidong
    return "short_form" if shortened(a.given, b.given) or _thai_ending(a, b) else "different"


def _a_syllable_more(short: str, long: str) -> bool:
    """True if *long* goes on with another syllable behind *short*: siblings have so, too."""
    rest = long.removeprefix(short)
    if rest == long or len(rest) < SHORTEST_SYLLABLE or rest[0] in "aeiouy":
        return False
    return _VOWEL.search(short) is not None and _VOWEL.search(rest) is not None


def _thai_ending(a: Record, b: Record) -> bool:
    """True if one goes by the last syllable of the other, in Thai script: Phon, Siriphon."""
    if a.script != "THAI" or b.script != "THAI":
        return False
    short, long = sorted((a.given, b.given), key=len)
    return len(short) > SHORTEST_SYLLABLE and long.endswith(short)


def _not_of_siblings(a: Record, b: Record) -> bool:
    """True unless the names are Chinese or Korean, and begin alike as those of siblings do."""
    if not (a.family_roots and b.family_roots):
        return True
    return a.given_sound == b.given_sound or similarity.one_typo(a.given, b.given)


def _same_beginning(a: Record, b: Record) -> str:
    """Return how names agree of which the first word is the same: Man Kong, Man Yee and Man."""
    if misread(a.middle, b.middle) or sign_misread(a.middle, b.middle):
        return "similar"
    if not both_east_asian(a, b) or adopted(a.given):
        return "different" if two_of_one_beginning(a, b) else "same"
    if not (a.middle and b.middle):
        return "short_form"
    slip = _DOUBLED.sub(GROUP, a.middle) == _DOUBLED.sub(GROUP, b.middle)  # Ji-hooon
    slip = slip or no_syllable(a.middle, b.middle)
    return "similar" if slip or _one_sound(a, b) else "different"


def _one_sound(a: Record, b: Record) -> bool:
    """True if a Korean or Chinese name is spelt in two ways: Seong-suk, Sung Sook; Kakwan."""
    if korean_sound(f"{a.given} {a.middle}") == korean_sound(f"{b.given} {b.middle}"):
        return True
    if "HANGUL" in (a.script, b.script):
        return False
    apart = (f"{each.given} {each.middle}" for each in (a, b))
    if a.family == b.family:
        return spelt_otherwise(*apart)
    if same_characters(*apart):
        return True
    one, other = (each.given + each.middle.replace(" ", "") for each in (a, b))
    return bool(same_syllables(one, other))


def _written_together(a: Record, b: Record) -> str | None:
    """Return how Anne Marie and Annemarie, Min Soo and Minsu agree, if they do."""
    one, other = (f"{each.given}{each.middle}".replace(" ", "") for each in (a, b))
    if one == other:
        return "same"
    if abs(len(one) - len(other)) > 2 or similarity.spelling(one, other) < 0.9:
        return None
    return "similar" if names.phonetic(one) == names.phonetic(other) else None


_SIGNS_OF_TWO = {
    "ARABIC": frozenset({"kh", "sh", "th", "dh", "gh"}),
    "CYRILLIC": frozenset(("zh", "kh", "ts", "ch", "sh", "shch", "yu", "ya", "ye", "yo")),
}
"""Letters that are several in Latin spelling, by script: alone they are an initial all the same."""

_SYLLABIC = frozenset({"CJK", "HANGUL"})
"""Scripts of which a sign is a syllable, so that one other sign is another name."""

_SPOUSES = frozenset({"maria", "jose"})
"""A man goes by José María, a woman by María José; the first name tells which."""

_DOUBLED = re.compile(r"(.)\1+")
_VOWEL = re.compile("[aeiou]")
