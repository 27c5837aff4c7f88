"""The gazetteer's file, read: what a name may mean, and what lies at a row.

`data/places.bin` (built by `tools/gazetteer`, laid out as `gazetteer_layout` says) is read
with `pread`: no position is shared, so threads need no lock and a forked process keeps the
file it was handed. Some 200 kB of codes and the last answers are held in memory, the rest
stays in the system's page cache. Data: GeoNames (CC BY 4.0), Unicode CLDR, Natural Earth; see
`data/README.md`.
"""

import os
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from struct import Struct

from shared.normalize import gazetteer_layout as layout
from shared.normalize.place_key import digest

FILE = Path(__file__).with_name("data") / "places.bin"

KINDS = ("city", "admin1", "country")
"""What layout.CITY, REGION_KIND and COUNTRY_KIND are called."""

_PAIR = Struct("<II")
_PEOPLE = Struct("<IB")
_ROW_MASK = (1 << 20) - 1

Spot = tuple[int, float, float]
"""A city's row, latitude and longitude in degrees."""

NAMES_KEPT, PLACES_KEPT = 256, 1024
"""Answers that are kept in memory, the last asked for: leads come from the same towns. After
9,000 different texts the process has grown by 4.4 MB, with the cache of `text.fold`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer, or a point; degrees, north and east positive.

    `kind` is city, postal_code, admin1, country or coordinates. `id` is GeoNames' number, 0 for
    what it has none for. `country` is ISO 3166-1 alpha-2, "" far from any place; `admin1` the
    region's code within it, "" if none; `population` 0 if unknown, of a
    region that of its towns (see `tools/gazetteer/people.py`).
    """

    id: int
    name: str
    kind: str
    latitude: float
    longitude: float
    country: str
    admin1: str
    admin1_name: str
    population: int


