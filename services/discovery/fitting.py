"""Fitting: whether what a source knows of somebody is what a discovery looks for. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.discovery.criteria import Circle, Criteria
from shared.great_circle import distance_km
from shared.normalize.industry import industries, industry
from shared.normalize.place import Place, lead_place, places
from shared.normalize.text import fold

REGIONS = ("country", "admin1")
"""Kinds of place that are more than a circle."""

ELSEWHERE = "lies elsewhere"
NOWHERE = "does not say where it is"
OTHER_INDUSTRY = "is of another industry"
NO_KEYWORD = "has none of the keywords"
OTHER_SIZE = "is of another size"
OTHER_CATEGORY = "is of another category"


@dataclass(frozen=True, slots=True)
class Region:
    """A country, or a state, province or land within one."""

    country: str
    """ISO 3166-1 alpha-2."""
    admin1: str | None
    """Its code within the country; None is all of the country."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Criteria, read: what has to be true of somebody."""

    circle: Circle | None = None
    region: Region | None = None
    prefixes: tuple[str, ...] = ()
    """Of NAICS codes; any of them."""
    words: tuple[tuple[str, ...], ...] = ()
    """For each keyword its words, folded: somebody has it who has them one after another. Any one
    of the keywords will do."""
    size: str = ""
    category: str = ""


def looked(criteria: Criteria) -> Looked:
    """Return *criteria* as they are compared; an industry that nobody knows is a keyword."""
    branches = industries(criteria.industry, 1) if criteria.industry else ()
    said = criteria.keywords if branches else (*criteria.keywords, criteria.industry)
    return Looked(
        circle=criteria.circle,
        region=None if criteria.circle else region(criteria),
        prefixes=branches[0].prefixes if branches else (),
        words=tuple(words for text in said if (words := tuple(fold(text).split()))),
        size=criteria.company_size,
        category=fold(criteria.lead_category),
    )


def region(criteria: Criteria) -> Region | None:
    """Return the whole region that *criteria* name, or None."""
    if not criteria.geographic_area:
        return None
    found = places(criteria.geographic_area, criteria.country or None, 1).places
    if not found or found[0].kind not in REGIONS:
        return None
    return Region(found[0].country, found[0].admin1 if found[0].kind == "admin1" else None)


def unfit(wanted: Looked, fields: Mapping[str, str], country: str) -> str | None:
    """Return why what *fields* say is not *wanted*; None if it is.

    *country* reads bare place names. Whoever says nothing of what is asked for does not fit.
    """
    if wanted.circle or wanted.region:
        place = _place(fields, country)
        if place is None:
            return NOWHERE
        if not there(wanted, place):
            return ELSEWHERE
    if wanted.prefixes and not _of_industry(wanted.prefixes, fields.get("industry", "")):
        return OTHER_INDUSTRY
    if wanted.words and not mentions(wanted.words, fields.values()):
        return NO_KEYWORD
    if wanted.size and fold(fields.get("company_size", "")) != wanted.size:
        return OTHER_SIZE
    if wanted.category and fold(fields.get("lead_category", "")) != wanted.category:
        return OTHER_CATEGORY
    return None


def there(wanted: Looked, place: Place) -> bool:
    """True if *place* is where *wanted* looks; a region is in no circle."""
    if wanted.circle:
        return place.kind not in REGIONS and within(wanted.circle, place.latitude, place.longitude)
    area = wanted.region
    return area is None or (place.country == area.country and area.admin1 in (None, place.admin1))


def within(circle: Circle, latitude: float, longitude: float) -> bool:
    """True if a point (degrees) lies in *circle*."""
    middle = circle.latitude, circle.longitude
    return distance_km(*middle, latitude, longitude) <= circle.radius_km


def mentions(wanted: Sequence[Sequence[str]], texts: Iterable[str]) -> bool:
    """True if one of *texts* has all words of one of *wanted* one after another.

    Case, accents and signs do not count, and a last word may go on: `bake` finds `bakery`.
    """
    return any(
        f" {' '.join(words)}" in said
        for said in (f" {fold(text)}" for text in texts)
        for words in wanted
    )


def _of_industry(prefixes: tuple[str, ...], text: str) -> bool:
    known = industry(text) if text else None
    return known is not None and known.code.startswith(prefixes)


def _place(fields: Mapping[str, str], country: str) -> Place | None:
    names = ("city", "state", "postal_code", "country", "location")
    said = {name: fields.get(name) for name in names}
    return lead_place(**said, default_country=country) if any(said.values()) else None
