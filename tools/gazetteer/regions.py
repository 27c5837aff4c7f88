"""The first-level regions (states, provinces, Länder): codes, names in many languages, centre.

GeoNames gives codes of its own (CA.08) and English names; Unicode CLDR gives names in many
languages under ISO 3166-2 codes (caon). The two are joined by English name. Where the ISO code
is of letters it becomes the region's code, for people write it (ON, NSW, BY); else GeoNames'
code stays. Regions without a partner keep their English name alone.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from xml.etree import ElementTree

from shared.normalize.place_key import key
from tools.gazetteer.cities import City
from tools.gazetteer.countries import Country
from tools.gazetteer.people import people_once
from tools.gazetteer.shapes import Shapes
from tools.gazetteer.sources import Archives

_LANGUAGES_TEXT = (
    "en de fr es it pt nl pl ru ja zh ar tr sv da no fi cs ko uk el hu ro he hi ca hr id vi fa"
)
LANGUAGES = tuple(_LANGUAGES_TEXT.split())
"""CLDR locales whose names of regions are taken; the first is what a region is called."""

ALIKE = 0.84
"""Least share of letters in common under which two English names are one (Castille-La Mancha,
Castile–La Mancha: 0.97; Punjab and Pandschab would be 0.6)."""

_ODD = re.compile(r"\d|Province$|Region$|Governorate$|District$")
"""Drafts of CLDR that are no everyday names; GeoNames' is taken."""

_FOOTNOTE = re.compile(r"[¹²³*†]+")

_KINDS = re.compile(
    r"(?i)\b(state of|province of|region of|community of|canton of|city of|governorate|province|"
    r"region|state|county|oblast|district|prefecture|department|municipality|voivodeship|"
    r"autonomous|community|republic|krai|territory|capital|the|of)\b"
)


@dataclass(slots=True)
class Region:
    """A first-level region; *geonames* is GeoNames' code. Without a name: cities of none."""

    country: Country
    geonames: str
    code: str
    name: str
    latitude: float = 0.0
    longitude: float = 0.0
    population: int = 0
    names: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    number: int = -1


def regions(
    archives: Archives, cities: list[City], outlines: Shapes, lands: list[Country]
) -> list[Region]:
    """Return the regions of all countries, by country and code; each country has one without."""
    translated = _translated(archives)
    given: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for iso, code, name in sorted(archives.regions()):
        given[iso].append((code, name))
    inside: dict[tuple[str, str], list[City]] = defaultdict(list)
    for city in cities:
        inside[city.country, city.region].append(city)
    found = []
    for land in lands:
        own = [Region(land, code, code, name) for code, name in given[land.iso]]
        for region in own:
            region.codes = {region.code} if region.code.isalpha() else set()
        _name(own, translated[land.iso.lower()])
        for region in own:
            _place(region, inside[land.iso, region.geonames], outlines)
            region.population = people_once(inside[land.iso, region.geonames])
        found += [Region(land, "", "", ""), *sorted(own, key=lambda region: region.code)]
    return found


def _translated(archives: Archives) -> dict[str, dict[str, list[str]]]:
    """Return names by country and code, in the order of LANGUAGES."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for language in LANGUAGES:
        tree = ElementTree.fromstring(archives.subdivisions(language))
        for entry in tree.iter("subdivision"):
            code = entry.get("type", "")
            if entry.text and entry.get("alt") is None:
                found[code[:2]][code[2:]].append(_FOOTNOTE.sub("", entry.text).strip())
    return found


def _name(own: list[Region], translated: dict[str, list[str]]) -> None:
    """Give the regions of one country their names, and their code where it is of letters."""
    free = dict(translated)
    for region in own:
        if region.geonames.lower() in free and _same(region, free[region.geonames.lower()]):
            _take(region, region.geonames.lower(), free)
    for exact in (True, False):
        for region in own:
            if not region.names:
                partner = _partner(region, free, exact)
                if partner:
                    _take(region, partner, free)


def _same(region: Region, names: list[str]) -> bool:
    return any(_bare(name) == _bare(region.name) for name in names)


def _partner(region: Region, free: dict[str, list[str]], exact: bool) -> str | None:
    if exact:
        # Short codes first: the region before a province or city of the same name.
        matches = [code for code, names in free.items() if _same(region, names)]
        letters = [code for code in matches if len(code) <= 3]
        return min(letters or matches, key=lambda code: (len(code), code), default=None)
    wanted = _bare(region.name)
    rated = [
        (SequenceMatcher(None, wanted, _bare(names[0])).ratio(), code)
        for code, names in free.items()
        if _bare(names[0])[:1] == wanted[:1]  # North and South are as alike as two spellings
    ]
    likeness, code = max(rated, default=(0.0, ""))
    return code if likeness >= ALIKE else None


def _take(region: Region, code: str, free: dict[str, list[str]]) -> None:
    names = free.pop(code)
    region.names = {*names, region.name}
    if not _ODD.search(names[0]):
        region.name = names[0]
    if code.isalpha():
        region.code = code.upper()
        region.codes = {region.code}


@cache
def _bare(name: str) -> str:
    return key(_KINDS.sub(" ", name)) or key(name)


def _place(region: Region, cities: list[City], outlines: Shapes) -> None:
    """Set the centre: of its outline, else the mean of its cities, else its country's."""
    centre = outlines.regions.get((region.country.iso, region.geonames))
    if centre is None and cities:
        centre = (
            round(sum(city.latitude for city in cities) / len(cities), 4),
            round(sum(city.longitude for city in cities) / len(cities), 4),
        )
    region.latitude, region.longitude = centre or (
        region.country.latitude,
        region.country.longitude,
    )
