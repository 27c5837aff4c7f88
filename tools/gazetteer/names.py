"""Under which keys the places are filed, each with the grade of the name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared.normalize import gazetteer_layout as layout
from shared.normalize.place_key import (
    POSTAL,
    beginning,
    code_key,
    digest,
    key,
    with_digraphs,
    without_one,
)
from shared.normalize.tables import rows
from tools.gazetteer.cities import City
from tools.gazetteer.countries import Country
from tools.gazetteer.postal import PostalCode
from tools.gazetteer.regions import Region

MISSPELT_FROM = 15_000
"""People from which a place is offered to who misspells it."""

SUGGESTED = 5
"""Places that are offered for one beginning."""

ABBREVIATED = frozenset(["US", "CA", "AU", "BR", "MX", "IN", "DE", "CH", "GB", "ZA", "NZ", "ES"])
"""Countries whose people write a region by its code; elsewhere a code hides these (ON, Ondo)."""

_DIGRAPHS = frozenset(["DE", "AT", "CH", "LI", "LU", "DK", "NO", "SE", "FI", "EE", "IS"])
"""Countries that write ä, ö, ü, ø and å as two letters where the keyboard has none."""

_ABBREVIATION = re.compile(r"[A-Z][A-Z.]{1,5}")
_TOLD_APART = re.compile(
    r"(?i)(.+?)(?:\s+\(.+|/.+|[\s-]+(?:upon|on|under|near|an|am|in|im|bei|ob|vor|v\.|aan|op|"
    r"der|de|del|do|da|dos|das|di|du|des|sur|sous|en|sobre|nad|na)[\s-].+)"
)
"""A name and what tells its place from others of that name: a river, a region, a saint's see."""

_MACHINE_MADE = re.compile(r"[a-z][a-z0-9 .'`-]*")
"""GeoNames romanises names in other scripts by rule, in small letters: no one writes them."""


