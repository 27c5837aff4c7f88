"""How a Korean given name sounds, whichever romanisation it is spelt in.

Revised Romanisation (2000), McCune-Reischauer (1939) and what bearers write: Seong-suk, Sung
Sook; Yeong-mi, Young Mee; Ji-cheol, Jichul. Distinct names share a sound where people spell
them alike (Seong and Seung are both Sung).
"""

import re
from functools import lru_cache

from shared.normalize.text import GROUP

MOST_REMEMBERED = 8192
"""Names whose sounds are kept in memory (under 2 MB)."""

MAX_NAME = 64
"""Letters of a name that are looked at."""

_RULES = tuple(
    (re.compile(spelt), sound)
    for spelt, sound in (
        (r"uh(?![aeiouyw])", "eo"),
        (r"eo(?=(?:ng|[nmkgclrbp])(?![aeiou]))", "u"),
        (r"(?<=[aeiou])h(?![aeiouyw])", ""),
        (r"weo", "wo"),
        (r"woo|wu", "u"),
        (r"eu?i|ui|ee|ie", "i"),
        (r"oo|ou|eu", "u"),
        (r"eo", "o"),
        (r"ae|ai|ay|ye", "e"),
        (r"ch|j", "J"),
        (r"sh", "s"),
        (r"ng", "N"),
        (r"g|k|q", "K"),
        (r"d|t", "T"),
        (r"b|p", "P"),
        (r"l|r", "R"),
        (r"(.)\1+", GROUP),
        (r"nK", "N"),
    )
)


_LENGTHENING = re.compile("(?<=[aeiou])h(?= |$)")


@lru_cache(MOST_REMEMBERED)
def korean_sound(given: str) -> str:
    """Return how the folded *given* name sounds; `""` for no letters.

    Its syllables may stand apart, which tells an h that only lengthens: Ah Yoon is no Ahyun.
    """
    found = _LENGTHENING.sub("", given[:MAX_NAME]).replace(" ", "")
    for pattern, sound in _RULES:
        found = pattern.sub(sound, found)
    return found
