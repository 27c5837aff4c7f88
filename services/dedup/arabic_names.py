"""Arabic names in Latin letters, which French, English and Egyptian ears spell each their own way.

Cherkaoui and Sharqawi, Ouazzani and Wazzani, El-Gendy and Al-Jundi. Vowels are what the spellings
disagree on, and what tells Mahmoud from Mohammed: so a given name needs them, and a family name
may differ in one or two.
"""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from shared.normalize.text import GROUP

COUNTRIES = frozenset(
    (
        *("AE", "BH", "DZ", "EG", "IQ", "JO", "KW", "LB", "LY", "MA", "MR", "OM", "PS", "QA"),
        *("SA", "SD", "SY", "TN", "YE"),
    )
)
"""Where most names are Arabic."""

LEAST_BONES = 3
"""Consonants of a family name from which two that agree in them may be one."""

MANY_BONES = 4
"""Consonants from which two vowels may be heard otherwise; of fewer, one: Hassan is no Hussein."""

MOST_REMEMBERED = 8192
"""Names that are kept in memory as heard (under 2 MB)."""


def one_given(one: str, other: str) -> bool:
    """Return whether two folded given names are heard alike: Abdellah, Abdallah; Gamal, Jamal."""
    return len(one) > LEAST_BONES and heard(one) == heard(other)


def one_family(one: str, other: str) -> bool:
    """Return whether two folded family names are one, spelt by two ears."""
    left, right = heard(one), heard(other)
    if left[:1] != right[:1]:
        return False  # Ahmad is no Hamad
    bones = left[:1] + _VOWELS.sub("", left[1:])
    if bones != right[:1] + _VOWELS.sub("", right[1:]) or len(bones) < LEAST_BONES:
        return False
    most = 2 if len(bones) >= MANY_BONES else 1
    return OSA.distance(left, right, score_cutoff=most) <= most


@lru_cache(MOST_REMEMBERED)
def heard(word: str) -> str:
    """Return a folded name as it is heard, its sounds written in one way; `""` for no letters."""
    for pattern, sound in _RULES:
        word = pattern.sub(sound, word)
    return word


_VOWELS = re.compile("[aiu]")

_RULES = tuple(
    (re.compile(spelt), sound)
    for spelt, sound in (
        (" ", ""),
        ("^(?:al|el|ul)(?=[^aeiou]?[^aeiou][aeiouy].)", ""),
        ("^abd[aeiou]l+", "abdal"),
        ("ou(?=[aeiy])", "w"),
        ("(?<=a)ou?(?=i)", "w"),
        ("kh", "X"),
        ("gh", "R"),
        ("ch|sh", "S"),
        ("th", "s"),
        ("dh", "d"),
        ("ph", "f"),
        ("dj|j|g", "J"),
        ("q|c", "k"),
        ("ai|ay|ei|ey", "i"),
        ("au|ou|oo|o", "u"),
        ("ee|ie|e|y", "i"),
        ("h$", ""),
        (r"(.)\1+", GROUP),
    )
)
