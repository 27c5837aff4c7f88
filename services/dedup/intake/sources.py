"""The sources as posts ask for them: remembered for seconds, and known while the database is away.

A change is noticed within SECONDS by every process. While the database is away a sealed copy
(`shared.sealed_copy`) is asked, for an hour at most; it holds the secrets as their rows do, sealed.
"""

import threading
import time
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

from services.dedup.intake import source_store
from services.dedup.intake.source import Source
from services.dedup.intake.source_store import Row
from shared.db import Database
from shared.errors import Unavailable
from shared.privacy.gate import Gate
from shared.sealed_copy import Kind, SealedCopy

SECONDS = 5.0
"""How long a change may go unnoticed; the price of no look-up on most posts."""

MOST = 1024
"""Sources remembered by one process; a saved map of the longest makes one 50 kB, most are 1 kB."""

FILE_NAME = "sources.snapshot"
"""In the folder of the spool, mode 0600."""


class NotKnown(Unavailable):
    """This source cannot be looked up just now; nothing was stored, so try again."""


class Sources:
    """The sources of all accounts; safe for threads."""

    def __init__(
        self,
        database: Database,
        gate: Gate,
        folder: Path,
        clock: Callable[[], float] = time.monotonic,
    ):
        """*folder* is the spool's; *clock* counts seconds."""
        self._database, self._gate, self._clock = database, gate, clock
        self.copy = SealedCopy(COPIED, database, gate.keyring, folder)
        self._found: dict[tuple[str, str], tuple[float, Source]] = {}
        self._lock = threading.Lock()

    def of(self, tenant_id: str, source_id: str) -> Source | None:
        """Return the source as it was at most SECONDS ago, None if there is none.

        Raises Unavailable if nobody can say.
        """
        found = self._found.get((tenant_id, source_id))
        if found and self._clock() - found[0] < SECONDS:
            return found[1]
        asked_at = self._clock()  # before the query: a change during it must count
        try:
            source = self._stored(tenant_id, source_id)
        except Unavailable:
            return self._copied(tenant_id, source_id)
        self._remember(asked_at, (tenant_id, source_id), source)
        return source

    def forget(self, tenant_id: str, source_id: str) -> None:
        """Ask anew for this source: it was changed here."""
        with self._lock:
            self._found.pop((tenant_id, source_id), None)

    def _stored(self, tenant_id: str, source_id: str) -> Source | None:
        with self._database.transaction(tenant_id) as conn:
            stored = source_store.find(conn, self._gate, tenant_id, source_id)
        return stored.source if stored else None

    def _copied(self, tenant_id: str, source_id: str) -> Source:
        row = self.copy.find((tenant_id, source_id))
        if row is None:  # it may be newer than the copy
            raise NotKnown
        return row.opened(self._gate.keyring)

    def _remember(self, asked_at: float, key: tuple[str, str], source: Source | None) -> None:
        with self._lock:
            self._found.pop(key, None)
            if source is not None:
                self._found[key] = (asked_at, source)
            if len(self._found) > MOST:
                del self._found[next(iter(self._found))]


def _key(row: Row) -> Hashable:
    return (row.tenant_id, row.source_id)


def _parts(row: Row) -> list[object]:
    secrets = row.secrets.hex() if row.secrets else None
    settings = [row.adapter, row.profile, row.field_map, row.country, row.consent, secrets]
    return [row.tenant_id, row.source_id, *settings]


def _known(*parts: Any) -> Row:
    *settings, secrets = parts
    row = [*settings, bytes.fromhex(secrets) if secrets else None]
    return Row(*row)


COPIED = Kind("source snapshot", FILE_NAME, source_store.opened, _key, _parts, _known)
