"""Which of the candidates is meant, and whether a careful person would ask back."""

from shared.great_circle import distance_km
from shared.normalize import gazetteer_layout as layout
from shared.normalize.gazetteer import Gazetteer
from shared.normalize.place_search import HINT, OWN_NAMES, Candidate

COMPARABLE = 1.05
"""Candidates within this of the best (an eleventh of its people) are of comparable standing."""

COMPARABLE_LARGE, LARGE = 1.6, 100_000
"""A rival of so many people is comparable still if it stands within this of the best (Alexandria
in Egypt and in Virginia); a village that far behind is not thought of."""

COMPARABLE_CITY = 0.8
"""The same for a city beside a region of its name elsewhere (Ontario in California)."""

SPELT = 0.6
"""Rivals within this of the best give way to one that is spelt as the text is: José, not Jose."""

COMPARABLE_AT_HOME = 0.8
"""The same within the installation's country, whose larger cities its people know (a sixth)."""

APART_KM = 60.0
"""Two places nearer than this are one for who asks: a city and its suburb of the same name."""

SMALL_REGION = 5.7
"""Standing of a region of a million people: a smaller one gives way to its capital of the same
name (St. Gallen), a larger one does not (Quebec)."""

AROUND_KM = 400.0
"""How far the middle of a region may be from the city that it surrounds (Buenos Aires: 290)."""


def ambiguous(atlas: Gazetteer, found: list[Candidate], hint: int | None) -> bool:
    """Return True if the first of *found* has a rival of comparable standing elsewhere.

    In the installation's country, whose number is *hint*, rivals abroad do not count.
    """
    best, others = found[0], found[1:]
    if best.grade == layout.CHOSEN:
        return False
    within = COMPARABLE
    if hint is not None and _country(atlas, best.row) == hint:
        others = [each for each in others if _country(atlas, each.row) == hint]
        within = COMPARABLE_AT_HOME
    elif best.grade == layout.RATHER:
        within = COMPARABLE_LARGE
    else:
        large = [each for each in others if _large(atlas, best, each)]
        if any(_differ(atlas, best, each) for each in large):
            return True
    bare = best.score + layout.PENALTY[best.grade] * (best.grade == layout.RATHER)
    for each in others:
        # What not even the hint put first is half as much of a rival for it.
        lifted = HINT / 2 * (hint not in (None, _country(atlas, best.row)))
        lifted *= _country(atlas, each.row) == hint
        close = each.score - lifted >= bare - _within(atlas, best, each, within)
        if close and _differ(atlas, best, each):
            return True
    return False


def _within(atlas: Gazetteer, best: Candidate, other: Candidate, within: float) -> float:
    kinds = atlas.kind(best.row), atlas.kind(other.row)
    return COMPARABLE_CITY if kinds == (layout.REGION_KIND, layout.CITY) else within


def _large(atlas: Gazetteer, best: Candidate, other: Candidate) -> bool:
    """Return True for two cities, the other a large one under its own name."""
    if other.score < best.score - COMPARABLE_LARGE or other.grade not in OWN_NAMES:
        return False
    if {atlas.kind(best.row), atlas.kind(other.row)} != {layout.CITY}:
        return False
    return not atlas.is_postal(best.row) and atlas.people(other.row) >= LARGE


def at_home(atlas: Gazetteer, found: list[Candidate], hint: int | None) -> list[Candidate]:
    """Return *found* with a place of the hinted country first, if only fame puts one abroad first.

    It is called so itself, and the famous one has at most forty times its people (HINT): London
    is in Ontario for Canadians, Paris in France for Texans.
    """
    best = found[0]
    if hint is None or atlas.kind(best.row) != layout.CITY or atlas.country(best.row) == hint:
        return found
    for each in found[1:]:
        there = atlas.country(each.row) == hint and _called_so(atlas, best, each)
        if there and atlas.people(each.row) * 10**HINT >= atlas.people(best.row):
            return _first(found, each)
    return found


