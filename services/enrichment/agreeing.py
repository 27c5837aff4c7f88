"""Whether two values that compare equal are really one. Pure.

A street is an address only with its town, and a domain where everybody has a page is nobody's.
"""

from collections.abc import Iterable

from services.enrichment.comparable import ADDRESS, DOMAIN, Comparable, comparable
from services.enrichment.finding import Finding
from services.enrichment.site.home import shared_host

TOWN = ("postal_code", "city")
"""Fields of which one must be the same for a street to be."""


def tells(one: Comparable) -> bool:
    """True if the same value of two leads says that they have to do with each other."""
    return one.kind != DOMAIN or shared_host(f"https://{one.text}/") is None


def needs_more(kind: str) -> bool:
    """True if two equal values of *kind* must be looked at for what `same` asks."""
    return kind == ADDRESS


def same(
    kind: str,
    mine: Finding,
    yours: Finding,
    all_mine: Iterable[Finding],
    all_yours: Iterable[Finding],
    country: str,
) -> bool:
    """True if *mine* and *yours*, equal as they are compared, are one.

    *all_mine* and *all_yours* are what else was found of the two leads.
    """
    if kind == ADDRESS:
        return bool(_towns(all_mine, country) & _towns(all_yours, country))
    return True


def _towns(found: Iterable[Finding], country: str) -> set[Comparable]:
    places = (comparable(one.field, one.value, country) for one in found if one.field in TOWN)
    return {place for place in places if place}
