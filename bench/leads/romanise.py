"""Latin spellings of names by published rules, and their women's forms.

Cyrillic: BGN/PCGN 1947 without its apostrophes, the ICAO 9303 table that Russian passports have
used since 2013, and ISO 9 without diacritics, as mail addresses have it.
"""

_ONE = dict(zip("абвгдзийклмнопрстуфы", "abvgdziyklmnoprstufy", strict=True))
_BGN = _ONE | {
    **{"е": "e", "ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"},
    **{"ъ": "", "ь": "", "э": "e", "ю": "yu", "я": "ya", "і": "i", "ї": "yi", "є": "ye", "ґ": "g"},
}
_ICAO = _BGN | {"й": "i", "ъ": "ie", "ю": "iu", "я": "ia", "ї": "i", "є": "ie"}
_ISO = (
    _BGN
    | {"й": "j", "ж": "z", "х": "h", "ц": "c", "ч": "c", "ш": "s", "щ": "sc"}
    | {
        **{"ю": "ju", "я": "ja", "ё": "jo"},
    }
)
TABLES = (_BGN, _ICAO, _ISO)
"""In the order of how usual they are on forms."""


def romanised(native: str) -> tuple[str, ...]:
    """Return the distinct Latin spellings of a Cyrillic name, the usual one first."""
    found = [_transliterated(native, table) for table in TABLES]
    found[:1] = [_popular(found[0]), found[0]]
    return tuple(dict.fromkeys(found))


def _transliterated(native: str, table: dict[str, str]) -> str:
    letters = (table.get(letter, letter) for letter in native.lower())
    return "".join(letters).title()


def _popular(text: str) -> str:
    """Return what most bearers write: -sky for -skiy, -y for -iy."""
    return text[:-2] + "y" if text.endswith("iy") else text


def of_a_woman(family: str, tongue: str) -> str:
    """Return the form of a family name that a woman bears, in the script it is written in."""
    for ending, other in _WOMEN.get(tongue, ()):
        if family.endswith(ending):
            return family[: len(family) - len(ending)] + other
    return family


_RUSSIAN = (
    *((ending, ending + "а") for ending in ("ов", "ев", "ёв", "ин", "ын")),
    ("ский", "ская"),
    ("цкий", "цкая"),
    ("ски", "ска"),
)
_CZECH = (
    *((ending, ending) for ending in ("í", "ová")),
    ("ý", "á"),
    ("ek", "ková"),
    ("ec", "cová"),
    ("el", "lová"),
    ("a", "ová"),
    *((letter, letter + "ová") for letter in "bcčdďfghjklmnňpqrřsštťvwxzž"),
)
_WOMEN = {
    "russian": _RUSSIAN,
    "bulgarian": _RUSSIAN,
    "polish": (("ski", "ska"), ("cki", "cka"), ("dzki", "dzka")),
    "czech": _CZECH,
}
"""Endings of a man's and a woman's family name, the first that fits, by language area."""
