"""The comparison of given names.

Given names that look alike are often two names (Mario and Maria, Jana and Dana), and one name
is often written in two ways; what a table of nicknames knows outweighs likeness.
"""

import re

from services.dedup.record import Record
from services.dedup.slips import misread, sounds_alike
from shared import similarity
from shared.normalize import name as names
from shared.normalize.name_frequency import UNLISTED, given_per_mille
from shared.normalize.nickname import english

SHORTEST_STEM = 3
"""Letters that a name and its short form have in common, at least."""

CUT_OFF = 2
"""Letters that a short form leaves out, at least: Maria and Marian are two names."""


def given(a: Record, b: Record) -> str | None:
    """Return how the given names agree."""
    one, other = a.given, b.given
    if not (one and other):
        return None
    if one == other:
        return "same"
    if misread(one, other):
        return "similar"
    if similarity.digits_differ(one, other):
        return "different"
    if not set(a.roots).isdisjoint(b.roots):
        return "nickname"
    beside = _beside_middle_names(a, b)
    if beside:
        return beside
    if len(one) == 1 or len(other) == 1:
        return "initial" if one[0] == other[0] else "different"
    return _alike(a, b)


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
    if not (a.family_roots and b.family_roots):
        return False
    return english(a.given) != english(b.given)


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
    if long.rstrip(_ENDINGS) == short.rstrip(_ENDINGS):
        return False  # a man's and a woman's name
    if len(stem) >= SHORTEST_STEM and long.startswith(stem):
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

_DOUBLED = re.compile(r"(.)\1+")
_ENDINGS = "aeou"
_PET_ENDINGS = "aeiouy"
