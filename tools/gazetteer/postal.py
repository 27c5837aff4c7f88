"""Postal codes: where each lies, and which city it belongs to.

Countries whose codes name a street or a house are kept by the part that names a district:
Portugal's first four digits, Japan's first five, Singapore's sector. The United Arab Emirates
have no postal codes (GeoNames lists Makani numbers of buildings).
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import log10
from statistics import median

from shared.great_circle import distance_km
from shared.normalize.place_key import LEFT_OUT_SIGN, key
from tools.gazetteer.cities import City
from tools.gazetteer.sources import Archives

KEPT = {"PT": 4, "JP": 5, "SG": 2, "KR": 4, "RO": 5, "RU": 5, "UA": 4, "MX": 4}
"""Leading signs that are kept of the codes of these countries, which have over 25,000."""

NO_POST = frozenset({"AE"})

NAMED_KM, NEAR_KM = 40.0, 80.0
"""How far a city may lie from its post: where it has the name that the post gives, and else."""

POST_FROM = 1000
"""People from which a city is named for a code whose own place is not known."""

TENFOLD_KM = 8.0
"""A district is rather named after a city ten times as large, if it lies no further than this."""

_PREFIX = {"LU": "L"}
_TRAILERS = (" CEDEX",)


@dataclass(frozen=True, slots=True)
class PostalCode:
    """A postal code without spaces and signs, and the city of its post."""

    code: str
    latitude: float
    longitude: float
    city: City


def postal_codes(archives: Archives, cities: list[City]) -> list[PostalCode]:
    """Return every postal code once a country, and teach cities the names of their post."""
    grid = _Grid(cities)
    found = []
    for (country, code), rows in sorted(_rows(archives).items()):
        city_name = Counter(row[0] for row in rows).most_common(1)[0][0]
        near = [row for row in rows if row[0] == city_name]
        latitude, longitude = median(r[1] for r in near), median(r[2] for r in near)
        for name, north, east in rows:
            grid.teach(country, name, north, east)
        city = grid.city(country, city_name, latitude, longitude)
        if city is not None:
            found.append(PostalCode(code, latitude, longitude, city))
    return found


def _rows(archives: Archives) -> dict[tuple[str, str], list[tuple[str, float, float]]]:
    found: dict[tuple[str, str], list[tuple[str, float, float]]] = defaultdict(list)
    for row in archives.postal_codes():
        country, code = row["country_code"], row["postal_code"].upper()
        if country in NO_POST or any(code.endswith(end) for end in _TRAILERS):
            continue
        code = "".join(c for c in code if c.isalnum()).removeprefix(_PREFIX.get(country, country))
        kept = KEPT.get(country, len(code))
        found[country, code[:kept] + LEFT_OUT_SIGN * len(code[kept:])].append(
            (row["city"], row["latitude"], row["longitude"])
        )
    return found


class _Grid:
    """Cities by country and cell of one degree."""

    def __init__(self, cities: list[City]) -> None:
        self._cells: dict[tuple[str, int, int], list[City]] = defaultdict(list)
        self._by_key: dict[tuple[str, str], list[City]] = defaultdict(list)
        self._taught: set[tuple[str, str, int, int]] = set()
        for city in cities:
            if city.population >= POST_FROM:
                cell = (city.country, int(city.latitude // 1), int(city.longitude // 1))
                self._cells[cell].append(city)
            for known in {key(name) for name in (city.name, *city.aliases)}:
                self._by_key[city.country, known].append(city)

    def teach(self, country: str, name: str, latitude: float, longitude: float) -> None:
        """Note the key of *name* as native for the city there that GeoNames knows by it too."""
        again = (country, name, round(latitude), round(longitude))
        if again in self._taught:
            return
        self._taught.add(again)
        city = self._named(country, name, latitude, longitude)
        if city is not None:
            city.native.add(key(name))

    def city(self, country: str, name: str, latitude: float, longitude: float) -> City | None:
        """Return the city of that name near the point, else the one that draws it most."""
        named = self._named(country, name, latitude, longitude)
        if named is not None:
            return named
        near = [
            (distance_km(latitude, longitude, city.latitude, city.longitude), city)
            for city in self._around(country, latitude, longitude)
        ]
        drawn = [
            (log10(city.population) - away / TENFOLD_KM, -city.id, city)
            for away, city in near
            if away <= NEAR_KM
        ]
        return max(drawn, default=(0.0, 0, None))[2]

    def _named(self, country: str, name: str, latitude: float, longitude: float) -> City | None:
        # "Paris 01", "Praha 10-Vinohrady": the district's number and name are no city's.
        wanted = {key(name), key(name.split("-")[0].rstrip("0123456789 "))} - {""}
        named = [
            city
            for known in sorted(wanted)
            for city in self._by_key.get((country, known), ())
            if distance_km(latitude, longitude, city.latitude, city.longitude) <= NAMED_KM
        ]
        return max(named, key=lambda city: (city.population, -city.id), default=None)

    def _around(self, country: str, latitude: float, longitude: float) -> list[City]:
        north, east = int(latitude // 1), int(longitude // 1)
        return [
            city
            for y in (north - 1, north, north + 1)
            for x in (east - 1, east, east + 1)
            for city in self._cells.get((country, y, x), ())
        ]
