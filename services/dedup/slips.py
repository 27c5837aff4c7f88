"""Slips of hand, ear and camera: one word written in two ways."""

import re

from shared import similarity

_LOOKALIKES = (
    (re.compile("rn"), "m"),
    (re.compile("vv"), "w"),
    (re.compile("1|!"), "l"),
    (re.compile("0"), "o"),
    (re.compile("5"), "s"),
    (re.compile("8"), "b"),
)
"""What a scanner takes for another letter, on badges and business cards."""


def misread(a: str, b: str) -> bool:
    """Return whether two folded words are one, read by a scanner: Ahrned, Ahmed; V1ad, Vlad."""
    one, other = _seen(a), _seen(b)
    return one == other or (one != a and other == b and similarity.one_typo(one, other))


def sounds_alike(a: str, b: str, sound_a: str, sound_b: str) -> bool:
    """True for a typo or another romanisation; equal sounds alone are too coarse for that."""
    likeness = similarity.spelling(a, b)
    if likeness < 0.7:
        return False
    return likeness >= 0.92 or sound_a == sound_b or similarity.one_typo(a, b)


def _seen(word: str) -> str:
    if word.isalpha() and "rn" not in word and "vv" not in word:
        return word
    for pattern, letter in _LOOKALIKES:
        word = pattern.sub(letter, word)
    return word
