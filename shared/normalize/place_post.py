"""Which postal codes a text holds: a number is one where the names beside it say it lies.

A code alone may be of several countries (10115 is in Berlin and in New York); a city beside it
settles which, and tells a code from a house number.
"""

from shared.great_circle import distance_km
from shared.normalize import gazetteer_layout as layout
from shared.normalize.gazetteer import Gazetteer
from shared.normalize.place_search import BESIDE_KM, Candidate, Search
from shared.normalize.postal_code import forms

AT_HOME, AMERICAN = 2.0, 0.5
"""What speaks for the installation's country, and for the US, whose people give a ZIP alone."""

MOST_NAMESAKES = 8
"""Cities of one name and country whose way from a postal code is measured, the likeliest."""

SENTENCE_WORDS = 3
"""A number beside so many words of which none is known is no postal code."""


def posted(
    search: Search,
    atlas: Gazetteer,
    numbers: list[str],
    parts: list[str],
    found: list[Candidate],
    hint: int | None,
) -> list[Candidate]:
    """Return the postal codes in *numbers* that lie where the text's names do.

    Near a city of that name; in the region or country, if the text names nothing else.
    """
    areas = [q for q in map(search.qualifier, parts) if q.is_area]
    cities = [each for each in found if atlas.kind(each.row) == layout.CITY]
    fitting: list[Candidate] = []
    for number in reversed(numbers):
        for row in _rows(atlas, number):
            city, latitude, longitude = atlas.postal(row)
            score = _nearby(atlas, cities, city, latitude, longitude)
            # USA is also a town's nickname: what is an area may still be meant as one.
            if score is None and (not cities or len(areas) == len(parts)):
                inside = all(search.lies_in(city, area) for area in areas)
                score = _usage(atlas, city, hint) if inside else None
            if score is not None:
                fitting.append(Candidate(score, row, layout.PRIMARY))
        if fitting:
            break
    if (
        parts
        and not (cities or areas)
        and len(numbers) == 1
        and len(parts[0].split()) >= SENTENCE_WORDS
    ):
        return []  # a sentence with a number in it
    return sorted(fitting, key=lambda each: (-each.score, each.row))


def _rows(atlas: Gazetteer, number: str) -> list[int]:
    found: list[int] = []
    for form, country in forms(number):
        for row, _ in atlas.named(form):
            iso = atlas.countries[atlas.country(atlas.postal(row)[0])]
            if country in (None, iso):
                found.append(row)
    return found


def _nearby(
    atlas: Gazetteer, cities: list[Candidate], city: int, latitude: float, longitude: float
) -> float | None:
    """Return the score of the best of *cities* that the point is near, None if there is none."""
    country = atlas.country(city)
    there = [each for each in cities if atlas.country(each.row) == country]
    for each in there[:MOST_NAMESAKES]:
        if distance_km(latitude, longitude, *atlas.where(each.row)) <= BESIDE_KM:
            return each.score
    return None


def _usage(atlas: Gazetteer, city: int, hint: int | None) -> float:
    """Return how likely a bare postal code is that of *city*'s country."""
    country = atlas.country(city)
    score = atlas.standing(country, layout.PRIMARY)
    return score + AT_HOME * (country == hint) + AMERICAN * (atlas.countries[country] == "US")
