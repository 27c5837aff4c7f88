"""Visits to one site, with patience: a host's pause is waited for, a failing host is left alone."""

from collections.abc import Callable
from typing import TypeVar

from services.discovery.find import Passed
from services.discovery.sources.side_by_side import Stop, Stopped
from services.discovery.sources.source import SourceUnavailable
from shared.pages.asking import LONGEST_WAIT_SECONDS
from shared.pages.faults import (
    HostUnreachable,
    HostVisitedLately,
    PageRefused,
    PageUnavailable,
    TooManyPages,
    UnavailableByStatus,
)
from shared.pages.fetcher import Fetcher, Time
from shared.pages.survey import Download, Surveyed

SLICE_SECONDS = 0.25
"""How often a wait looks whether to stop."""

PLACE_SECONDS = 0.5
"""After which a visit asks again for one of the few places for pages under way."""

LONGEST_PATIENCE_SECONDS = 1800.0
"""For the turn of one page: 50 hosts' pages of 10 s each, with pauses of a minute, fit in."""

MOST_RETRY_SECONDS = 60
"""The longest Retry-After that is waited for; a host that wants longer is asked another day."""

MOST_FAILURES = 3
"""Pages one after the other that a site could not give; then it is left alone."""

REAL_TIME = Time()

T = TypeVar("T")


class Visits:
    """Visits the pages of one site."""

    def __init__(self, fetcher: Fetcher, stop: Stop, pacing: Time):
        self._fetcher, self._stop, self._time = fetcher, stop, pacing
        self._failures = 0

    def first(self, url: str) -> Surveyed:
        """Return the page at *url*, without which there is no site. Raises SourceUnavailable."""
        return self._or_unavailable(lambda: self._fetcher.survey(url), "The page")

    def survey(self, url: str) -> Surveyed | Passed:
        """Return the page at *url*, or why it is not read.

        Raises SourceUnavailable where a site cannot give several pages one after the other.
        """
        try:
            page = self._patiently(lambda: self._fetcher.survey(url))
        except PageRefused as error:
            self._failures = 0
            return Passed(f"a page {_words(error)}")
        except PageUnavailable as error:
            self._failures += 1
            if self._failures >= MOST_FAILURES:
                raise _unavailable("The site's pages", error) from None
            return Passed(f"a page {_words(error)}")
        self._failures = 0
        return page

    def download(self, url: str, most_bytes: int, accept: str) -> Download:
        """Return what is at *url*. Raises PageRefused, or SourceUnavailable."""
        try:
            return self._patiently(lambda: self._fetcher.download(url, most_bytes, accept))
        except PageUnavailable as error:
            raise _unavailable("The site", error) from None

    def _or_unavailable(self, ask: Callable[[], T], what: str) -> T:
        try:
            return self._patiently(ask)
        except (PageRefused, PageUnavailable) as error:
            raise _unavailable(what, error) from None

    def _patiently(self, ask: Callable[[], T]) -> T:
        """Return what *ask* does once it is this page's turn. Raises Stopped, too."""
        ends_at, again = self._time.clock() + LONGEST_PATIENCE_SECONDS, True
        fault: PageUnavailable
        while True:
            try:
                return ask()
            except TooManyPages as error:
                wait, fault = PLACE_SECONDS, error
            except HostVisitedLately as error:
                wait, fault = _retry_seconds(error), error
            except UnavailableByStatus as error:
                wait, fault = _retry_seconds(error), error
                if not again or wait > MOST_RETRY_SECONDS:
                    raise
                again = False
            except PageUnavailable as error:
                if error.details["reason"] != PageUnavailable.reason:
                    raise
                wait, fault = PLACE_SECONDS, error  # the readers of pages were busy
            if self._time.clock() + wait > ends_at:
                raise fault
            paused(wait, self._stop, self._time)


def paused(seconds: float, stop: Stop, pacing: Time) -> None:
    """Wait for *seconds*. Raises Stopped as soon as nobody wants anything more."""
    ends_at = pacing.clock() + seconds
    while not stop() and (left := ends_at - pacing.clock()) > 0:
        pacing.sleep(min(left, SLICE_SECONDS))
    if stop():
        raise Stopped


def _retry_seconds(error: PageUnavailable) -> float:
    told = error.details.get("retry_after_seconds")
    return float(told) if isinstance(told, int) else float(LONGEST_WAIT_SECONDS)


def _unavailable(what: str, error: PageRefused | PageUnavailable) -> SourceUnavailable:
    return SourceUnavailable(f"{what} {_words(error)}.")


def _words(error: PageRefused | PageUnavailable) -> str:
    """Return what is wrong with a page, so that it can follow a subject."""
    said = str(error.details["url"]).rstrip(".")
    if isinstance(error, HostUnreachable):
        return f"cannot be reached: {said[:1].lower()}{said[1:]}"
    return said
