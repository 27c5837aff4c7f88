"""The spool: where leads wait, on this host's disk, while PostgreSQL cannot take them.

An *entry* is a lead and the answer given for it, sealed. It is *waiting* until it is *settled*
(stored in the database, and deleted here), or until it failed too often and is a *dead letter*,
which a person may *replay*.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from shared.attempts import exclusive
from shared.intents import Intents
from shared.spool_entry import ADD, ENTRIES, Entry, added, entries, micros
from shared.spool_file import SpoolFile, SpoolUnavailable
from shared.spool_layout import Connection, checkpoint

__all__ = ["Depth", "Entry", "Spool", "SpoolUnavailable", "receipt"]

MOST_BYTES = 256 * 1024**2
"""Of spool and journal together: 60,000 leads of up to 4 kB, 100 minutes at 10 leads a second."""

ENTRY_BYTES = 4 * 4096
"""What an entry may take beyond its sealed bytes: a page of the table and each of its indexes,
and one for the end of the sealed bytes."""

MOST_TRIES = 5
"""Failures that make a dead letter; with the pauses between them half a minute."""

FIRST_PAUSE = timedelta(seconds=2)
"""Wait after a first failure; it doubles with each one: 2, 4, 8 and 16 seconds."""

LEADFLY = UUID("5b0a4c5e-7d0f-4c39-9a6b-2f1e8d3c7a90")
"""The name space of our receipts (RFC 9562, section 6.6); changing it forgets every receipt."""


@dataclass(frozen=True, slots=True)
class Depth:
    """How much the spool holds."""

    waiting: int
    dead: int
    oldest_seconds: float
    """Since the oldest waiting entry came; 0 if none waits."""
    bytes: int


def receipt(tenant_id: str, key: str) -> UUID:
    """Return the name of a tenant's request: the same for every retry, on every host."""
    return uuid5(LEADFLY, f"{len(tenant_id)}:{tenant_id}{len(key)}:{key}")


