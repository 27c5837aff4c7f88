"""Family names that follow the bearer's gender: Novák and Nováková are one family's name.

Slavic and Greek surnames by their endings in Latin letters (BGN/PCGN, ISO 9 and passport
spellings; Wikipedia, "Slavic name suffixes"). A woman may be written either way, abroad most
often in her father's form.
"""

import re
from functools import lru_cache

_STEM = re.compile(
    r"(?<=...)(?:(?:ov|ev)a?|(?<=in)a"
    r"|(?<=[scz]k)(?:aya|aia|aja|a|yy|yi|yj|iy|ij|ii|y|i)|aya|aia|aja|oy|oi|oj|yy|iy"
    r"|(?<=[nlrht])[ya]|(?<=o)[su])$"
)
_FEMININE = ("a", "ou")

MOST_REMEMBERED = 8192
"""Names whose stem is kept in memory (under 2 MB)."""


@lru_cache(MOST_REMEMBERED)
def family_stem(family: str) -> str:
    """Return the folded *family* name without the ending that its bearer's gender changes.

    Equal for `petrov` and `petrova`, `novak` and `novakova`, `tolstoy` and `tolstaya`. Coarser
    than the name: meant for a key, and for two names of which one is a woman's.
    """
    return _STEM.sub("", family)


def same_but_for_gender(a: str, b: str) -> bool:
    """Return whether two different folded family names are a man's and a woman's form of one."""
    if a.endswith(_FEMININE) == b.endswith(_FEMININE):
        return False
    return family_stem(a) == family_stem(b)
