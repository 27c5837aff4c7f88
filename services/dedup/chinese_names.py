"""Chinese names in Han beside Latin letters, and in Latin letters in two orders.

Han characters are read as Mandarin, which only a family name that agrees confirms; what the
bearer writes may be Cantonese, Hokkien or Hakka.
"""

import re

from services.dedup.record import Record
from services.dedup.turned import family_last, turned
from shared.normalize.family_variants import east_asian, given_readings
from shared.normalize.han_readings import same_characters
from shared.normalize.syllables import as_many_syllables, same_syllables

HAN = frozenset({"CJK", "HIRAGANA", "KATAKANA"})
"""Scripts of names that hold Han characters, which are read as Mandarin also in Japan."""


def chinese(a: Record, b: Record) -> str:
    """Return the level of a name in Han beside one in other letters, in whichever order it is."""
    level = _as_it_stands(a, b)
    if level not in _NEITHER or "CJK" not in (a.script, b.script):
        return level
    han, latin = (a, b) if a.script == "CJK" else (b, a)
    for other in _other_orders(latin) if not latin.script else ():
        if families_meet(han, other) and (read := _as_it_stands(han, other)) in _READ:
            return read
    return level


def other_order(a: Record, b: Record) -> bool:
    """True if a Chinese name of three words agrees once its other end is the family.

    Lam Yan Sung, who is Linhsin Song; Yu Yuk Sau and Yuhsiu Yu.
    """
    if a.script or b.script:
        return False
    return _beside_another(a, b) or _beside_another(b, a)


def _beside_another(a: Record, b: Record) -> bool:
    if not (a.middle and b.given and east_asian(b.family)):
        return False
    own = f"{b.given} {b.middle}"
    return any(
        families_meet(read, b) and same_characters(f"{read.given} {read.middle}", own)
        for read in _other_orders(a)
    )


def _other_orders(record: Record) -> list[Record]:
    """Return a name in Latin letters with the family at its other end, if that is one."""
    found = [family_last(record)] if east_asian(record.family) else []
    if east_asian(record.given):
        found.append(turned(record, surely=True))
    return [each for each in found if each]


_NEITHER = frozenset({"different", "other_script"})
_READ = frozenset({"similar", "one_name_agrees"})


def whole_given(record: Record) -> str:
    """Return the given and the middle names of *record* in one word."""
    return f"{record.given}{record.middle}".replace(" ", "")


def _japanese(a: Record, b: Record) -> str:
    """Return the level where the given name is read as in Japan, and the family names differ."""
    if not set(a.roots).isdisjoint(b.roots):
        return "one_name_agrees"
    return "other_script" if _spelt_chinese(a, b) else "different"


def _spelt_chinese(a: Record, b: Record) -> bool:
    """True if the given name in Latin letters is no Japanese one."""
    return not all(given_readings(each.given) for each in (a, b) if not each.script)


def families_meet(a: Record, b: Record) -> bool:
    """Return whether the family names are one, as they stand or in another romanisation."""
    return not {*a.family_roots, a.family}.isdisjoint({*b.family_roots, b.family})


def _as_it_stands(a: Record, b: Record) -> str:
    """Return the level of a name in Han beside one in other letters.

    Where the family names agree in pinyin, the given names were spelt after the same tongue; so
    they were where the Japanese reading of one is known.
    """
    if not (a.given and b.given):
        return "other_script"
    meet = families_meet(a, b)
    one, other = whole_given(a), whole_given(b)
    spelt = same_characters(*(f"{each.given} {each.middle}" for each in (a, b)))
    alike = spelt or same_syllables(one, other)
    if a.family != b.family:
        read = any(len(each.roots) > 1 for each in (a, b) if each.script in HAN)
        if not meet and east_asian(a.family) and east_asian(b.family):
            return "different"  # two families, of which all spellings are known
        if not meet:
            return _japanese(a, b) if read else "other_script"
        if read and not ((alike or _one_syllable(alike, one, other)) and _spelt_chinese(a, b)):
            return "other_given_name"
    mandarin = alike is not False and as_many_syllables(one, other) and _same_mandarin(one, other)
    if spelt or (mandarin if a.family == b.family else alike):
        return "similar"
    unclear = alike if a.family == b.family else alike is None
    return "one_name_agrees" if unclear else "other_given_name"


def _one_syllable(alike: bool | None, one: str, other: str) -> bool:
    """True if the names are one syllable each, which may be read off one character."""
    return alike is None and all(len(_VOWELS.findall(word)) == 1 for word in (one, other))


def _same_mandarin(one: str, other: str) -> bool:
    """Return whether two names are one in pinyin or Wade-Giles, where r is written j."""
    left, right = _syllables(one), _syllables(other)
    return left == right or left.replace("r", "J") == right.replace("r", "J")


_VOWELS = re.compile("[aeiouy]+")


def _syllables(word: str) -> str:
    """Return how a Mandarin name begins and ends its syllables, in pinyin or Wade–Giles."""
    for pattern, sound in _INITIALS:
        word = pattern.sub(sound, word)
    return word


_INITIALS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(?<=[aeiou])h(?![aeiouyw])", ""),
        (r"zh|ch|q|j|tsz?|tz|c|(?<!s)z", "J"),
        (r"sz|sh|hs|s|x", "S"),
        (r"k|g(?!(?:$|[^aeiou]))", "K"),
        (r"p|b", "P"),
        (r"t|d", "T"),
        (r"ng|n", "N"),
        (r"[aeiouyw]+", ""),
    )
)
