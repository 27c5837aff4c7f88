"""A company directory: its pages are visited as their host wishes, and the companies on them read.

From each start page the crawl goes along the site's own links, list by list, within bounds of
pages and depth; it never leaves the site and never signs in.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from services.discovery.criteria import Criteria
from services.discovery.find import Find, Passed, Provenance
from services.discovery.fitting import Looked
from services.discovery.sources.finding import companies, finding
from services.discovery.sources.given import Given, Paths
from services.discovery.sources.side_by_side import Stop, Told
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
from services.discovery.sources.source import Progress, Reach
from services.discovery.sources.visits import REAL_TIME, Visits
from shared.pages import addresses
from shared.pages.fetcher import Time
from shared.pages.survey import Surveyed

DEPTH = 2
"""Where nobody says: a list, its entries, and what they link to."""

MOST_WAITING = 20_000
"""Addresses of one site that are remembered."""


class Directory:
    """Finds the companies that a directory lists."""

    type = "directory"
    title = "A company directory on the web"
    builtin = False
    licence = "as the directory's terms say"
    attribution = ""
    limits = (
        "One request a host at a time, a second or the host's Crawl-delay apart; robots.txt, "
        f"noindex and nofollow obeyed; up to {MOST_SITES} sites of {MOST_PAGES} pages."
    )
    described: Mapping[str, str] = {
        "url": f"The page to start from, or up to {MOST_SITES} of different sites. Required.",
        "pages": f"Pages of each site that are visited: 1 to {MOST_PAGES}, else {PAGES}.",
        "depth": f"Links away from the start page: 0 to 5, else {DEPTH}; further pages of a list "
        "do not count.",
        "include": "Paths that are followed, such as /company/*; else all.",
        "exclude": "Paths that are not.",
        "licence": "Under which terms the directory's entries may be used.",
        "attribution": "What must be shown with each of them.",
    }
    shown = ("url", "pages", "depth", "include", "exclude", "licence", "attribution")

    def __init__(self, pacing: Time = REAL_TIME):
        """*pacing* serves the waits for a host's next visit."""
        self._time = pacing

    def checked(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return *settings*, read strictly. Raises Malformed (by field)."""
        given = Given(settings)
        read = {**shared_settings(given), "depth": given.number("depth", 0, 5, DEPTH)}
        given.finished()
        return read

    def find(
        self, tenant_id: str, settings: Mapping[str, Any], criteria: Criteria, reach: Reach
    ) -> Iterator[Told]:
        """Yield the companies of each site as its pages come; the sites in their order."""
        yield from crawled(self._crawl, self.checked(settings), criteria, reach)

    def _crawl(
        self, start: str, settings: Mapping[str, Any], wanted: Looked, reach: Reach, stop: Stop
    ) -> Iterator[Told]:
        """Yield the companies of the site that *start* is a page of."""
        visits = Visits(reach.fetcher, stop, self._time)
        first = visits.first(start)
        page: Surveyed | Passed = first
        frontier = Frontier(first, settings)
        for done in range(1, settings["pages"] + 1):
            yield Progress(done, min(settings["pages"], done + len(frontier.waiting)))
            yield from _told(page, frontier, settings, wanted, reach)
            following = frontier.following(page)
            if following is None or stop():
                return
            page = visits.survey(following)


class Frontier:
    """Which pages of a site are visited, and in what order: as they were found, nearest first."""

    def __init__(self, start: Surveyed, settings: Mapping[str, Any]):
        self.home = addresses.site(start.url)
        self.deepest: int = settings["depth"]
        self.waiting: deque[tuple[str, int]] = deque()
        self._paths = Paths(settings["include"], settings["exclude"])
        self._seen, self._depth = {start.url}, 0

    def following(self, page: Surveyed | Passed) -> str | None:
        """Return what to visit after *page*, whose links are noted; None if there is nothing."""
        if isinstance(page, Surveyed) and page.follow and not self.is_elsewhere(page):
            self._seen.add(page.url)
            for url in page.links if self._depth < self.deepest else ():
                if self._paths.wants(url):
                    self._note(url, self._depth + 1)
            if page.next:
                self._note(page.next, self._depth)
        if not self.waiting:
            return None
        url, self._depth = self.waiting.popleft()
        return url

    def is_elsewhere(self, page: Surveyed) -> bool:
        """True for a page that redirected off the site."""
        return addresses.site(page.url) != self.home

    def _note(self, url: str, depth: int) -> None:
        known = url in self._seen or addresses.site(url) != self.home
        if not known and len(self._seen) < MOST_WAITING:
            self._seen.add(url)
            self.waiting.append((url, depth))


def _told(
    page: Surveyed | Passed,
    frontier: Frontier,
    settings: Mapping[str, Any],
    wanted: Looked,
    reach: Reach,
) -> Iterator[Find | Passed]:
    if isinstance(page, Passed):
        yield page
    elif frontier.is_elsewhere(page):
        yield Passed(ELSEWHERE)
    elif not page.index or page.login:
        yield Passed(LOGIN if page.index else NOT_KEPT)
    else:
        followed = bool(frontier.deepest) and page.follow
        yield from told("directory", page, followed, settings, wanted, reach)


def told(
    source: str,
    page: Surveyed,
    followed: bool,
    settings: Mapping[str, Any],
    wanted: Looked,
    reach: Reach,
) -> Iterator[Find | Passed]:
    """Yield the companies on *page*, as finds of *source*; for *followed* see `companies`."""
    licence = settings["licence"] or Directory.licence
    for key, fields, url in companies(page, followed):
        provenance = Provenance(source, url, licence, settings["attribution"], datetime.now(UTC))
        yield finding(key, fields, provenance, wanted, reach.settings.default_country)
