"""The settlements, as GeoNames has them."""

from dataclasses import dataclass, field

from tools.gazetteer import renown
from tools.gazetteer.sources import Archives


@dataclass(slots=True)
class City:
    """A settlement; *region* is GeoNames' code of the first-level region, "" where none."""

    id: int
    name: str
    country: str
    region: str
    latitude: float
    longitude: float
    population: int
    aliases: list[str]
    capital: bool = False
    row: int = -1
    native: set[str] = field(default_factory=set)
    """Keys of the names by which its post calls it."""

    @property
    def renown(self) -> int:
        """Return how well it is known, in hundredths of a power of ten; see `renown`."""
        return renown.renown(len(self.aliases), self.capital, self.country)


def cities(archives: Archives) -> list[City]:
    """Return all settlements, by id. Those without people that others surround are kept."""
    found = [
        City(
            row["geonameid"],
            row["name"],
            row["countrycode"],
            "" if row["admin1code"] in ("", "00") else row["admin1code"],
            row["latitude"],
            row["longitude"],
            row["population"],
            [alias for alias in row["alternatenames"] if alias],
        )
        for row in archives.cities()
    ]
    return sorted(found, key=lambda city: city.id)
