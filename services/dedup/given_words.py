"""Given names as words: how two agree that stand alone, in Latin letters, as most do.

What stands beside them, a middle name, a family name or a script, is `given_names`' to consider.
"""

import re

from rapidfuzz.distance import OSA

from services.dedup.slips import (
    LIKE_IN_SOUND,
    first_sign_slipped,
    misread,
    mistyped,
    one_sign_misread,
    same_sounds,
    sounds_alike,
)
from shared import similarity
from shared.normalize import name as names
from shared.normalize.name_frequency import UNLISTED, given_per_mille
from shared.normalize.name_order import of_place
from shared.normalize.short_form import short_form
from shared.normalize.text import GROUP

LONG_ENOUGH = 4
"""Letters of a name of which the first may be a slip: Gelena, Gernando, ngel."""


def alone(
    one: str,
    other: str,
    roots: tuple[str, ...],
    other_roots: tuple[str, ...],
    sound: str,
    other_sound: str,
) -> str:
    """Return how two different given names agree; *roots* and *sound* are those of the first."""
    if read := as_read(one, other):
        return read
    if meet(roots, other_roots):
        return "one_letter_apart" if one_letter_apart(one, other) else "nickname"
    likeness = similarity.spelling(one, other)
    if same_sounds(one, other, likeness):
        return "similar"
    if len(one) == 1 or len(other) == 1:
        return "initial" if one.startswith(other) or other.startswith(one) else "different"
    if likeness >= LIKE_IN_SOUND and slipped(one, other, sound, other_sound, likeness):
        return "similar"
    if mistyped(one, other):
        return "similar"
    return "short_form" if shortened(one, other) else "different"


def as_read(one: str, other: str) -> str | None:
    """Return how two words agree by what a scanner or a number makes of them, if that says it."""
    if misread(one, other) or (len(one) == len(other) and sign_misread(one, other)):
        return "similar"
    if similarity.digits_differ(one, other) or _wife_and_husband(one, other):
        return "different"
    return None


def _wife_and_husband(one: str, other: str) -> bool:
    """True for Jánosné, the wife of János: Hungarian women may bear the husband's whole name."""
    short, long = (one, other) if len(one) < len(other) else (other, one)
    return long == f"{short}ne" and of_place(short, "HU", given=True)


def meet(roots: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Return whether two names may stand for one; of one or two *roots* quicker than with sets."""
    for root in roots:  # noqa: SIM110 # a generator takes longer than all else here
        if root in others:
            return True
    return False


def sign_misread(one: str, other: str) -> bool:
    """Return whether two names are one but for a sign misread: Wai, Wal; both listed are two."""
    return one_sign_misread(one, other) and not (_listed(one) and _listed(other))


def one_letter_apart(one: str, other: str) -> bool:
    """Return True for Anna and Anne, Ralf and Rolf: each a name of its own, though of one root.

    Not where both come from a script that is spelt in several ways, or sound alike.
    """
    short, long = sorted((one, other), key=len)
    if one[0] != other[0] and long != f"h{short}":
        return False  # Bob and Rob, Lena and Elena; but Anna and Hanna
    if long.startswith(short) or OSA.distance(one, other, score_cutoff=1) != 1:
        return False  # Alex and Alexa
    if min(given_per_mille(one), given_per_mille(other)) <= UNLISTED:
        return False
    if all(of_place(each, *_ROMANISING, given=True) for each in (one, other)):
        return False
    return one.translate(_ONE_SOUND).rstrip("h") != other.translate(_ONE_SOUND).rstrip("h")


def slipped(
    a: str, b: str, sound_a: str, sound_b: str, likeness: float, one_script: bool = True
) -> bool:
    """Return whether of two given names alike in spelling, of no common root, one is a slip.

    *likeness* is their `similarity.spelling`, the sounds are their phonetic keys.
    """
    if not sounds_alike(a, b, sound_a, sound_b, likeness):
        return False
    one, other = _DOUBLED.sub(GROUP, a), _DOUBLED.sub(GROUP, b)
    if one == other:
        return True
    listed = _listed(a) and _listed(b)
    if one.rstrip(_ENDINGS) == other.rstrip(_ENDINGS):
        return not listed  # Mario and Maria, Paul and Paula, Simon and Simone
    if listed and one_script:
        return False  # Peter and Petra; what is one name in two spellings has a root in common
    if sound_a == sound_b or one[0] == other[0] or _same_onset(one, other):
        return True
    return min(len(a), len(b)) >= LONG_ENOUGH and first_sign_slipped(a, b)


def shortened(one: str, other: str) -> bool:
    """Return whether one name may be a short form of the other."""
    # A name and its short form have one end in common; most names have none.
    ends = one[:2] == other[:2] or one.endswith(other) or other.endswith(one)
    return ends and short_form(one, other)


def _listed(given: str) -> bool:
    """True if the name is known as one of its own, or as a form of one."""
    return names.known(given) or given_per_mille(given) > UNLISTED


def _same_onset(one: str, other: str) -> bool:
    """True if only the first sound is written otherwise: Jordan, Yordan; Zahid, Jahid."""
    return one[1:] == other[1:] and {one[0], other[0]} in _ONSETS


_ONE_SOUND = str.maketrans("ycwzj", "ikvsi")
"""Letters that two spellings of one name exchange: Eric and Erik, Natalia and Natalya."""

_ROMANISING = (
    *("EG", "IL", "IR", "IN", "PK", "RU", "UA", "BG", "GR", "RS", "GE", "JP", "KR", "CN", "TH"),
    *("LK", "ID", "SN"),
)
"""Places whose given names have several spellings in Latin letters."""

_ONSETS = ({"j", "y"}, {"j", "z"}, {"i", "y"}, {"k", "q"}, {"k", "c"}, {"v", "w"}, {"u", "w"})
"""First letters that romanisations exchange."""

_DOUBLED = re.compile(r"(.)\1+")
_ENDINGS = "aeou"
