"""The script of a name; and in Chinese, Japanese or Korean, which part is the family.

Family first, one character or a known compound (Han, Hangul); a four-character Han name is
read as Japanese, two and two. A middle dot separates a foreign name, given first. Decided
before transliteration, which loses the borders.
"""

import re
import unicodedata
from functools import cache

from shared.normalize.tables import kind, rows

_NATIVE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af々]")
_KANA = re.compile(r"[\u3041-\u30ff]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff々]+")
_HONORIFICS = re.compile(r"(先生|女士|小姐|さん|さま|様|殿|氏|씨|님)$")
_LATIN = frozenset({"LATIN", "FULLWIDTH", "MODIFIER", "FEMININE", "MASCULINE", "MATHEMATICAL"})
_DOTS = re.compile(r"[・·•‧･＝=]")


ALPHABETS = frozenset({"", "CYRILLIC", "GREEK", "GEORGIAN", "ARMENIAN"})
"""Scripts that write every sound: what is transliterated from one can be compared with Latin."""

EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})
"""Scripts in which the family stands first, as it then may in Latin letters."""

ABJADS = frozenset({"ARABIC", "HEBREW"})
"""Scripts that write consonants only, as a rule."""


def script(text: str) -> str:
    """Return the script of the first letter in *text* that is not Latin: `CYRILLIC`, `CJK`.

    The first word of the letter's Unicode name; `""` if all is Latin.
    """
    if text.isascii():
        return ""
    found = (unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha())
    return next((name for name in found if name and name not in _LATIN), "")


def native(text: str) -> bool:
    """Return whether *text* is written, at least in part, in Han, kana or Hangul."""
    return not text.isascii() and _NATIVE.search(text) is not None


def hangul(text: str) -> bool:
    """Return whether *text* is written in Hangul throughout."""
    return bool(text) and all("\uac00" <= char <= "\ud7af" for char in text)


def split_native(text: str) -> tuple[str, str]:
    """Return (given, family) of a name in native script, still in that script."""
    text = "".join(char for char in text if unicodedata.category(char) != "So")
    text = _HONORIFICS.sub("", text.strip()).strip()
    if _DOTS.search(text):
        given, *rest = _DOTS.split(text)
        return given.strip(), " ".join(rest).strip()
    if " " in text:
        family, _, given = text.partition(" ")
        if _KANA.fullmatch(family) and given in _japanese():
            return family, given  # さくら 田中: families are not written in kana
        return given, family
    cut = _family_length(text)
    return text[cut:], text[:cut]


def spelt_family(family: str) -> str:
    """Return a Hangul *family* name in its usual Latin spelling, any other unchanged."""
    return _korean().get(family, family)


def _family_length(text: str) -> int:
    if len(text) > 3 and text[:3] in _japanese():
        return 3  # Hasegawa, Sasaki
    if len(text) > 2 and text[:2] in _japanese():
        return 2
    han = _HAN.match(text)
    if han and han.end() < len(text):
        return han.end()  # a kana given name follows
    if len(text) < 2 or (not han and not "\uac00" <= text[0] <= "\ud7af"):
        return 0
    if text[:2] in _compounds() and len(text) > 2:
        return 2
    if len(text) == 3 and _read_in_japan(text[:2], text[2:]):
        return 2
    return 2 if han and len(text) >= 4 else 1


def _read_in_japan(family: str, given: str) -> bool:
    """True for a Japanese given name of one character behind two that make families: 内北浩.

    Not where the first character alone is a family, as in a Chinese name.
    """
    if given not in _japanese_givens() or family[0] in _chinese():
        return False
    return all(sign in _family_signs() for sign in family)


@cache
def _japanese() -> frozenset[str]:
    """Return the family names of two or three characters that are common in Japan."""
    found = (row[1] for row in rows("japanese_names.csv") if row[0] == "family")
    return frozenset(name for name in found if len(name) in (2, 3))


@cache
def _japanese_givens() -> frozenset[str]:
    found = (row[1] for row in rows("japanese_names.csv") if row[0] == "given")
    return frozenset(name for name in found if len(name) == 1)


@cache
def _family_signs() -> frozenset[str]:
    """Return the characters that Japanese families are made of."""
    return frozenset(row[0] for row in rows("japanese_characters.csv"))


@cache
def _chinese() -> frozenset[str]:
    """Return the characters that are Chinese families."""
    return kind("east_asian_families.csv", "chinese")


@cache
def _compounds() -> frozenset[str]:
    return kind("east_asian_families.csv", "compound")


@cache
def _korean() -> dict[str, str]:
    return dict(pair.split(":") for pair in kind("east_asian_families.csv", "korean"))
