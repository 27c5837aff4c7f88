"""Postal addresses: country, postal code, street and city in one spelling each.

Country names come from CLDR by babel (BSD-3; data Unicode licence) in some sixty languages.
Nothing is looked up: whether an address exists is not known here.
"""

import re
from functools import cache, lru_cache

from shared.normalize.tables import rows
from shared.normalize.text import clean, fold

MAX_INPUT = 256
"""Characters looked at in each field."""

MOST_REMEMBERED = 2048
"""Countries, and towns, that are kept in memory as read (under 1 MB each): they name no person."""

_LANGUAGES = (
    "en de es fr pt it nl pl ru uk sv da nb fi is cs sk hu ro bg el tr ar he fa hi th vi zh zh_Hant"
    " ja ko id hr sr sl lt lv et ca ka hy az kk uz mn bn ta ur ne si km my am sq mk bs is eu gl"
)
"""Languages, by CLDR locale, in which the name of a country is known; earlier ones win."""
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})
_UNIT_WORDS = (
    "apt apartment appartement appartamento apartamento unit suite ste flat room rm floor fl"
    " wohnung whg piso depto dpto etage bldg building bte kv kvartira lok lokal daire interno"
)
_UNITS = frozenset(_UNIT_WORDS.split())
_UNIT_SIGN = re.compile(rf"(?i)\b({_UNIT_WORDS.replace(chr(32), chr(124))})[. ]*[#№]")
_NUMBER_MARKS = frozenset({"no", "nr", "num", "numero", "nummer"})
_HOUSE_NUMBER = re.compile(r"\d+[a-z]?")
_SAINTS = frozenset({"st", "ste", "sankt", "sint", "saint"})
_CITY_WORDS = {"mt": "mount", "ft": "fort"} | dict.fromkeys(_SAINTS, "saint")
_NUMBER_SIGN = re.compile("[#№]")
_ZIP_PLUS_4 = re.compile(r"\d{5} \d{4}")
_COUNTRY_LETTER = re.compile(r"^[a-z]{1,2} (?=\d{4,5}$)")


def country_code(text: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of the country in *text*, or None.

    Takes alpha-2, alpha-3 and numeric codes, and names in some sixty languages, their own
    among them. A code's own meaning wins: `CA` is Canada, never California.
    """
    return _country(text[:MAX_INPUT])


@lru_cache(MOST_REMEMBERED)
def _country(text: str) -> str | None:
    name = fold(text, MAX_INPUT)
    # Only what is typed in Latin letters is a code: مصر folds to `msr`, Montserrat's.
    code = _codes().get(name) if clean(text, MAX_INPUT).isascii() else None
    return code or _countries().get(name) or _countries().get(name.removeprefix("the "))


def postal_code(text: str) -> str:
    """Return the code in a-z and 0-9 without spaces; a US ZIP+4 as its five digits.

    A country letter before the number goes (`D-10115`). `""` if there is nothing.
    """
    plain = fold(text, MAX_INPUT)
    if " " not in plain:
        return plain
    if _ZIP_PLUS_4.fullmatch(plain):
        return plain[:5]
    return _COUNTRY_LETTER.sub("", plain).replace(" ", "")


def city(text: str) -> str:
    """Return the city folded, with `St`, `Ste` and `Sankt` as saint, `Mt` and `Ft` written out."""
    return _city(text[:MAX_INPUT])


@lru_cache(MOST_REMEMBERED)
def _city(text: str) -> str:
    words = fold(text, MAX_INPUT).split()
    return " ".join([_CITY_WORDS.get(word, word) for word in words])


def street(text: str) -> str:
    """Return the street folded: house number first, abbreviations written out, unit last.

    `Hauptstr. 5`, `5 Haupt Straße` are `5 hauptstrasse`; `12 Main St #4` and `Apt 4, 12 Main
    Street` are `12 main street unit 4`. Idempotent.
    """
    text = clean(text, MAX_INPUT)
    if not text:
        return ""
    if _NUMBER_SIGN.search(text):
        text = _NUMBER_SIGN.sub(" unit ", _UNIT_SIGN.sub(r"\1 ", text))
    words = fold(text, MAX_INPUT).split()
    words, unit = _without_unit([w for w in words if w not in _NUMBER_MARKS])
    words = _written_out(words)
    number = [w for w in words if _HOUSE_NUMBER.fullmatch(w)][:1]
    if number:
        words.remove(number[0])
    return " ".join(number + _german(words) + unit)


def warm() -> None:
    """Load the names of countries now (about 300 ms), so that no request waits for them."""
    country_code("warm")


def _without_unit(words: list[str]) -> tuple[list[str], list[str]]:
    """Return *words* without their units, and those as `unit`, id, in order."""
    kept: list[str] = []
    units: list[str] = []
    i = 0
    while i < len(words):
        following = words[i + 1] if i + 1 < len(words) else ""
        if words[i] in _UNITS and (len(following) == 1 or any(map(str.isdigit, following))):
            units += ["unit", following]
            i += 2
        else:
            kept.append(words[i])
            i += 1
    if not units:
        return kept, units
    kept, more = _without_unit(kept)  # taking a unit out may bring the next together
    return kept, units + more


def _written_out(words: list[str]) -> list[str]:
    """Return *words* in full; `st` is a street behind a name, a saint before one."""
    found: list[str] = []
    for i, word in enumerate(words):
        after = words[i + 1] if i + 1 < len(words) else ""
        if word == "st":
            behind = bool(found) and found[-1].isalpha() and found[-1] not in {"north", "south"}
            last = not after or after[0].isdigit() or len(after) <= 2
            word = "street" if (behind or bool(found)) and last else "saint"
        elif len(word) > 4 and word.endswith("str"):
            word += "asse"
        found.append(_street_words().get(word, word))
    return found


def _german(words: list[str]) -> list[str]:
    """Return *words* with a loose `strasse` joined to the name before it."""
    found: list[str] = []
    for word in words:
        if word == "strasse" and found and found[-1].isalpha():
            found[-1] += word
        else:
            found.append(word)
    return found


@cache
def _street_words() -> dict[str, str]:
    return {short: row[0] for row in rows("street_words.csv") for short in row}


@cache
def _codes() -> dict[str, str]:
    """Return alpha-2, alpha-3, numeric or former code, in lower case -> alpha-2."""
    codes = [c for c in _names("en") if re.fullmatch("[A-Z]{2}", c) and c not in _NO_COUNTRIES]
    return {code.lower(): code for code in codes} | _other_codes(frozenset(codes))


@cache
def _countries() -> dict[str, str]:
    """Return folded name -> alpha-2; everyday aliases first, then CLDR by language."""
    tables = [_names(language) for language in _LANGUAGES.split()]
    codes = sorted(set(_codes().values()))
    found: dict[str, str] = {}
    for code, *aliases in rows("country_aliases.csv"):
        for alias in aliases:
            found.setdefault(fold(alias), code)
    for table in tables:
        for code in codes:
            found.setdefault(fold(table.get(code, "")), code)
    found.pop("", None)
    return found


def _names(language: str) -> dict[str, str]:
    from babel import Locale

    return {str(code): str(name) for code, name in Locale.parse(language).territories.items()}


def _other_codes(codes: frozenset[str]) -> dict[str, str]:
    """Return alpha-3, numeric and former codes that stand for one country of *codes* only."""
    from babel.core import get_global

    aliases = get_global("territory_aliases").items()
    return {k.lower(): v[0] for k, v in aliases if len(v) == 1 and v[0] in codes and k not in codes}
