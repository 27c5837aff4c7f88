"""The watcher: tells those who listen what changed, once a second, over one connection.

A question a second for all accounts together finds out who has changes; they are read once an
account, however many listen. LISTEN was refused in docs/decisions/0016, and 0049 says why again.
"""

import logging
from threading import Event, Thread

from services.alerts.live import change_store, frames, hub
from services.alerts.live.following import changes
from services.alerts.live.hub import Hub
from shared.db import Database
from shared.privacy.gate import Gate

PAUSE_SECONDS = 1.0
"""How late a change is seen at most, but for what it takes to read it."""

log = logging.getLogger(__name__)


class Watcher:
    """A thread that looks for changes until it is closed."""

    def __init__(self, database: Database, gate: Gate, listening: Hub):
        """Nothing is looked for before `start`."""
        self._database, self._gate, self._hub = database, gate, listening
        self._over = Event()
        self._thread = Thread(target=self._look_again, name="watcher", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Look no more; return at once."""
        self._over.set()

    def look(self) -> None:
        """Tell what changed since the last look. Raises Unavailable while the database is away."""
        followed = self._hub.followed()
        if not followed:
            return
        with self._database.lookup() as conn:
            cursor, changed = change_store.tenants_changed(
                conn, sorted(followed), hub.since(followed)
            )
        for tenant_id, told in followed.items():
            if tenant_id in changed:
                self._tell(tenant_id, told)
            else:
                self._hub.tell(tenant_id, cursor, b"")

    def _tell(self, tenant_id: str, told: str) -> None:
        found = changes(self._database, self._gate, tenant_id, told)
        frame = b""
        if not found.complete:
            frame = frames.ready(found.cursor, resumed=False)
        elif found.alerts:
            frame = frames.alerts(found.alerts, found.cursor)
        self._hub.tell(tenant_id, found.cursor, frame)

    def _look_again(self) -> None:
        """Look until closed; of failures in a row only the first is logged."""
        failing = False
        while not self._over.wait(PAUSE_SECONDS):
            try:
                self.look()
                failing = False
            except Exception as error:
                if not failing:
                    log.error("looking for changes failed; trying again", exc_info=error)
                failing = True
