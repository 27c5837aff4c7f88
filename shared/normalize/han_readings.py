"""Chinese given names as bearers spell them after their tongue: Jianjun, Chien-chün and Kin Kwan.

What `syllables` tells by rule, this tells by character: two syllables are one name if some
character of given names is read as both, in Mandarin, Cantonese or a tongue of Fujian.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from shared.normalize.tables import rows

MOST_REMEMBERED = 8192
"""Names whose syllables are kept in memory (under 8 MB)."""

MAX_NAME = 32
"""Letters of a name that are looked at."""

LONGEST = 6
"""Letters of a syllable: chiung, zhuang."""

MOST_SYLLABLES = 3
"""Syllables of a given name, at most; a fourth belongs to the family."""


class Syllable(NamedTuple):
    """One syllable of a name, as one way to read the name has it."""

    spelt: str
    rows: frozenset[int]
    """Rows of the table that have it."""
    pinyin: frozenset[str]
    """What it is in pinyin, if it is Mandarin."""


Syllables = tuple[Syllable, ...]


def same_characters(one: str, other: str) -> bool | None:
    """Return whether two folded given names may be spellings of the same characters.

    True of two syllables or more; None of one, which is too little; False if they are not, or
    are not read here. Words of a name may stand apart, which tells where a syllable ends.
    """
    alike = [len(left) for left, _ in _aligned(one, other)]
    if not alike:
        return False
    return True if max(alike) > 1 else None


def spelt_otherwise(one: str, other: str) -> bool:
    """Return the same of names beside one family name, spelt in one way by both.

    Siblings have a syllable in common, and another that may be read alike (Xin-ting, Yan-ting):
    so all are spelt after another tongue, or all are the same in Mandarin (Hsiu-mei, Xiumei).
    """
    return any(
        len(left) > 1 and (_all_mandarin(left, right) or _none_alike(left, right))
        for left, right in _aligned(one, other)
    )


def _all_mandarin(left: Syllables, right: Syllables) -> bool:
    return all(
        x.spelt == y.spelt or not x.pinyin.isdisjoint(y.pinyin)
        for x, y in zip(left, right, strict=True)
    )


def _none_alike(left: Syllables, right: Syllables) -> bool:
    return all(x.spelt != y.spelt for x, y in zip(left, right, strict=True))


def syllables(words: Iterable[str]) -> bool:
    """Return whether each of the folded *words* is one syllable of a Chinese given name."""
    return all(word in _table() for word in words)


def _aligned(one: str, other: str) -> Iterator[tuple[Syllables, Syllables]]:
    """Yield each reading of both names in which every syllable may be one character."""
    for left in _readings(one[:MAX_NAME]):
        for right in _readings(other[:MAX_NAME]):
            if len(left) == len(right) and all(
                not x.rows.isdisjoint(y.rows) for x, y in zip(left, right, strict=True)
            ):
                yield left, right


@lru_cache(MOST_REMEMBERED)
def _readings(name: str) -> tuple[Syllables, ...]:
    """Return each way to read *name* syllable by syllable: yukwan is yu kwan and yuk wan."""
    found: list[Syllables] = [()]
    for word in name.split():
        found = [
            before + rest for before in found for rest in _split(word, MOST_SYLLABLES - len(before))
        ]
    return tuple(each for each in found if each)


def _split(word: str, most: int) -> list[Syllables]:
    """Return each way to read *word* as *most* syllables or fewer."""
    if not word:
        return [()]
    if not most:
        return []
    found: list[Syllables] = []
    for end in range(1, min(LONGEST, len(word)) + 1):
        if read := _table().get(word[:end]):
            found += [(read, *rest) for rest in _split(word[end:], most - 1)]
    return found


def warm() -> None:
    """Load the table now (about 5 ms)."""
    _table()


@cache
def _table() -> dict[str, Syllable]:
    """Return each syllable that stands in the table, by its spelling."""
    found: dict[str, set[int]] = {}
    pinyins: dict[str, set[str]] = {}
    for number, (pinyin, *others) in enumerate(rows("han_readings.csv")):
        for spelt in mandarin(pinyin):
            found.setdefault(spelt, set()).add(number)
            pinyins.setdefault(spelt, set()).add(pinyin)
        for spelt in " ".join(others).split():
            found.setdefault(spelt, set()).add(number)
    return {
        spelt: Syllable(spelt, frozenset(numbers), frozenset(pinyins.get(spelt, ())))
        for spelt, numbers in found.items()
    }


def mandarin(pinyin: str) -> frozenset[str]:
    """Return a syllable in pinyin, in Wade-Giles, and as Taiwanese passports write it.

    Xiu is hsiu, siou and shiu; zhi is chih and jhih.
    """
    giles, tongyong = (_respelt(pinyin, rules) for rules in (_WADE_GILES, _TONGYONG))
    plain = giles.replace("hs", "sh", 1) if giles.startswith("hs") else giles
    return frozenset({pinyin, giles, tongyong, plain})


def _respelt(syllable: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, sound in rules:
        syllable = pattern.sub(sound, syllable)
    return syllable


def _compiled(*rules: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), sound) for pattern, sound in rules)


_WADE_GILES = _compiled(
    ("^([zc])i$", "tzu"),
    ("^si$", "szu"),
    ("^(zh|ch)i$", "chih"),
    ("^shi$", "shih"),
    ("^you$", "yu"),
    ("^yan$", "yen"),
    ("^er$", "erh"),
    ("^(g|k|h)e$", r"\1o"),
    ("(?<=[dtnlrsz])uo$", "o"),
    ("ong$", "ung"),
    ("ian$", "ien"),
    ("(?<=[yijqx])e$", "eh"),
    ("(?<=[jqxy]u)e$", "eh"),
    ("^gui$", "kuei"),
    ("^zh|^q|^j", "ch"),
    ("^x", "hs"),
    ("^z|^c(?!h)", "ts"),
    ("^b", "p"),
    ("^d", "t"),
    ("^g", "k"),
    ("^r", "j"),
)
"""Pinyin to Wade-Giles, whose apostrophes and dots nobody writes in a name."""

_TONGYONG = _compiled(
    ("^zhi$", "jhih"),
    ("^(ch|sh|r|z|c|s)i$", r"\1ih"),
    ("^zh", "jh"),
    ("^q(?=u)|^q", "c"),
    ("^x", "s"),
    ("iu$", "iou"),
    ("ui$", "uei"),
    ("^wen$", "wun"),
    ("^feng$", "fong"),
    ("(?<=[jcs])u(?=n|an|e|$)", "yu"),
)
"""Pinyin to what Taiwan wrote officially from 2002 to 2008."""