def _called_so(atlas: Gazetteer, best: Candidate, other: Candidate) -> bool:
    """Return True for a city under its own name; for any place if *best* is so by hand alone."""
    if best.grade == layout.RATHER:
        return other.grade in (*OWN_NAMES, layout.LANGUAGE)
    return other.grade in OWN_NAMES and atlas.kind(other.row) == layout.CITY


def _first(found: list[Candidate], chosen: Candidate) -> list[Candidate]:
    """Return *found* with *chosen* moved to the front, where it counts as much as the first."""
    score = max(found[0].score, chosen.score)
    moved = Candidate(score, chosen.row, chosen.grade, chosen.unexplained)
    return [moved, *(each for each in found if each is not chosen)]


def spelt(atlas: Gazetteer, found: list[Candidate], text: str) -> list[Candidate]:
    """Return *found* with the rival first that is written as *text* is, where that has accents."""
    plain = found[0].grade in (layout.CHOSEN, layout.SHORT, layout.RATHER)
    if text.isascii() or len(found) == 1 or plain:
        return found
    wanted = text.casefold()
    near = [each for each in found[:4] if each.score >= found[0].score - SPELT]
    for each in near:
        if each.grade in OWN_NAMES and atlas.place(each.row).name.casefold() == wanted:
            return _first(found, each)
    return found


def nested(atlas: Gazetteer, found: list[Candidate], alone: bool) -> list[Candidate]:
    """Return *found* with the right one first where a place and what it lies in have one name.

    The country goes before its city (Luxembourg) if the name stands *alone*. The city goes
    before its region if it is the likelier by their own names, for the same translation names
    both (Moscou, Lissabon).
    """
    best = found[0]
    if best.grade == layout.CHOSEN:
        return found
    for each in found[1:]:
        kinds = atlas.kind(best.row), atlas.kind(each.row)
        within = atlas.country(best.row) == atlas.country(each.row)
        if alone and kinds == (layout.CITY, layout.COUNTRY_KIND):
            first = within and each.grade <= best.grade and each.score >= best.score - COMPARABLE
        elif kinds == (layout.REGION_KIND, layout.CITY):
            region, city = (atlas.standing(e.row, layout.PRIMARY) for e in (best, each))
            likelier = city >= region - (COMPARABLE if region < SMALL_REGION else 0)
            first = atlas.region(best.row) == atlas.region(each.row) and likelier
        else:
            continue
        if first:
            return _first(found, each)
    return found


def _differ(atlas: Gazetteer, best: Candidate, other: Candidate) -> bool:
    """Return True if who asks must say which of the two: they lie apart, none in the other."""
    kinds = atlas.kind(best.row), atlas.kind(other.row)
    if not atlas.is_postal(best.row) and kinds[0] != kinds[1]:
        if kinds == (layout.CITY, layout.REGION_KIND):
            return atlas.region(best.row) != atlas.region(other.row) and not _surrounds(
                atlas, best, other
            )
        if layout.COUNTRY_KIND in kinds:
            return atlas.country(best.row) != atlas.country(other.row)
        return atlas.region(best.row) != atlas.region(other.row)
    return distance_km(*_where(atlas, best.row), *_where(atlas, other.row)) > APART_KM


def _surrounds(atlas: Gazetteer, city: Candidate, region: Candidate) -> bool:
    """Return True if the region lies around a city that is a region itself (Kyiv)."""
    same = atlas.country(city.row) == atlas.country(region.row)
    away = distance_km(*atlas.where(city.row), *atlas.where(region.row))
    return same and away <= AROUND_KM


def _country(atlas: Gazetteer, row: int) -> int:
    return atlas.country(atlas.postal(row)[0] if atlas.is_postal(row) else row)


def _where(atlas: Gazetteer, row: int) -> tuple[float, float]:
    return atlas.postal(row)[1:] if atlas.is_postal(row) else atlas.where(row)
