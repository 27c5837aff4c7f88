"""Where a text says it is: places with coordinates, offline, from a gazetteer of the world.

Names in many languages and scripts, names with a region or country beside them, postal codes
and coordinates are understood. Nothing is guessed: a misspelt name finds no place, only names
that are like it. The data is in `gazetteer`, its making in `tools/gazetteer`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, floor, inf, radians

from shared.great_circle import distance_km
from shared.normalize import gazetteer_layout as layout
from shared.normalize.coordinates import on_earth, pair
from shared.normalize.filler import absent
from shared.normalize.gazetteer import Gazetteer, Place, gazetteer
from shared.normalize.place_alike import alike
from shared.normalize.place_choice import ambiguous, at_home, nested, spelt
from shared.normalize.place_post import posted as posted_codes
from shared.normalize.place_search import Candidate, Search
from shared.normalize.place_words import segments
from shared.normalize.postal_code import codes
from shared.normalize.text import clean

__all__ = ["Found", "Place", "lead_place", "nearest_place", "places"]

MAX_TEXT = 200
"""Characters of a text that are looked at; a full address is shorter."""

MOST_PARTS, MOST_CODES = 6, 4

KM_A_DEGREE = 111.0

NEAREST_KM = 100.0
"""How far the nearest city may be from a point that is said to be there."""

SUBURB_KM, TENFOLD_KM = 12.0, 8.0
"""Within the first a point is named after the larger place: Innsbruck rather than its suburb
Wilten; each tenfold of people outweighs the second."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a text may mean: places best first, whether to ask back, and names like it."""

    places: tuple[Place, ...]
    ambiguous: bool
    nearest_names: tuple[str, ...]


NOTHING = Found((), False, ())


def places(text: str, country: str | None = None, most: int = 5) -> Found:
    """Return what *text* may mean, at most *most* places; *country* is the installation's.

    `country` is ISO 3166-1 alpha-2 and breaks ties; what it does not fit is ignored. Without a
    place up to five names that resemble the text are given. Never raises on any text.
    """
    text = clean(text, MAX_TEXT)
    point = pair(text)
    if point is not None:
        return Found((_at(*point),), False, ()) if on_earth(*point) else NOTHING
    atlas = gazetteer()
    hint = atlas.country_number((country or "").upper())
    numbers, rest = codes(text)
    parts = segments(rest)[:MOST_PARTS]
    search = Search(atlas, hint)
    if absent(text):
        return NOTHING
    found = search.candidates(parts) if parts else []
    posted = posted_codes(search, atlas, numbers[:MOST_CODES], parts, found, hint)
    if posted:
        return _answer(atlas, posted, hint, most)
    if not found and numbers:
        found = search.candidates(segments(text)[:MOST_PARTS] or [text])
    if found:
        found = spelt(atlas, at_home(atlas, found, hint), (parts or [text])[0])
        found = nested(atlas, found, alone=len(parts) == 1)
        return _answer(atlas, found, hint, most)
    return replace(NOTHING, nearest_names=alike(atlas, search, parts)) if parts else NOTHING


def lead_place(
    city: str | None = None,
    state: str | None = None,
    postal_code: str | None = None,
    country: str | None = None,
    location: str | None = None,
    default_country: str | None = None,
) -> Place | None:
    """Return where a lead says it is: the narrowest of its fields that is known.

    City, region, postal code and country are read together; then `location`, a text; then
    the region alone, then the country. None where nothing is said, or nothing of it known.
    """
    for fields in (
        (city, state, postal_code, country),
        (city, state, country),
        (postal_code, country),
        (location, country) if country and location and "," not in location else (location,),
        (location,),
        (state, country),
        (country,),
    ):
        said = [field.strip() for field in fields if field and field.strip()]
        # Without its first field a reading is that of another line.
        if said and fields[0] and fields[0].strip():
            found = places(", ".join(said), default_country, 1).places
            if found:
                return found[0]
    return None


def nearest_place(latitude: float, longitude: float) -> Place | None:
    """Return the city nearest to a point in degrees, None where none is within 100 km.

    Within a suburb's way from the point a city ten times as large may be 8 km further.
    """
    if not on_earth(latitude, longitude):
        return None
    atlas = gazetteer()
    near = _around(atlas, latitude, longitude, SUBURB_KM)
    if near:
        return atlas.place(_drawn(atlas, near))
    _, row = min(_around(atlas, latitude, longitude, NEAREST_KM), default=(0.0, -1))
    return atlas.place(row) if row >= 0 else None


def _around(
    atlas: Gazetteer, latitude: float, longitude: float, reach_km: float
) -> list[tuple[float, int]]:
    """Return how far in km the cities within reach of a point are, and their rows."""
    high = reach_km / KM_A_DEGREE
    wide = min(180.0, high / max(0.01, cos(radians(min(90.0, abs(latitude) + high)))))
    found = []
    for south in range(floor(latitude - high), floor(latitude + high) + 1):
        for west in range(floor(longitude - wide), floor(longitude + wide) + 1):
            if -90 <= south < 90:
                turns = 360 * ((west + 180) // 360)  # beyond the date line
                box = (latitude - high, latitude + high)
                sides = (longitude - wide - turns, longitude + wide - turns)
                for row, y, x in atlas.near((south, west - turns), (*box, *sides)):
                    away = distance_km(latitude, longitude, y, x)
                    if away <= reach_km:
                        found.append((away, row))
    return found


def _drawn(atlas: Gazetteer, near: list[tuple[float, int]]) -> int:
    """Return the row of the city that draws a point most, by its people and its nearness."""
    nearest: dict[int, float] = {}
    best = (-inf, -1)
    # A region's cities stand in order of their people: a later one must be nearer.
    for row, away in sorted((row, away) for away, row in near):
        region = atlas.region(row)
        if away < nearest.get(region, inf):
            nearest[region] = away
            draw = atlas.standing(row, layout.PRIMARY) - away / TENFOLD_KM
            best = max(best, (draw, row))
    return best[1]


def _at(latitude: float, longitude: float) -> Place:
    near = nearest_place(latitude, longitude)
    name = near.name if near else f"{latitude:.4f}, {longitude:.4f}"
    blank = Place(0, name, "coordinates", latitude, longitude, "", "", "", 0)
    if near is None:
        return blank
    return replace(blank, country=near.country, admin1=near.admin1, admin1_name=near.admin1_name)


def _answer(atlas: Gazetteer, found: list[Candidate], hint: int | None, most: int) -> Found:
    listed = tuple(_place(atlas, each.row) for each in found[:most])
    return Found(listed, ambiguous(atlas, found, hint), ())


def _place(atlas: Gazetteer, row: int) -> Place:
    if not atlas.is_postal(row):
        return atlas.place(row)
    city, latitude, longitude = atlas.postal(row)
    return replace(
        atlas.place(city),
        id=0,
        kind="postal_code",
        latitude=latitude,
        longitude=longitude,
        population=0,
    )
