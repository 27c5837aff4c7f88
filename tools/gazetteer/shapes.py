"""Where the middle of a country and of its regions lies, from outlines.

The outlines have names of their own, so they are joined to GeoNames' regions by the cities
that lie in them. Centres are those of area (the sine of the latitude makes a map of equal
areas); islands and exclaves of less than a quarter of the largest piece do not pull them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import asin, degrees, radians, sin

from tools.gazetteer.cities import City
from tools.gazetteer.sources import Archives

Point = tuple[float, float]
"""Longitude and latitude in degrees."""

SMALL = 0.25
"""Pieces smaller than this share of the largest are left out of a centre."""


TOUCHING = 0.25
"""Degrees of a cell; pieces whose borders run through the same one count as one."""

ASKED = 60
"""Cities of a region, its largest, that tell which outlines are its own."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """Centres as (latitude, longitude): of countries by ISO code, of regions by both codes."""

    countries: dict[str, Point]
    regions: dict[tuple[str, str], Point]


@dataclass(slots=True)
class _Ring:
    points: list[Point]
    west: float
    east: float
    south: float
    north: float


def shapes(archives: Archives, cities: list[City]) -> Shapes:
    """Return the centres of all countries and regions whose outline is known."""
    by_country: dict[str, list[City]] = defaultdict(list)
    asked: Counter[tuple[str, str]] = Counter()
    for city in sorted(cities, key=lambda city: (-city.population, city.id)):
        asked[city.country, city.region] += 1
        if asked[city.country, city.region] <= ASKED:
            by_country[city.country].append(city)
    found = Shapes({}, {})
    for iso, country in sorted(archives.countries().items()):
        topology = archives.outline(country["iso3"])
        if topology is None:
            continue
        areas = _areas(topology)
        rings = [ring for area in areas for ring in area]
        if rings:
            found.countries[iso] = _centre(rings)
        for code, inside in _by_region(areas, by_country[iso]).items():
            found.regions[iso, code] = _centre(inside)
    return found


def _areas(topology: dict) -> list[list[_Ring]]:
    arcs = [_absolute(arc, topology) for arc in topology["arcs"]]
    (collection,) = topology["objects"].values()
    areas = []
    for shape in collection["geometries"]:
        parts = shape.get("arcs", [])
        polygons = [parts] if shape["type"] == "Polygon" else parts
        areas.append([_ring(polygon[0], arcs) for polygon in polygons if polygon])
    return areas


def _absolute(arc: list, topology: dict) -> list[Point]:
    (scale_x, scale_y), (x0, y0) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * scale_x + x0, y * scale_y + y0))
    return points


def _ring(numbers: list[int], arcs: list[list[Point]]) -> _Ring:
    points: list[Point] = []
    for number in numbers:
        points += arcs[number] if number >= 0 else arcs[~number][::-1]
    easts, norths = [x for x, _ in points], [y for _, y in points]
    return _Ring(points, min(easts), max(easts), min(norths), max(norths))


def _by_region(areas: list[list[_Ring]], cities: list[City]) -> dict[str, list[_Ring]]:
    """Return the rings of each region: an area is the region's of which it has most cities."""
    found: dict[str, list[_Ring]] = defaultdict(list)
    for area in areas:
        count = Counter(c.region for c in cities if _inside(area, c.longitude, c.latitude))
        if count:
            found[max(count, key=lambda code: (count[code], code))] += area
    return found


def _inside(area: list[_Ring], x: float, y: float) -> bool:
    return any(_in_ring(ring, x, y) for ring in area)


def _in_ring(ring: _Ring, x: float, y: float) -> bool:
    if not (ring.west <= x <= ring.east and ring.south <= y <= ring.north):
        return False
    points = ring.points
    inside = False
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _centre(rings: list[_Ring]) -> Point:
    pieces = [_moments(piece) for piece in _pieces(_unwrapped(rings))]
    largest = max(area for area, _, _ in pieces)
    kept = [piece for piece in pieces if piece[0] >= SMALL * largest]
    area = sum(piece[0] for piece in kept)
    x, y = sum(piece[1] for piece in kept) / area, sum(piece[2] for piece in kept) / area
    y = max(-1.0, min(1.0, y))  # simplified outlines can cross themselves
    return round(degrees(asin(y)), 4), round((x + 180) % 360 - 180, 4)


def _unwrapped(rings: list[_Ring]) -> list[_Ring]:
    """Return *rings* with those beyond the date line moved to the others (Chukotka)."""
    if max(ring.east for ring in rings) - min(ring.west for ring in rings) < 300:
        return rings
    return [
        replace(ring, points=[(x + 360 if x < 0 else x, y) for x, y in ring.points])
        for ring in rings
    ]


def _pieces(rings: list[_Ring]) -> Iterable[list[_Ring]]:
    """Return the rings that hang together: those that run through one small cell."""
    above = list(range(len(rings)))

    def top(number: int) -> int:
        while above[number] != number:
            above[number] = above[above[number]]
            number = above[number]
        return number

    owner: dict[tuple[int, int], int] = {}
    for number, ring in enumerate(rings):
        for cell in _border_cells(ring):
            above[top(number)] = top(owner.setdefault(cell, number))
    pieces: dict[int, list[_Ring]] = defaultdict(list)
    for number, ring in enumerate(rings):
        pieces[top(number)].append(ring)
    return pieces.values()


def _border_cells(ring: _Ring) -> set[tuple[int, int]]:
    """Return the cells that the ring runs through; neighbours were simplified apart."""
    cells = set()
    for (x1, y1), (x2, y2) in zip(ring.points, ring.points[1:], strict=False):
        steps = int(max(abs(x2 - x1), abs(y2 - y1)) / TOUCHING * 2) + 1
        for step in range(steps + 1):
            x, y = x1 + (x2 - x1) * step / steps, y1 + (y2 - y1) * step / steps
            cells.add((int(x // TOUCHING), int(y // TOUCHING)))
    return cells


def _moments(piece: list[_Ring]) -> tuple[float, float, float]:
    area = moment_x = moment_y = 0.0
    for ring in piece:
        flat = [(x, sin(radians(y))) for x, y in ring.points]
        ring_area = ring_x = ring_y = 0.0
        for (x1, y1), (x2, y2) in zip(flat, flat[1:] + flat[:1], strict=True):
            cross = x1 * y2 - x2 * y1
            ring_area += cross / 2
            ring_x += (x1 + x2) * cross / 6
            ring_y += (y1 + y2) * cross / 6
        sign = 1 if ring_area >= 0 else -1
        area += sign * ring_area
        moment_x += sign * ring_x
        moment_y += sign * ring_y
    return (area or 1e-12), moment_x, moment_y
