"""Names written in Chinese, Japanese or Korean characters: which part is the family.

Family first, one character or a known compound (Han, Hangul); a four-character Han name is
read as Japanese, two and two. A middle dot separates a foreign name, given first. Decided
before transliteration, which loses the borders.
"""

import re
from functools import cache

from shared.normalize.tables import kind

_NATIVE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af々]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff々]+")
_HONORIFICS = re.compile(r"(先生|女士|小姐|さん|さま|様|殿|氏|씨|님)$")
_DOTS = re.compile(r"[・·•‧･＝=]")


def native(text: str) -> bool:
    """Return whether *text* is written, at least in part, in Han, kana or Hangul."""
    return _NATIVE.search(text) is not None


def split_native(text: str) -> tuple[str, str]:
    """Return (given, family) of a name in native script, still in that script."""
    text = _HONORIFICS.sub("", text.strip()).strip()
    if _DOTS.search(text):
        given, *rest = _DOTS.split(text)
        return given.strip(), " ".join(rest).strip()
    if " " in text:
        family, _, given = text.partition(" ")
        return given, family
    cut = _family_length(text)
    return text[cut:], text[:cut]


def spelt_family(family: str) -> str:
    """Return a Hangul *family* name in its usual Latin spelling, any other unchanged."""
    return _korean().get(family, family)


def _family_length(text: str) -> int:
    han = _HAN.match(text)
    if han and han.end() < len(text):
        return han.end()  # a kana given name follows
    if len(text) < 2 or (not han and not "\uac00" <= text[0] <= "\ud7af"):
        return 0
    if text[:2] in _compounds() and len(text) > 2:
        return 2
    return 2 if han and len(text) >= 4 else 1


@cache
def _compounds() -> frozenset[str]:
    return kind("east_asian_families.csv", "compound")


@cache
def _korean() -> dict[str, str]:
    return dict(pair.split(":") for pair in kind("east_asian_families.csv", "korean"))
