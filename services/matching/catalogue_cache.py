"""The catalogues of accounts made ready for scoring, as a process remembers them.

Every request asks how many versions there are, which only ever grows; only where that differs
the services are read and prepared anew, which takes half a second of ten thousand.
"""

import threading
from typing import Any

from psycopg import Connection

from services.matching import catalogue_store as store
from services.matching.definition import as_service
from services.matching.prepared import Prepared, prepared

MOST_SERVICES = 20_000
"""Services remembered by one process, of all accounts: some 3 kB each."""


class Catalogues:
    """The active services of accounts; safe for threads."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[str, tuple[tuple[int, int], Prepared]] = {}
        self._lock = threading.Lock()

    def of(self, conn: Connection[Any], tenant_id: str) -> Prepared:
        """Return the active services of the account that the transaction named."""
        stamp = store.stamp(conn, tenant_id)
        known = self._known.get(tenant_id)
        if known and known[0] == stamp:
            return known[1]
        # What is read may be newer than the stamp; then the next request reads it once more.
        ready = prepared(
            as_service(
                one.id, one.version, one.is_active, one.definition, one.understood, one.weights
            )
            for one in store.active(conn, tenant_id)
        )
        self._remember(tenant_id, stamp, ready)
        return ready

    def _remember(self, tenant_id: str, stamp: tuple[int, int], ready: Prepared) -> None:
        with self._lock:
            self._known.pop(tenant_id, None)
            self._known[tenant_id] = (stamp, ready)
            while len(self._known) > 1 and self._services() > MOST_SERVICES:
                del self._known[next(iter(self._known))]

    def _services(self) -> int:
        return sum(len(ready.services) for _, ready in self._known.values())
