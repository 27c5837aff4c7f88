"""A circuit breaker: while the database is away nobody waits for it, and one thread keeps asking.

The pattern and its words are Nygard's ("Release It!", 2007). *Closed*, calls pass. *Open*, they
fail at once. Only the probe closes it again: no caller's request is the one that finds out.
"""

import logging
import threading
import time
from collections.abc import Callable

BEAT_SECONDS = 0.1
"""Between two probes. With the probe's own patience a hang is noticed within half a second."""

STARVED = 1.5
"""A probe that took so many times its patience waited for this process, not for the database."""

MOST_EXCUSED = 3
"""Starved probes in a row that prove nothing; whatever keeps more of them, callers wait for it."""

log = logging.getLogger(__name__)


class Breaker:
    """Whether it is worth while to ask; safe for threads."""

    def __init__(
        self,
        probe: Callable[[bool], None],
        opened: Callable[[], None],
        closing: Callable[[], None],
        patience_seconds: float,
    ):
        """*probe(thorough)* raises unless the database answers; thorough, it also writes.

        *opened* is called when the breaker opens, *closing* before it closes again; a *closing*
        that raises keeps it open. A probe gives up after *patience_seconds* by itself.
        """
        self._probe, self._opened, self._closing = probe, opened, closing
        self._patience = patience_seconds
        self._changed: Callable[[bool], None] | None = None
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._excused = 0
        self.open = False

    def start(self, changed: Callable[[bool], None] | None = None) -> None:
        """Probe from now on, in a thread of its own; *changed* hears whether the breaker is open.

        It hears so at once, and then at every change.
        """
        self._changed = changed
        self._tell()
        self._thread = threading.Thread(target=self._beat, name="breaker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Probe no more; a probe under way ends first."""
        self._stopped.set()
        if self._thread:
            self._thread.join()

    def trip(self, why: str) -> None:
        """Open, if somebody probes who will close it again; *why* is a word for the log."""
        if self.open or self._thread is None:
            return
        with self._lock:
            if self.open:
                return
            self.open = True
            log.error("the database is away: %s", why)
            self._opened()
            self._tell()

    def _tell(self) -> None:
        if self._changed:
            self._changed(self.open)

    def _beat(self) -> None:
        while not self._stopped.wait(BEAT_SECONDS):
            if self.open:
                self._try_to_close()
            else:
                self._listen()

    def _listen(self) -> None:
        begun = time.monotonic()
        try:
            self._probe(False)
            self._excused = 0
        except Exception as error:
            starved = time.monotonic() - begun > STARVED * self._patience
            self._excused = self._excused + 1 if starved else 0
            if not starved or self._excused > MOST_EXCUSED:
                self.trip(type(error).__name__)

    def _try_to_close(self) -> None:
        try:
            self._probe(True)
            with self._lock:  # whoever opened it has let everyone go before anyone comes back
                self._closing()
                self.open = False
        except Exception:
            return  # still away, and the log has said so
        self._excused = 0
        self._tell()
        log.warning("the database is back")
