"""Which of a whole name's words is the family, where the family may stand first.

Chinese, Japanese, Koreans, Vietnamese and Hungarians write the family first, and abroad often
last. How often each word is a family and a given name tells the order, where anything does.
"""

import re
from functools import cache

from shared.normalize.family_variants import (
    a_slip_from_one,
    east_asian,
    japanese_given,
    japanese_word,
)
from shared.normalize.han_readings import syllables
from shared.normalize.name_frequency import UNLISTED, given_per_mille, per_mille
from shared.normalize.name_words import words_of
from shared.normalize.nickname import english
from shared.normalize.syllables import one_syllable
from shared.normalize.tables import rows

FAMILY_FIRST = frozenset({"CN", "TW", "HK", "MO", "SG", "JP", "KR", "KP", "VN", "HU"})
"""Places where the family stands first."""

CHRISTIAN = frozenset(
    (
        *("US", "GB", "IE", "FR", "DE", "NL", "IT", "ES", "PT", "BR", "MX", "CO", "PH", "SE"),
        *("NO", "DK", "FI", "PL", "CZ", "RO", "GR", "RU", "ZA", "KE", "NG"),
    )
)
"""Places whose given names East Asians adopt."""

_SYLLABLE = re.compile("(?:[zcs]h|ts|hs|[bcdfghjklmnpqrstwxyz])?[wy]?[aeiou]{1,3}(?:ng|[nmkpth])?")
"""A Chinese or Korean syllable: hyun, kwok."""

_PINYIN = frozenset(("chan", "di", "ham", "lan", "lu", "nan", "ren", "see", "sha", "si", "wen"))
"""Syllables that are short for an English name, and far oftener a Chinese or Korean one."""

CUSTOMARY = 0.5
"""Bearers per mille of a family name that only the table of spellings knows."""

FOUR_TO_ONE = 4.0
"""How much likelier the family must stand first than last; the other order is the commoner."""

SHORTEST_SLIP = 4
"""Letters of a Chinese or Korean family name with a slip in it, at least."""

MOST_WORDS = 4
"""Words of a name whose order is asked."""


def family_first(words: list[str]) -> bool:
    """Return whether the folded *words* of a name begin with the family. Never raises."""
    if not 2 <= len(words) <= MOST_WORDS:
        return False
    first, last = words[0], words[-1]
    foreign = _families().get(last, "")
    if len(first) < 2 or (foreign and foreign not in FAMILY_FIRST):
        return False  # Kim Anderson
    known = east_asian(first) or _families().get(first) in FAMILY_FIRST
    told = _givens().get(last) in FAMILY_FIRST
    if known and _of_syllables(last):
        return True  # Sung Kuo-chun
    if len(words) == 3 and _chinese_in_order(words, known):
        return True  # Yu Yuk Sau, Kanf Yong Hyun
    if not known and len(words) == 2 and japanese_given(last):
        return _unlisted_japanese(first)
    if not (known or told):
        return False
    if _givens().get(first, "KR") not in FAMILY_FIRST and not (told or " " in last):
        return False  # Kim, Lee: given names elsewhere
    if east_asian(last):
        bar = 1.0 if len(words) > len((first, last)) else FOUR_TO_ONE
        return known and _family(first) >= bar * _family(last)
    before, after = _family(first) / given_per_mille(first), _family(last) / given_per_mille(last)
    return before >= FOUR_TO_ONE * after


def _of_syllables(given: str) -> bool:
    """True for two Chinese or Korean syllables with a hyphen between them, folded."""
    parts = given.split()
    return len(parts) == 2 and all(map(one_syllable, parts)) and not any(map(adopted, parts))


def _chinese_in_order(words: list[str], known: bool) -> bool:
    """True for a family, *known* as one or with a slip in it, before two syllables."""
    return _chinese_given(words[1:]) if known else _slip_before_a_given(words)


def _chinese_given(words: list[str]) -> bool:
    """True for syllables of a Chinese given name of which the last is no family name."""
    return syllables(words) and not east_asian(words[-1]) and not any(map(adopted, words))


def _slip_before_a_given(words: list[str]) -> bool:
    """True for a slip from a family name, which is no name and no syllable, before two: Wnog."""
    word = words[0]
    if not all(map(_SYLLABLE.fullmatch, words[1:])) or any(map(adopted, words)):
        return False
    if one_syllable(word) or word in _families() or word in _givens():
        return False
    return len(word) >= SHORTEST_SLIP and a_slip_from_one(word)


def called_by_the_last(words: list[str]) -> bool:
    """Return whether the folded *words*, family first, are Vietnamese, who go by the last one.

    Not Ho Yin Mui, whose family is a Cantonese one as well.
    """
    if words[0] not in words_of("vietnamese_family"):
        return False
    chinese = east_asian(words[0]) and syllables(words[1:])
    return not chinese or any(of_place(each, "VN", given=True) for each in words[1:])


def _unlisted_japanese(family: str) -> bool:
    """True for what may be a Japanese family name that no table has: Matsuishi Chihiro."""
    if family in _families() or given_per_mille(family) > UNLISTED:
        return False
    return japanese_word(family) and not japanese_given(family)


def english_first(words: list[str]) -> bool:
    """Return whether the folded *words* are an English name, then a Chinese one in its own order.

    Kevin Lin Chih Hao, as in Hong Kong, Taiwan and Singapore.
    """
    if len(words) != MOST_WORDS or not east_asian(words[1]) or not adopted(words[0]):
        return False
    foreign = _families().get(words[-1])
    return foreign in (None, *FAMILY_FIRST) and not any(map(adopted, words[2:]))


def warm() -> None:
    """Load both tables now (about 15 ms)."""
    _families()
    _givens()


def adopted(given: str) -> bool:
    """Return whether the folded *given* is an English name, or a Christian one of elsewhere.

    What East Asians take beside their own name; not Ismail, Rajesh or Somchai.
    """
    if given in _PINYIN:
        return False
    return english(given) or _givens().get(given, "KR") in CHRISTIAN


def of_place(name: str, *places: str, given: bool = False) -> bool:
    """Return whether a folded family (or *given*) name is commonest in one of *places* (ISO 3166).

    False for a name that is in no table.
    """
    return (_givens() if given else _families()).get(name) in places


def _family(word: str) -> float:
    """Return how many of 1,000 people bear *word* as their family name."""
    listed = per_mille(word)
    return max(listed, CUSTOMARY) if listed > UNLISTED or east_asian(word) else listed


@cache
def _families() -> dict[str, str]:
    return {name: country for name, _figure, country in rows("family_names.csv")}


@cache
def _givens() -> dict[str, str]:
    return {name: country for name, _figure, country in rows("given_names.csv")}