class Spool:
    """The entries and intents of this host, in *folder*, shared by its threads and processes.

    Every method raises SpoolUnavailable if the disk or the files do not allow it just now.
    """

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES):
        """Nothing is opened yet. *most_bytes* bounds each of the two files with its journal."""
        self.folder = folder
        self._entries = SpoolFile(folder, ENTRIES, most_bytes)
        self._intents = Intents(folder, most_bytes)

    def put(self, entry: Entry) -> Entry:
        """Keep *entry*; when this returns, it outlasts a power cut. `tries`, `position` are ours.

        Returns what is kept under its receipt: this entry, or the one that came first. Raises
        SpoolUnavailable if it was not kept.
        """

        def change(conn: Connection) -> Entry:
            if earlier := _found(conn, entry.receipt_id):
                return earlier
            self._entries.make_room(conn, len(entry.sealed) + ENTRY_BYTES)
            conn.execute(ADD, added(entry))
            return entry

        return self._entries.write(change)

    def find(self, receipt_id: UUID) -> Entry | None:
        """Return what is kept under *receipt_id*, waiting or dead: its answer has been given."""
        return self._entries.read(lambda conn: _found(conn, receipt_id))

    def due(self, now: datetime, limit: int, tenant_id: str | None = None) -> list[Entry]:
        """Return up to *limit* entries to store at *now*, oldest first, of one tenant or of all.

        An entry that failed is left out until its pause is over, so it blocks nobody behind it.
        """
        of_all = """
            SELECT receipt_id, tenant_id, lead_id, sealed, spooled_at, tries, position
            FROM entries NOT INDEXED
            WHERE dead = 0 AND next_at <= :now ORDER BY position LIMIT :limit
            """
        of_one = """
            SELECT receipt_id, tenant_id, lead_id, sealed, spooled_at, tries, position
            FROM entries INDEXED BY by_tenant
            WHERE dead = 0 AND next_at <= :now AND tenant_id = :tenant
            ORDER BY position LIMIT :limit
            """
        query = of_all if tenant_id is None else of_one
        values = {"now": micros(now), "limit": limit, "tenant": tenant_id}
        return self._entries.read(lambda conn: entries(conn.execute(query, values)))

    def waiting(self, tenant_id: str) -> bool:
        """True if the tenant has an entry that is neither settled nor dead."""
        query = "SELECT 1 FROM entries WHERE dead = 0 AND tenant_id = ? LIMIT 1"
        return self._entries.read(lambda conn: bool(conn.execute(query, [tenant_id]).fetchall()))

    def waiting_since(self, tenant_id: str, moment: datetime) -> bool:
        """True if an entry of the tenant waits that came at *moment* (aware) or before."""
        query = """
            SELECT 1 FROM entries
            WHERE dead = 0 AND tenant_id = :tenant AND spooled_at <= :moment LIMIT 1
            """
        values = {"tenant": tenant_id, "moment": micros(moment)}
        return self._entries.read(lambda conn: bool(conn.execute(query, values).fetchall()))

    def of_lead(self, tenant_id: str, lead_id: UUID) -> list[UUID]:
        """Return the receipts of a tenant's lead that is here, waiting or dead."""
        query = "SELECT receipt_id FROM entries WHERE tenant_id = ? AND lead_id = ?"
        values = (tenant_id, lead_id.bytes)
        found = self._entries.read(lambda conn: conn.execute(query, values).fetchall())
        return [UUID(bytes=receipt_id) for (receipt_id,) in found]

    def alone(self, patience_seconds: float) -> AbstractContextManager[None]:
        """Be the only one on this host who takes entries from here, while the block runs.

        Raises Busy if another is at it for *patience_seconds*, NoLock if there is no locking.
        """
        return exclusive(f"{self.folder}/reconcile.lock", 0, patience_seconds)

    def settle(self, receipt_ids: Sequence[UUID]) -> None:
        """Delete entries that are in the database, in one transaction, and overwrite their bytes.

        Many at once: a call costs a few waits for the disk, whatever the number.
        """

        def change(conn: Connection) -> None:
            conn.execute("BEGIN IMMEDIATE")
            conn.executemany("DELETE FROM entries WHERE receipt_id = ?", _keys(receipt_ids))
            conn.execute("COMMIT")
            checkpoint(conn)

        self._entries.write(change)

    def failed(self, receipt_id: UUID, reason: str, now: datetime) -> bool:
        """Count a failure that is the entry's own; True if that makes it a dead letter.

        *reason* is a word for whoever looks at dead letters, without personal data. A database
        that is down is no failure of the entry's.
        """
        query = """
            UPDATE entries
            SET tries = tries + 1, dead = (tries + 1 >= :most), reason = :reason,
                next_at = :now + (:pause << tries)
            WHERE receipt_id = :receipt AND dead = 0
            RETURNING dead
            """
        values = {
            "most": MOST_TRIES,
            "reason": reason,
            "now": micros(now),
            "pause": FIRST_PAUSE // timedelta(microseconds=1),
            "receipt": receipt_id.bytes,
        }
        return self._entries.write(lambda conn: conn.execute(query, values).fetchall() == [(1,)])

    def dead(self) -> list[Entry]:
        """Return the dead letters, oldest first."""
        query = """
            SELECT receipt_id, tenant_id, lead_id, sealed, spooled_at, tries, position
            FROM entries INDEXED BY dead_letters WHERE dead = 1 ORDER BY position
            """
        return self._entries.read(lambda conn: entries(conn.execute(query)))

    def replay(self, receipt_ids: Sequence[UUID]) -> int:
        """Let dead letters wait again, with all their tries; return how many were dead."""
        query = """
            UPDATE entries SET dead = 0, tries = 0, next_at = 0 WHERE receipt_id = ? AND dead = 1
            """

        def change(conn: Connection) -> int:
            conn.execute("BEGIN IMMEDIATE")
            replayed = conn.executemany(query, _keys(receipt_ids)).rowcount
            conn.execute("COMMIT")
            return replayed

        return self._entries.write(change)

    def depth(self) -> Depth:
        """Return how much is here just now."""
        query = """
            SELECT (SELECT count(*) FROM entries INDEXED BY by_tenant WHERE dead = 0),
                   (SELECT count(*) FROM entries INDEXED BY dead_letters WHERE dead = 1),
                   (SELECT spooled_at FROM entries NOT INDEXED WHERE dead = 0
                    ORDER BY position LIMIT 1)
            """
        now = datetime.now(UTC)
        waiting, dead, oldest = self._entries.read(lambda conn: conn.execute(query).fetchone())
        age = 0.0 if oldest is None else max(0.0, (micros(now) - oldest) / 1e6)
        return Depth(waiting, dead, age, self._entries.size())

    def intend(self, receipt_id: UUID, lead_id: UUID) -> UUID:
        """Note that a request is attempted as *lead_id*; return the id of its first attempt.

        Written before the database is touched, it outlives this process, not a power cut.
        """
        return self._intents.first(receipt_id, lead_id)

    def withdraw(self, receipt_id: UUID) -> None:
        """Forget the intent of a request that was promised nothing."""
        self._intents.withdraw(receipt_id)

    def forget_intents(self, before: datetime) -> int:
        """Delete the intents of before *before*; return how many."""
        return self._intents.forget(before)

    def close(self) -> None:
        """Close this process's files; the next use opens them again."""
        self._entries.close()
        self._intents.file.close()


def _found(conn: Connection, receipt_id: UUID) -> Entry | None:
    query = """
        SELECT receipt_id, tenant_id, lead_id, sealed, spooled_at, tries, position
        FROM entries WHERE receipt_id = ?
        """
    found = entries(conn.execute(query, [receipt_id.bytes]))
    return found[0] if found else None


def _keys(receipt_ids: Iterable[UUID]) -> list[tuple[bytes]]:
    return [(receipt_id.bytes,) for receipt_id in receipt_ids]