class Names:
    """All entries: `found[key]` is a list of (standing, row, grade), likeliest first.

    Rows are numbered here: countries, regions with a name, cities by region.
    """

    def __init__(
        self,
        lands: list[Country],
        parts: list[Region],
        towns: list[City],
        codes: list[PostalCode],
    ) -> None:
        self.found: dict[str, dict[int, tuple[float, int]]] = defaultdict(dict)
        _number(lands, parts, towns)
        for land in lands:
            self._add_all(_of_country(land), _country(land))
        for part in parts:
            if part.name:
                self._add_all(_of_region(part), _region(part, len(lands)))
        self._add_chosen(lands, parts, towns)
        for town in towns:
            self._add_all(_of_city(town), _city(town))
        self._suggest(lands, parts, towns)
        first = len(lands) + len(parts) + len(towns)
        for number, code in enumerate(codes):
            place = _Filed(first + number, layout.CITY, code.city.population)
            self._add(POSTAL + code.code, place, layout.PRIMARY)

    def entries(self) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Yield the hash of each key and its rows and grades, likeliest first, by hash."""
        for each in sorted(self.found, key=lambda name: (digest(name), name)):
            ranked = sorted(self.found[each].items(), key=lambda item: (-item[1][0], item[0]))
            yield digest(each), [(row, grade) for row, (_, grade) in ranked]

    def _add_all(
        self,
        names: Iterable[tuple[str, int]],
        place: "_Filed",
    ) -> None:
        for name, grade in names:
            self._add(name, place, grade)

    def _add(self, name: str, place: "_Filed", grade: int) -> None:
        if not name:
            return
        rated = layout.standing(place.kind, place.people, place.renown, grade)
        row = place.row
        if row not in self.found[name] or self.found[name][row][0] < rated:
            self.found[name][row] = (rated, grade)

    def _add_chosen(self, lands: list[Country], parts: list[Region], towns: list[City]) -> None:
        """Add the everyday names that the tables give, of one place and of several."""
        by_name: dict[tuple[str, str], list[City]] = defaultdict(list)
        for town in towns:
            by_name[town.country, key(town.name)].append(town)
        land_of = {land.iso: land for land in lands}
        part_of = {(part.country.iso, part.code): part for part in parts}

        def filed(country: str, region: str, city: str) -> _Filed:
            if city:
                return _city(_largest(by_name[country, key(city)], region))
            if region:
                return _region(part_of[country, region], len(lands))
            return _country(land_of[country])

        for country, region, city, *names in rows("place_names.csv"):
            for name in names:
                self._add(key(name), filed(country, region, city), layout.CHOSEN)
        first: set[str] = set()
        for name, *where in rows("place_shared_names.csv"):
            grade = layout.NATIVE if name in first else layout.RATHER
            self._add(key(name), filed(*where), grade)
            first.add(name)

    def _suggest(self, lands: list[Country], parts: list[Region], towns: list[City]) -> None:
        """File large places under their misspellings and their beginnings."""
        named = [(_spellings(town), _city(town)) for town in towns]
        named += [([key(p.name)], _region(p, len(lands))) for p in parts if p.name]
        named += [([key(land.name)], _country(land)) for land in lands]
        begun: dict[str, list[tuple[int, int, _Filed]]] = defaultdict(list)
        for spellings, place in named:
            if place.people < MISSPELT_FROM:
                continue
            for shorter in {each for name in spellings for each in without_one(name)}:
                self._add(shorter, place, layout.PRIMARY)
            begun[beginning(spellings[0])].append((-place.people, place.row, place))
        for name, offered in begun.items():
            for _, _, place in sorted(offered, key=lambda each: each[:2])[:SUGGESTED]:
                self._add(name, place, layout.PRIMARY)


@dataclass(frozen=True, slots=True)
class _Filed:
    """What of a place counts for its standing."""

    row: int
    kind: int
    people: int
    renown: int = 0


def _country(land: Country) -> _Filed:
    return _Filed(land.number, layout.COUNTRY_KIND, land.population)


def _region(part: Region, lands: int) -> _Filed:
    return _Filed(lands + part.number, layout.REGION_KIND, part.population)


def _city(town: City) -> _Filed:
    return _Filed(town.row, layout.CITY, town.population, town.renown)


def _number(lands: list[Country], parts: list[Region], towns: list[City]) -> None:
    order: dict[tuple[str, str], int] = {}
    for number, land in enumerate(lands):
        land.number = number
    for number, part in enumerate(parts):
        part.number = number
        order[part.country.iso, part.geonames] = number
    first = len(lands) + len(parts)
    known = {land.iso for land in lands}
    towns[:] = [town for town in towns if town.country in known]
    for town in towns:
        if (town.country, town.region) not in order:
            town.region = ""
    towns.sort(key=lambda t: (order[t.country, t.region], -t.population, t.id))
    for number, town in enumerate(towns):
        town.row = first + number


def _of_country(land: Country) -> Iterator[tuple[str, int]]:
    yield key(land.name), layout.PRIMARY
    for name in sorted(land.names):
        yield key(name), layout.LANGUAGE
    for code in sorted(land.codes):
        yield code_key(code), layout.CODE


def _of_region(part: Region) -> Iterator[tuple[str, int]]:
    yield key(part.name), layout.PRIMARY
    for name in sorted(part.names):
        yield key(name), layout.LANGUAGE
    for code in sorted(part.codes if part.country.iso in ABBREVIATED else ()):
        yield code_key(code), layout.CODE


def _of_city(town: City) -> Iterator[tuple[str, int]]:
    own = key(town.name)
    yield own, layout.PRIMARY
    for native in sorted(town.native):
        yield native, layout.NATIVE
    for name in [town.name, *town.aliases]:
        if town.country in _DIGRAPHS and (key(name) in town.native or name is town.name):
            yield key(with_digraphs(name)), layout.NATIVE
    for alias in town.aliases:
        if _ABBREVIATION.fullmatch(alias):
            yield code_key(alias), layout.CODE
        elif is_short(alias, town.name):
            yield key(alias), layout.SHORT
        elif not _MACHINE_MADE.fullmatch(alias):
            foreign = not any(c < "\u0250" and c.isalpha() for c in alias)
            yield key(alias), layout.FOREIGN if foreign else layout.ALIAS


def is_short(alias: str, name: str) -> bool:
    """Return True if *name* is *alias* and what tells it from others: León de los Aldama."""
    match = _TOLD_APART.fullmatch(name)
    return match is not None and key(alias) == key(match[1])


def _spellings(town: City) -> list[str]:
    """Return the keys by which people of its country call *town*, its own name's first."""
    own = key(town.name)
    digraphs = {key(with_digraphs(town.name)), *map(key, map(with_digraphs, _umlauted(town)))}
    more = {*town.native, *(digraphs if town.country in _DIGRAPHS else ())}
    return [own, *sorted(more - {own, ""})]


def _umlauted(town: City) -> list[str]:
    return [alias for alias in town.aliases if key(alias) in town.native and not alias.isascii()]


def _largest(named: list[City], region: str) -> City:
    inside = [town for town in named if region in ("", town.region)]
    return max(inside, key=lambda town: (town.population, -town.id))
