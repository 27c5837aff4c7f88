"""What all sources that visit web sites share: their bounds, their settings, sites side by side."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from services.discovery.criteria import Criteria
from services.discovery.fitting import Looked, looked
from services.discovery.sources.given import Given
from services.discovery.sources.side_by_side import Stop, Told, side_by_side
from services.discovery.sources.source import Reach

MOST_SITES = 50
"""Start pages of one source: each site is crawled by a thread of its own."""

MOST_PAGES = 2000
"""Of one site in one run: half an hour at a page a second."""

PAGES = 200
"""Where nobody says."""

NOT_KEPT = "a page asks not to be indexed"
LOGIN = "a page asks for a login"
ELSEWHERE = "a page leads to another site"

Crawl = Callable[[str, Mapping[str, Any], Looked, Reach, Stop], Iterator[Told]]
"""Yields the companies of the site that an address is a page of."""


def shared_settings(given: Given) -> dict[str, Any]:
    """Return what any source of web sites may be told, read strictly; faults stay with *given*."""
    return {
        "url": list(given.sites("url", MOST_SITES)),
        "pages": given.number("pages", 1, MOST_PAGES, PAGES),
        "include": list(given.patterns("include")),
        "exclude": list(given.patterns("exclude")),
        "licence": given.text("licence"),
        "attribution": given.text("attribution"),
    }


def crawled(
    crawl: Crawl, settings: Mapping[str, Any], criteria: Criteria, reach: Reach
) -> Iterator[Told]:
    """Yield the companies of the sites of *settings* as their pages come, site by site."""
    wanted = looked(criteria)
    sites = dict.fromkeys(settings["url"])
    crawls = [partial(crawl, url, settings, wanted, reach) for url in sites]
    yield from side_by_side(crawls, reach.stop, criteria.most)
