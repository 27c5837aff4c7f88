"""The countries: centre, people, and what they are called in some sixty languages."""

from collections import defaultdict
from dataclasses import dataclass, field

from babel import Locale

from shared.normalize.place_key import key
from shared.normalize.tables import rows
from tools.gazetteer.cities import City
from tools.gazetteer.shapes import Shapes
from tools.gazetteer.sources import Archives

_LANGUAGES_TEXT = (
    "en de es fr pt it nl pl ru uk sv da nb fi is cs sk hu ro bg el tr ar he fa hi th vi zh "
    "zh_Hant ja ko id hr sr sl lt lv et ca ka hy az kk uz mn bn ta ur ne km my sq mk eu gl"
)
LANGUAGES = tuple(_LANGUAGES_TEXT.split())
"""CLDR locales whose names of countries are taken."""

VAST = {
    "US": (38.0, -97.0), "CA": (60.0, -95.0), "RU": (60.0, 100.0), "CN": (35.0, 105.0),
    "BR": (-10.0, -55.0), "AU": (-27.0, 133.0), "IN": (20.0, 77.0), "AR": (-34.0, -64.0),
    "CL": (-30.0, -71.0), "ID": (-5.0, 120.0), "NO": (62.0, 10.0), "GL": (72.0, -40.0),
    "MX": (23.0, -102.0), "JP": (36.0, 138.0), "NZ": (-41.0, 174.0), "PH": (13.0, 122.0),
    "MY": (2.5, 112.5), "FR": (46.0, 2.0),
}  # fmt: skip
"""Where the CIA World Factbook (public domain) puts countries so wide or scattered that several
points could be called their middle; degrees."""


@dataclass(slots=True)
class Country:
    """A country; *names* are in languages other than English, *codes* its abbreviations."""

    iso: str
    id: int
    name: str
    latitude: float
    longitude: float
    population: int
    names: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    number: int = -1


def countries(archives: Archives, cities: list[City], outlines: Shapes) -> list[Country]:
    """Return the countries by ISO code, and mark their capitals among the cities.

    A country without an outline lies where its capital does, or its largest city.
    """
    english = Locale("en").territories
    towns: dict[str, list[City]] = defaultdict(list)
    for city in cities:
        towns[city.country].append(city)
    found = []
    for iso, row in sorted(archives.countries().items()):
        seat = _seat(row["capital"], towns[iso])
        if iso not in outlines.countries and seat is None:
            continue  # a rock in the sea: no lead is from there
        latitude, longitude = (
            VAST.get(iso) or outlines.countries.get(iso) or (seat.latitude, seat.longitude)
        )
        country = Country(
            iso,
            row["geonameid"],
            _everyday(english.get(iso, ""), row["name"]),
            latitude,
            longitude,
            row["population"],
            codes={iso, row["iso3"]},
        )
        country.names = _names(iso) | {row["name"], english.get(iso, "")}
        found.append(country)
    return found


def _everyday(english: str, geonames: str) -> str:
    """Return CLDR's English name, GeoNames' where that has remarks (Hong Kong SAR China)."""
    remarks = any(sign in english for sign in (" SAR ", "(", " - "))
    return geonames if remarks or not english else english


def _seat(name: str, cities: list[City]) -> City | None:
    """Return the capital, which is marked, or the largest city where it is not known."""
    wanted = key(name)
    by_size = sorted(cities, key=lambda city: (-city.population, city.id))
    for city in by_size:
        if name and wanted in {key(each) for each in (city.name, *city.aliases)}:
            city.capital = True
            return city
    return by_size[0] if by_size else None


def _names(iso: str) -> set[str]:
    found = {Locale.parse(language).territories.get(iso, "") for language in LANGUAGES}
    for code, *names in rows("country_aliases.csv"):
        if code == iso:
            found.update(names)
    # The parts of the United Kingdom are regions of their own here.
    parts = {"england", "scotland", "wales", "northernireland", "inglaterra", "angleterre"}
    return {name for name in found if name and key(name) not in parts}
