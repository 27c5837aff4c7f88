"""A site's own map: each page that it names and the account wants is read as a company's page."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from services.discovery.criteria import Criteria
from services.discovery.find import Passed
from services.discovery.fitting import Looked
from services.discovery.sources.directory import told
from services.discovery.sources.given import Given, Paths
from services.discovery.sources.side_by_side import Stop, Told
from services.discovery.sources.sitemap_reading import NoSitemap, named_in_robots, sitemap
from services.discovery.sources.sites import (
    ELSEWHERE,
    LOGIN,
    MOST_PAGES,
    MOST_SITES,
    NOT_KEPT,
    PAGES,
    crawled,
    shared_settings,
)
from services.discovery.sources.source import Progress, Reach, SourceUnavailable
from services.discovery.sources.visits import REAL_TIME, Visits
from shared.pages import addresses
from shared.pages.faults import BadUrl, PageRefused
from shared.pages.fetcher import Time

MOST_MAPS = 50
"""Maps of one site that are read."""

MOST_MAP_BYTES = 10_000_000
"""Of one map as it is sent; the largest that sitemaps.org allows are packed smaller."""

MOST_ROBOTS_BYTES = 512 * 1024
ACCEPT = "application/xml, text/xml, application/gzip, text/plain;q=0.8"
MAPS = (".xml", ".gz", ".txt")


class SiteMap:
    """Finds the companies on the pages that sites list in their maps."""

    type = "sitemap"
    title = "The pages that a site lists in its site map"
    builtin = False
    licence = "as the site's terms say"
    attribution = ""
    limits = (
        f"As of a directory; up to {MOST_MAPS} maps of 10 MB (50 MB unpacked) of each site, pages "
        "of the site alone."
    )
    described: Mapping[str, str] = {
        "url": f"A map (…/sitemap.xml), or the site whose robots.txt names it; up to {MOST_SITES}."
        " Required.",
        "pages": f"Pages of each site that are visited: 1 to {MOST_PAGES}, else {PAGES}.",
        "include": "Paths that are read, such as /company/*; else all.",
        "exclude": "Paths that are not.",
        "licence": "Under which terms the pages may be used.",
        "attribution": "What must be shown with what comes from them.",
    }
    shown = ("url", "pages", "include", "exclude", "licence", "attribution")

    def __init__(self, pacing: Time = REAL_TIME):
        """*pacing* serves the waits for a host's next visit."""
        self._time = pacing

    def checked(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return *settings*, read strictly. Raises Malformed (by field)."""
        given = Given(settings)
        read = shared_settings(given)
        given.finished()
        return read

    def find(
        self, tenant_id: str, settings: Mapping[str, Any], criteria: Criteria, reach: Reach
    ) -> Iterator[Told]:
        """Yield the companies of each site in the order of its map."""
        yield from crawled(self._crawl, self.checked(settings), criteria, reach)

    def _crawl(
        self, url: str, settings: Mapping[str, Any], wanted: Looked, reach: Reach, stop: Stop
    ) -> Iterator[Told]:
        visits = Visits(reach.fetcher, stop, self._time)
        start = addresses.mended(url, reach.door.allowed)
        home, most = addresses.site(start), settings["pages"]
        paths = Paths(settings["include"], settings["exclude"])
        for done, page_url in enumerate(_pages(start, visits, paths, reach), 1):
            if done > most or stop():
                return
            yield Progress(done, None)
            page = visits.survey(page_url)
            if isinstance(page, Passed):
                yield page
            elif addresses.site(page.url) != home:
                yield Passed(ELSEWHERE)
            elif not page.index or page.login:
                yield Passed(LOGIN if page.index else NOT_KEPT)
            else:
                yield from told(self.type, page, False, settings, wanted, reach)


def _pages(start: str, visits: Visits, paths: Paths, reach: Reach) -> Iterator[str]:
    """Yield the wanted pages that the site's maps name, each once, as they come.

    Raises SourceUnavailable if there is no map that can be read.
    """
    home, seen = addresses.site(start), set[str]()
    waiting, read, problem = deque(_maps(start, visits)), 0, "is no site map"
    for _ in range(MOST_MAPS):
        if not waiting:
            break
        try:
            found = sitemap(visits.download(waiting.popleft(), MOST_MAP_BYTES, ACCEPT).body)
        except PageRefused as error:
            problem = str(error.details["url"]).replace("2 MB", "10 MB")
            continue
        except NoSitemap as error:
            problem = str(error)
            continue
        read += 1
        waiting.extend(_new(found.maps, home, seen, reach))
        yield from (url for url in _new(found.pages, home, seen, reach) if paths.wants(url))
    if not read:
        raise SourceUnavailable(f"The site map {problem}.")


def _maps(start: str, visits: Visits) -> tuple[str, ...]:
    """Return the maps to begin with: the one named, those of robots.txt, or the usual place."""
    site = addresses.site(start)
    if start.partition("?")[0].lower().endswith(MAPS):
        return (start,)
    try:
        robots = visits.download(f"{site}/robots.txt", MOST_ROBOTS_BYTES, "text/plain").body
    except PageRefused:
        robots = b""
    named = named_in_robots(robots.decode("utf-8", "replace"))
    return named or (f"{site}/sitemap.xml",)


def _new(urls: tuple[str, ...], home: str, seen: set[str], reach: Reach) -> Iterator[str]:
    """Yield those of *urls* that are of the site (sitemaps.org: others do not count) and unseen."""
    for url in urls:
        try:
            mended = addresses.mended(url, reach.door.allowed)
        except BadUrl:
            continue
        if mended not in seen and addresses.site(mended) == home:
            seen.add(mended)
            yield mended
