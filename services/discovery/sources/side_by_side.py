"""Side by side: several crawls at once, told one after the other, so every run tells the same.

Each crawl works in a thread of its own: a page may take seconds, and whoever asked hears of the
progress meanwhile. What later crawls find waits until the earlier ones are told.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from queue import Empty, SimpleQueue
from threading import Event, Thread

from services.discovery.find import Find, Passed
from services.discovery.sources.source import Progress, SourceUnavailable

PROGRESS_SECONDS = 0.5
"""How often it is told how far the crawls are; a job shows it every second."""

Told = Find | Passed | Progress
Stop = Callable[[], bool]
Crawl = Callable[[Stop], Iterator[Told]]
"""Yields what it finds; asks often whether to stop."""


class Stopped(Exception):
    """Whoever asked wants nothing more."""


def side_by_side(crawls: Sequence[Crawl], stop: Stop, most: int) -> Iterator[Told]:
    """Yield what *crawls* tell, in their order, *most* finds at most, each key once.

    Raises SourceUnavailable in the end if any of them could not go on.
    """
    ended = Event()
    lines = [_Line(crawl, lambda: ended.is_set() or stop(), most) for crawl in crawls]
    pace, faults = _Pace(lines), list[SourceUnavailable]()
    keys: set[str] = set()
    try:
        for line in lines:
            for one in line.told(pace):
                if stop() or len(keys) >= most:
                    return
                if isinstance(one, Find):
                    if one.key in keys:
                        continue
                    keys.add(one.key)
                yield one
            if line.fault:
                faults.append(line.fault)
        yield pace.now()
    finally:
        ended.set()
    if faults:
        raise _together(faults, len(lines))


class _Line:
    """One crawl in its thread, and what it has told."""

    def __init__(self, crawl: Crawl, stop: Stop, most: int):
        self.progress = Progress(0, None)
        self.fault: SourceUnavailable | None = None
        self._said: SimpleQueue[Find | Passed | BaseException | None] = SimpleQueue()
        Thread(target=self._work, args=(crawl, stop, most), daemon=True).start()

    def told(self, pace: "_Pace") -> Iterator[Told]:
        """Yield finds as they come, and the progress of all between them."""
        while True:
            try:
                one = self._said.get(timeout=PROGRESS_SECONDS / 2)
            except Empty:
                yield from pace.due()
                continue
            if one is None:
                return
            if isinstance(one, SourceUnavailable):
                self.fault = one
                return
            if isinstance(one, BaseException):
                raise one
            yield one
            yield from pace.due()

    def _work(self, crawl: Crawl, stop: Stop, most: int) -> None:
        found = 0
        try:
            for one in crawl(stop):
                if isinstance(one, Progress):
                    self.progress = one
                else:
                    self._said.put(one)
                found += isinstance(one, Find)
                if found >= most or stop():
                    break
            self._said.put(None)
        except Stopped:
            self._said.put(None)
        except BaseException as error:
            self._said.put(error)


class _Pace:
    """Says when progress is to be told, and how far all crawls are together."""

    def __init__(self, lines: Sequence[_Line]):
        self._lines, self._told_at = lines, -PROGRESS_SECONDS

    def due(self) -> Iterator[Progress]:
        """Yield the progress if it was not told for a while."""
        if time.monotonic() - self._told_at >= PROGRESS_SECONDS:
            yield self.now()

    def now(self) -> Progress:
        """Return how far all crawls are."""
        self._told_at = time.monotonic()
        totals = [line.progress.total for line in self._lines]
        known = None if None in totals else sum(total or 0 for total in totals)
        return Progress(sum(line.progress.done for line in self._lines), known)


def _together(faults: Sequence[SourceUnavailable], crawls: int) -> SourceUnavailable:
    if crawls == 1:
        return faults[0]
    return SourceUnavailable(f"{len(faults)} of {crawls} sites: {faults[0].message}")
