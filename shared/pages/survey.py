"""What a crawler needs of a page: which companies it names and where it leads. Pure."""

from dataclasses import dataclass

MOST_COMPANIES = 500
"""Of one page; directories show 10 to 100."""

MOST_LINKS = 2000
"""Of one page that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company as a page names it; empty where nothing is said."""

    name: str
    website: str = ""
    email: str = ""
    phone: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    location: str = ""
    """Its address in one text, where it is not taken apart."""
    industry: str = ""
    page: str = ""
    """The page about it alone, on the same site; empty where none is linked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a page names, and where it leads."""

    index: bool = True
    """False: it asks that nothing of it is kept (`noindex`)."""
    follow: bool = True
    """False: it asks that its links are not followed (`nofollow`)."""
    login: bool = False
    """True for a page that asks who one is."""
    canonical: str = ""
    """Its own address, by its own words, on the same site."""
    next: str = ""
    """Where its list goes on (`rel=next`)."""
    links: tuple[str, ...] = ()
    """Pages of the same site, as they come, each once, without `rel=nofollow`."""
    companies: tuple[Company, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed(Survey):
    """A page surveyed, with where it was in the end."""

    url: str


@dataclass(frozen=True, slots=True)
class Download:
    """What is at an address that is no page: a site map, a robots.txt."""

    url: str
    """Where it was in the end, after redirects."""
    media_type: str
    body: bytes
