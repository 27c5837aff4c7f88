"""Fetching a page: with its host's leave, by a door that leads nowhere inside, within bounds.

Every hop is a visit of its own: the address is read strictly, its robots.txt asked, the pause kept,
and the connection goes to an address that was checked. All hops together take 10 s and 2 MB.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from threading import BoundedSemaphore

from shared.outbound import Answer, Door
from shared.pages import addresses
from shared.pages.asking import REDIRECTS, Visitor, refused_by_status
from shared.pages.charset import decoded
from shared.pages.faults import (
    BadRedirect,
    BadUrl,
    NotAPage,
    PageTooLarge,
    TooManyPages,
    TooManyRedirects,
)
from shared.pages.page import Content, Page
from shared.pages.parsing.content import plain_content
from shared.pages.pauses import LEAST_SECONDS, Pauses
from shared.pages.permission import Permission
from shared.pages.reader import Reader
from shared.pages.survey import Download, Survey, Surveyed
from shared.pages.turns import Turns

SECONDS = 10.0
"""For all of a page: robots.txt, pauses and redirects, up to the last byte."""

MOST_BYTES = 2_000_000
"""Of a page and the redirects before it; the median page's HTML has 30 kB (HTTP Archive)."""

MOST_REDIRECTS = 5

MOST_PAGES = 4
"""Fetched by one process at a time: each holds a thread for up to 13 s."""

BUSY_SECONDS = 5
"""When to try again if there are as many."""

HTML = ("text/html", "application/xhtml+xml")
PLAIN = "text/plain"


@dataclass(frozen=True, slots=True)
class Time:
    """Where a fetcher takes time from."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Fetcher:
    """Fetches pages and reads them; safe for threads, and to be closed in the end."""

    def __init__(
        self,
        door: Door,
        about: str | None = None,
        reader: Reader | None = None,
        most_pages: int = MOST_PAGES,
        seconds: float = SECONDS,
        pacing: Time = Time(),
    ):
        """*about* is the address of a page that tells hosts who visits them, if there is one.

        *seconds* are for each page; *pacing* serves the pauses between visits, and how long a
        robots.txt is remembered.
        """
        self.reader = reader or Reader()
        self._seconds, self._time = seconds, pacing
        self._visitor = Visitor(door, about)
        self._permission = Permission(self._visitor, self.reader, pacing.clock)
        self._pauses = Pauses(pacing.clock, pacing.sleep)
        self._turns = Turns(pacing.clock, pacing.sleep)
        self._room = BoundedSemaphore(most_pages)

    def fetch(self, url: str) -> Page:
        """Return the page at *url*. Raises a PageRefused or a PageUnavailable, each with why."""
        with self._one_of_few():
            final, answer = self._followed(self._mended(url))
            content = self._read(final, answer)
        said = {one.name: getattr(content, one.name) for one in fields(Content)}
        return Page(url=final, status=answer.status, fetched_at=datetime.now(UTC), **said)

    def survey(self, url: str) -> Surveyed:
        """Return which companies the page at *url* names, and where it leads. Raises as `fetch`."""
        with self._one_of_few():
            final, answer = self._followed(self._mended(url))
            media_type, text = _written(answer)
            asks = answer.headers.get("x-robots-tag", "")
            found = self.reader.survey(text if media_type != PLAIN else "", final, asks)
        return Surveyed(url=final, **{one.name: getattr(found, one.name) for one in fields(Survey)})

    def download(self, url: str, most_bytes: int, accept: str) -> Download:
        """Return what is at *url*, of whatever type, with its host's leave as for a page.

        *accept* is the header's value. Raises as `fetch`; PageTooLarge beyond *most_bytes*.
        """
        with self._one_of_few():
            final, answer = self._followed(self._mended(url), most_bytes, accept)
        if answer.status not in (200, 203):
            raise refused_by_status(answer)
        return Download(final, _media_type(answer), answer.body)

    def text_of(self, html: str) -> str:
        """Return the text of *html*, a page or a mail. Raises Unparseable or PageUnavailable."""
        return self.reader.text_of(html)

    def close(self) -> None:
        """End the processes that wait for pages to read."""
        self.reader.close()

    def _mended(self, url: str) -> str:
        return addresses.mended(url, self._visitor.door.allowed)

    def _followed(
        self, url: str, room: int = MOST_BYTES, accept: str | None = None
    ) -> tuple[str, Answer]:
        """Return where *url* leads in the end, and what is answered there."""
        ends_at = time.monotonic() + self._seconds
        visits: dict[str, float] = {}
        for hop in range(MOST_REDIRECTS + 1):
            try:
                answer = self._visited(url, ends_at, room, visits, accept)
            except BadUrl as error:
                raise BadRedirect if hop else error from None
            room -= len(answer.body)
            if room < 0:
                raise PageTooLarge
            if answer.status not in REDIRECTS:
                return url, answer
            location = answer.headers.get("location")
            url = addresses.redirected(url, location, self._visitor.door.allowed)
        raise TooManyRedirects

    def _visited(
        self, url: str, ends_at: float, room: int, visits: dict[str, float], accept: str | None
    ) -> Answer:
        """Return what is answered at *url*, with its host's leave and when it is due."""
        host = addresses.host(url)
        with self._turns.at(host, ends_at):
            pause = self._permission.ask(url, ends_at)
        until = self._time.clock() + ends_at - time.monotonic()
        mine = visits.get(host)
        visits[host] = self._pauses.wait(host, pause, until, mine)
        apart = LEAST_SECONDS if mine is not None else max(pause, LEAST_SECONDS)
        with self._turns.at(host, ends_at, apart):
            return self._visitor.ask(url, ends_at, room, accept)

    def _read(self, url: str, answer: Answer) -> Content:
        """Return what *answer* says, if it is a page."""
        media_type, text = _written(answer)
        return plain_content(text) if media_type == PLAIN else self.reader.content(text, url)

    @contextmanager
    def _one_of_few(self) -> Iterator[None]:
        """Hold one of the places for pages that are being fetched. Raises TooManyPages."""
        if not self._room.acquire(blocking=False):
            raise TooManyPages(retry_seconds=BUSY_SECONDS)
        try:
            yield
        finally:
            self._room.release()


def _written(answer: Answer) -> tuple[str, str]:
    """Return the media type and the characters of *answer*, if it is a page."""
    if answer.status not in (200, 203):
        raise refused_by_status(answer)
    media_type = _media_type(answer)
    packed = answer.headers.get("content-encoding", "identity").strip().lower()
    if media_type not in (*HTML, PLAIN):
        raise NotAPage
    if packed not in ("", "identity"):
        raise NotAPage("answers with something packed, which was not asked for")
    return media_type, decoded(answer.body, answer.headers.get("content-type", ""))


def _media_type(answer: Answer) -> str:
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()
