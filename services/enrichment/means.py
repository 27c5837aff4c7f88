"""The means of one process: what its providers get out by, made once and shared by its runs."""

from collections.abc import Callable
from datetime import datetime
from threading import BoundedSemaphore, Lock

from services.enrichment.asking import Askers
from services.enrichment.providers.provider import ProfilerAt, Reach
from services.enrichment.resolving import Resolver
from shared.outbound import Door
from shared.pages.fetcher import Fetcher
from shared.settings import Settings

MOST_RUNS = 4
"""Leads that one process enriches at a time: each holds a thread of eight for up to 10 s."""


class Means:
    """Resolver, pages, door and threads; safe for threads, and to be closed in the end."""

    def __init__(self, settings: Settings, fetcher: Callable[[], Fetcher] | None = None):
        """*fetcher* gives what fetches pages, where the process has one already."""
        self.askers = Askers()
        self.room = BoundedSemaphore(MOST_RUNS)
        """The runs that may go on at a time."""
        self._door = Door(settings.allowed_private_hosts)
        self._resolver = Resolver(settings.dns_servers)
        self._profiler = _profiler(settings)
        self._lock = Lock()
        self._own: Fetcher | None = None
        self._fetcher = fetcher or (lambda: self._made(settings.about_url))

    def reach(self, now: datetime, ends_at: float) -> Reach:
        """Return what one run gets out by; *ends_at* is by `time.monotonic`."""
        return Reach(now, ends_at, self._resolver, self._fetcher(), self._door, self._profiler)

    def close(self) -> None:
        """End the processes that wait for pages to read."""
        if self._own is not None:
            self._own.close()

    def _made(self, about_url: str | None) -> Fetcher:
        with self._lock:
            self._own = self._own or Fetcher(self._door, about_url)
            return self._own


def _profiler(settings: Settings) -> ProfilerAt | None:
    if settings.profiler_url is None or settings.profiler_key is None:
        return None
    return ProfilerAt(settings.profiler_url, settings.profiler_key)