class Gazetteer:
    """An open gazetteer. Raises ValueError where the file is not one of this layout."""

    def __init__(self, path: Path = FILE) -> None:
        self._file = os.open(path, os.O_RDONLY)
        magic, *counts = layout.HEADER.unpack(os.pread(self._file, layout.HEADER.size, 0))
        if magic.rstrip(b"\0") != layout.MAGIC:
            raise ValueError(f"{path} is not a gazetteer of this version")
        at, starts = layout.HEADER.size, []
        for count, size in zip(counts, layout.SECTIONS, strict=True):
            starts.append(at)
            at += count * size
        self._read_codes(starts, counts)
        self._places, self._names, self._codes_at = starts[2:5]
        self._buckets, self._entries, self._cells, self._cell_entries = starts[5:]
        self.first_city = counts[0] + counts[1]
        self.last_city = counts[2] - 2
        self.named = lru_cache(NAMES_KEPT)(self._named)
        self._people = lru_cache(PLACES_KEPT)(self._read_people)
        self.where = lru_cache(PLACES_KEPT)(self._where)
        self.postal = lru_cache(PLACES_KEPT)(self._postal)

    def _read_codes(self, starts: list[int], counts: list[int]) -> None:
        isos = os.pread(self._file, counts[0] * 2, starts[0]).decode()
        self.countries = [isos[i : i + 2] for i in range(0, len(isos), 2)]
        self._numbers = {iso: number for number, iso in enumerate(self.countries)}
        packed = os.pread(self._file, counts[1] * layout.REGION.size, starts[1])
        regions = list(layout.REGION.iter_unpack(packed))
        self._country_of = bytes(number for number, _, _ in regions)
        self._codes = [code.rstrip(b"\0").decode() for _, code, _ in regions]
        self._firsts = [first for _, _, first in regions]

    def country_number(self, iso: str) -> int | None:
        """Return the number of the country with code *iso*, upper case; None if unknown."""
        return self._numbers.get(iso)

    def _named(self, found: str) -> tuple[tuple[int, int], ...]:
        """Return row and grade of what is filed under the key *found*, likeliest first."""
        hashed = digest(found)
        bucket = hashed >> (64 - layout.BUCKET_BITS)
        first, last = _PAIR.unpack(os.pread(self._file, 8, self._buckets + 4 * bucket))
        size = layout.ENTRY_BYTES
        packed = os.pread(self._file, (last - first) * size, self._entries + first * size)
        wanted = (hashed & 0xFFFFFF).to_bytes(3, "little")
        rows = []
        at = packed.find(wanted)
        while at >= 0:
            if at % size == 0:
                row = int.from_bytes(packed[at + 3 : at + 6], "little")
                rows.append((row & _ROW_MASK, row >> 20))
            at = packed.find(wanted, at + 1)
        return tuple(rows)

    def kind(self, row: int) -> int:
        """Return layout.CITY (postal codes too), REGION_KIND or COUNTRY_KIND."""
        if row >= self.first_city:
            return layout.CITY
        return layout.REGION_KIND if row >= len(self.countries) else layout.COUNTRY_KIND

    def region(self, row: int) -> int:
        """Return the number of the region that *row* is or lies in; -1 for a country."""
        if row >= self.first_city:
            return bisect_right(self._firsts, row) - 1
        return row - len(self.countries) if row >= len(self.countries) else -1

    def country(self, row: int) -> int:
        """Return the number of the country that *row* is or lies in."""
        region = self.region(row)
        return row if region < 0 else self._country_of[region]

    def _postal(self, row: int) -> tuple[int, float, float]:
        """Return the row of the city of a postal code's row, its latitude and longitude."""
        at = self._codes_at + (row - self.last_city - 1) * layout.POSTAL.size
        north, east, city = layout.POSTAL.unpack(os.pread(self._file, layout.POSTAL.size, at))
        return int.from_bytes(city, "little"), *_degrees(north, east)

    def standing(self, row: int, grade: int) -> float:
        """Return the standing of a place's row under a name of that grade, as the layout says."""
        people, renown = self._people(row)
        return layout.standing(self.kind(row), people, renown, grade)

    def people(self, row: int) -> int:
        """Return the population of a place's row, 0 if unknown."""
        return self._people(row)[0]

    def _read_people(self, row: int) -> tuple[int, int]:
        at = self._places + row * layout.PLACE.size + 9
        people, renown = _PEOPLE.unpack(os.pread(self._file, 5, at))
        return people, renown

    def _where(self, row: int) -> tuple[float, float]:
        """Return latitude and longitude of a place's row."""
        packed = os.pread(self._file, 6, self._places + row * layout.PLACE.size + 3)
        return _degrees(packed[:3], packed[3:])

    def place(self, row: int) -> Place:
        """Return the country, region or city at *row*."""
        size = layout.PLACE.size
        packed = os.pread(self._file, 2 * size, self._places + row * size)
        number, north, east, people, _, begin = layout.PLACE.unpack_from(packed)
        end = layout.PLACE.unpack_from(packed, size)[5]
        region, kind = self.region(row), self.kind(row)
        return Place(
            int.from_bytes(number, "little"),
            self._name(begin, end),
            KINDS[kind],
            *_degrees(north, east),
            self.countries[self.country(row)],
            self._codes[region] if region >= 0 else "",
            self._region_name(region),
            people,
        )

    def near(self, cell: tuple[int, int], box: tuple[float, float, float, float]) -> Iterator[Spot]:
        """Yield row, latitude and longitude (to 1/256 degree) of the cities of *cell* in *box*.

        A cell is named by its south-west corner in whole degrees; *box* is south, north, west
        and east in degrees, and may reach beyond the cell.
        """
        south, west = cell
        at = self._cells + 4 * ((south + 90) * 360 + west + 180)
        first, last = _PAIR.unpack(os.pread(self._file, 8, at))
        size, steps = layout.CELL_ENTRY_BYTES, layout.CELL_STEPS
        packed = os.pread(self._file, (last - first) * size, self._cell_entries + first * size)
        norths = packed[3::size]
        low, high, left, right = (
            max(0, min(steps - 1, int((edge - corner) * steps)))
            for edge, corner in zip(box, (south, south, west, west), strict=True)
        )
        begin, end = bisect_left(norths, low), bisect_right(norths, high)
        easts = packed[begin * size + 4 : end * size : size]
        for number, east in enumerate(easts, begin):
            if left <= east <= right:
                row = int.from_bytes(packed[number * size : number * size + 3], "little")
                yield row, south + norths[number] / steps, west + east / steps

    def is_postal(self, row: int) -> bool:
        """Return True for the row of a postal code."""
        return row > self.last_city

    def _region_name(self, region: int) -> str:
        if region < 0 or not self._codes[region]:
            return ""
        at = self._places + (len(self.countries) + region) * layout.PLACE.size + 14
        packed = os.pread(self._file, layout.PLACE.size + 3, at)
        return self._name(packed[:3], packed[-3:])

    def _name(self, begin: bytes, end: bytes) -> str:
        at, stop = int.from_bytes(begin, "little"), int.from_bytes(end, "little")
        return os.pread(self._file, stop - at, self._names + at).decode()


@cache
def gazetteer() -> Gazetteer:
    """Return the gazetteer that is shipped, opened at first use (some 5 ms)."""
    return Gazetteer()


def _degrees(north: bytes, east: bytes) -> tuple[float, float]:
    return (
        round(int.from_bytes(north, "little", signed=True) / layout.NORTH_STEPS, 5),
        round(int.from_bytes(east, "little", signed=True) / layout.EAST_STEPS, 5),
    )
