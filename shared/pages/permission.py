"""Whether a host lets us visit a page: its robots.txt, fetched, remembered and obeyed (RFC 9309).

A file that is not there (4xx) allows everything; one that cannot be had (5xx, 429, no answer, too
many redirects, redirects to where we do not go) allows nothing: we cannot know what it asks.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from shared.outbound import Answer
from shared.pages import addresses
from shared.pages.asking import AGENT, PASSING, REDIRECTS, Visitor
from shared.pages.faults import (
    PageRefused,
    PageUnavailable,
    RobotsDisallow,
    RobotsUnreachable,
    Unparseable,
)
from shared.pages.reader import Reader

MOST_BYTES = 512 * 1024
"""Of a robots.txt that are read (RFC 9309, section 2.5, asks for 500 KiB); the rest is ignored."""

MOST_REDIRECTS = 5
"""RFC 9309, section 2.3.1.2."""

REMEMBERED_SECONDS = 24 * 3600.0
"""RFC 9309, section 2.4: no longer than a day."""

UNREACHABLE_SECONDS = 60.0
"""For how long a host whose file could not be had, or read, is not asked for it again."""

MOST_SITES = 2000
MOST_REMEMBERED_BYTES = 4 * 1024 * 1024
"""What is remembered of all robots.txt together; the one used longest ago is forgotten first."""


@dataclass(frozen=True, slots=True)
class _Robots:
    """The robots.txt of a site."""

    text: str | None
    """None if it could not be had."""
    ends_at: float
    """Until when it is remembered, by the clock."""

    @property
    def size(self) -> int:
        """Return about how many bytes it takes."""
        return 4 * len(self.text or "")


class Permission:
    """Knows what hosts ask of us; safe for threads."""

    def __init__(self, visitor: Visitor, reader: Reader, clock: Callable[[], float]):
        """*clock* returns seconds that only grow."""
        self._visitor, self._reader, self._clock = visitor, reader, clock
        self._lock = Lock()
        self._remembered: OrderedDict[str, _Robots] = OrderedDict()
        self._bytes = 0

    def ask(self, url: str, ends_at: float) -> float:
        """Return the seconds that the host wants between visits, 0 if it does not say.

        Raises RobotsDisallow, RobotsUnreachable, and what `Visitor.ask` raises of a host that
        cannot be reached at all.
        """
        site = addresses.site(url)
        robots = self._known(site)
        if robots is None:
            robots = self._fetched(site, ends_at)
            self._remember(site, robots)
        if robots.text is None:
            raise RobotsUnreachable
        if not robots.text.strip():
            return 0.0
        try:
            verdict = self._reader.verdict(robots.text, url, AGENT)
        except Unparseable:
            self._remember(site, _Robots(None, self._clock() + UNREACHABLE_SECONDS))
            raise RobotsUnreachable from None
        if not verdict.allowed:
            raise RobotsDisallow
        return verdict.delay_seconds

    def _fetched(self, site: str, ends_at: float) -> _Robots:
        """Return the robots.txt of *site* as its host gives it now."""
        answer = self._visitor.ask(f"{site}/robots.txt", ends_at, MOST_BYTES)
        try:
            text = _text(self._followed(f"{site}/robots.txt", answer, ends_at))
        except (PageRefused, PageUnavailable):
            text = None
        kept = UNREACHABLE_SECONDS if text is None else REMEMBERED_SECONDS
        return _Robots(text, self._clock() + kept)

    def _followed(self, url: str, answer: Answer, ends_at: float) -> Answer:
        """Return the answer behind the redirects of *answer*, or the redirect that was too many."""
        for _ in range(MOST_REDIRECTS):
            if answer.status not in REDIRECTS:
                return answer
            location = answer.headers.get("location")
            url = addresses.redirected(url, location, self._visitor.door.allowed)
            answer = self._visitor.ask(url, ends_at, MOST_BYTES)
        return answer

    def _known(self, site: str) -> _Robots | None:
        with self._lock:
            robots = self._remembered.get(site)
            if robots is None or robots.ends_at <= self._clock():
                return None
            self._remembered.move_to_end(site)
            return robots

    def _remember(self, site: str, robots: _Robots) -> None:
        with self._lock:
            self._forget(self._remembered.pop(site, None))
            self._remembered[site] = robots
            self._bytes += robots.size
            while len(self._remembered) > MOST_SITES or self._bytes > MOST_REMEMBERED_BYTES:
                self._forget(self._remembered.popitem(last=False)[1])

    def _forget(self, robots: _Robots | None) -> None:
        self._bytes -= robots.size if robots else 0


def _text(answer: Answer) -> str | None:
    """Return the rules that *answer* holds: none if there is no file, None if it cannot be had."""
    if 200 <= answer.status < 300:
        body = answer.body[:MOST_BYTES]
        if len(answer.body) > MOST_BYTES:
            body = body[: body.rfind(b"\n") + 1]  # half a rule would be another rule
        return body.decode("utf-8", "replace")
    if 400 <= answer.status < 500 and answer.status not in PASSING:
        return ""
    return None
