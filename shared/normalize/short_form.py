"""Short and pet forms of given names that no table lists, told by how they are made.

Most languages cut a name off at either end (Caro, Tina), or keep its beginning and add an ending
of endearment, often with a doubled consonant (Stebbi, Ragga, Matze). In tongues where names are
made of few elements, two names begin alike by chance, so there only a table says.
"""

import re

from shared.normalize.name_frequency import UNLISTED, given_per_mille
from shared.normalize.name_order import of_place
from shared.normalize.nickname import known

SHORTEST_STEM = 3
"""Letters that a name and its short form have in common, at least."""

SHORTEST_CUT = 2
"""Letters of a name that is only cut off: Ju for Juliana, Pri for Priya."""

CUT_OFF = 2
"""Letters that a short form leaves out, at least: Maria and Marian are two names."""

SHORTEST_NAME = 4
"""Letters of a name that an ending makes endearing, at least."""

LONGEST_ENDING = 3
"""Letters of an ending of endearment, at most: -bbi, -ina, -cho."""


def short_form(one: str, other: str) -> bool:
    """Return whether one folded given name may be a short or a pet form of the other."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    pet = _pet_form(short, long) or (len(short) == len(long) and _pet_form(long, short))
    if not pet and (_endeared(one, other) or _endeared(other, one)):
        return True
    if not (pet or _cut_off(short, long)):
        return False
    if known(short) and known(long):
        return False  # then the table would say that they are one
    return pet or not _of_two_people(short, long)


def _cut_off(short: str, long: str) -> bool:
    """True if *short* is one end of *long*, or its beginning under another vowel."""
    stem = short.rstrip(_VOWELS)
    if len(long) - len(stem) < CUT_OFF or long.rstrip(_VOWELS) == stem:
        return False
    if long.startswith(stem) and len(stem) >= SHORTEST_STEM:
        return True
    if long.startswith(short) and len(short) >= SHORTEST_CUT and _VOWEL.search(short):
        return True
    return len(short) > SHORTEST_STEM and long.endswith(short)


def _of_two_people(short: str, long: str) -> bool:
    """True for a man's and a woman's name, each listed: Angelo and Angelica, Anne and Hanne."""
    if min(given_per_mille(short), given_per_mille(long)) <= UNLISTED:
        return False
    return {short[-1], long[-1]} in _GENDERS or long[1:] == short


def _pet_form(short: str, long: str) -> bool:
    """True for the beginning of a listed name under another ending: Stebbi, Stefan."""
    if short[:SHORTEST_STEM] != long[:SHORTEST_STEM]:
        return False  # most names; what follows looks into tables
    if given_per_mille(long) <= UNLISTED or given_per_mille(short) > UNLISTED:
        return False
    if known(short) or of_place(long, *_OF_FEW_ELEMENTS, given=True):
        return False
    same = next((n for n, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), 0)
    ending = short[same:]
    return same >= SHORTEST_STEM and len(ending) <= LONGEST_ENDING and bool(_PET.fullmatch(ending))


def _endeared(pet: str, name: str) -> bool:
    """True for a listed name with an ending that only endears: Teresita, Pedrinho, Antoshka."""
    if len(name) < SHORTEST_NAME or pet[:SHORTEST_STEM] != name[:SHORTEST_STEM]:
        return False
    if known(pet) or given_per_mille(pet) > UNLISTED or given_per_mille(name) <= UNLISTED:
        return False
    cuts = range(max(SHORTEST_STEM, len(name) - CUT_OFF), len(name) + 1)
    return any(pet.startswith(name[:cut]) and _ENDEARING.fullmatch(pet[cut:]) for cut in cuts)


_GENDERS = ({"o", "a"}, {"e", "a"}, {"o", "e"})
"""Endings of a man's name and a woman's."""

_OF_FEW_ELEMENTS = ("TH", "JP", "VN", "CN", "KR", "IN", "LK", "PK", "EG", "IR", "SN", "NG")
"""Places whose names are often made of one stock of first elements."""

_PET = re.compile("([b-df-hj-np-tv-xz])\\1?[aeiouy]|[bdgklmnstz]{2}[aeiouy]")
"""A consonant, perhaps doubled, or two, and a vowel."""

_VOWEL = re.compile("[aeiou]")
_VOWELS = "aeiouy"
_ENDEARING = re.compile(
    "c?it[oa]s?|z?inh[oa]|ett[oa]|ucci[oa]|chen|lein|[et]?tje"
    "|[eo]chka|[iuo]shka|[ei]nka|[ei]czka|[ei]cka|us[jk]a|yusha|[eiu]k"
)
"""Endings of endearment that make no other name: Spanish, Portuguese, Italian, German, Dutch, and
those of the Slavic languages."""
