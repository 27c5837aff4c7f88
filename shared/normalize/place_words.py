"""The words around a place's name, and how a text falls into a name and what stands beside it."""

import re

_SEPARATOR = re.compile(r"\s*(?:[,;|/()\[\]\n·•،、，]|\s[-–—]\s)\s*")
_EDGES = " .:*#'\"!?_-–—&+@"

_AROUND_TEXT = (
    "downtown uptown midtown greater metro metropolitan area city town village municipality "
    "central inner outer near around region district of the in at from based located and "
    "surroundings suburbs suburb zone innenstadt grossraum stadt raum gemeinde umgebung bei in "
    "ville de du centre centro ciudad comune citta di cidade municipio zona norte sur grande "
    "commune agglomeration stadtgebiet cedex arrondissement bezirk"
)
AROUND = frozenset(_AROUND_TEXT.split())
"""Words that may stand around the name of a city and are left out where the whole is unknown."""

_REGION_WORDS_TEXT = (
    "state province region prefecture land bundesland estado provincia regione region oblast "
    "canton kanton departement department governorate etat"
)
REGION_WORDS = frozenset(_REGION_WORDS_TEXT.split())
"""Words that say the name is a region's: Washington state."""

COUNTRY_WORDS = frozenset(("country", "republic", "pays", "pais", "paese", "nation"))
CITY_WORDS = frozenset(("city", "town", "stadt", "ville", "ciudad", "cidade"))

_CJK_ENDS = (
    "特别行政区",
    "自治区",
    "市",
    "都",
    "府",
    "県",
    "省",
    "县",
    "縣",
    "州",
    "특별시",
    "광역시",
    "시",
    "도",
)

PART_OF = {
    "PR": "US", "GU": "US", "VI": "US", "AS": "US", "MP": "US", "HK": "CN", "MO": "CN",
    "GP": "FR", "MQ": "FR", "RE": "FR", "GF": "FR", "YT": "FR", "NC": "FR", "PF": "FR",
    "GG": "GB", "JE": "GB", "IM": "GB", "GI": "GB", "AX": "FI", "GL": "DK", "FO": "DK",
    "CW": "NL", "AW": "NL", "SX": "NL", "BQ": "NL", "SJ": "NO", "PM": "FR", "BL": "FR", "MF": "FR",
}  # fmt: skip
"""Territories with an ISO code of their own whose people also name the state they belong to."""


def segments(text: str) -> list[str]:
    """Return the parts of *text* that signs keep apart, without empty ones and stray signs."""
    parts = (part.strip(_EDGES) for part in _SEPARATOR.split(text))
    return [part for part in parts if any(c.isalpha() for c in part)]


def stripped(words: list[str]) -> list[str]:
    """Return *words* without those around a name at both ends; empty if none is left."""
    first, last = 0, len(words)
    while first < last and words[first].lower() in AROUND | REGION_WORDS | COUNTRY_WORDS:
        first += 1
    while last > first and words[last - 1].lower() in AROUND | REGION_WORDS | COUNTRY_WORDS:
        last -= 1
    return words[first:last]


def said_kind(words: list[str]) -> int | None:
    """Return which kind the first or last of *words* says: 0 city, 1 region, 2 country."""
    ends = {words[0].lower(), words[-1].lower()} if words else set()
    for kind, told in enumerate((CITY_WORDS, REGION_WORDS, COUNTRY_WORDS)):
        if ends & told:
            return kind
    return None


def without_ending(name: str) -> str:
    """Return a Chinese, Japanese or Korean *name* without its 市 or 都; any other as it is."""
    for end in _CJK_ENDS:
        if name.endswith(end) and len(name) > len(end) + 1:
            return name[: -len(end)]
    return name
