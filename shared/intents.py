"""Intents: under which id a request was first attempted, written before the database is touched.

Whatever dies after that, a retry attempts the same lead. They lie in a file of their own, so that
they never wait for the spool's disk.
"""

import time
from datetime import datetime
from pathlib import Path
from uuid import UUID

from shared.spool_entry import micros
from shared.spool_file import SpoolFile
from shared.spool_layout import Connection, Layout

INTENT_BYTES = 3 * 4096
"""What an intent may add to the journal: its page, and two more when that is split."""

INTENTS = Layout(
    name="intents",
    # No wait for the disk: an intent has to outlive the process, not the power.
    synchronous="PRAGMA synchronous = NORMAL",
    schema="""
        CREATE TABLE intents (
            receipt_id BLOB PRIMARY KEY CHECK (length(receipt_id) = 16),
            lead_id BLOB NOT NULL CHECK (length(lead_id) = 16),
            intended_at INTEGER NOT NULL CHECK (typeof(intended_at) = 'integer')
        ) WITHOUT ROWID;
    """,
    insert="INSERT OR IGNORE INTO intents VALUES (?, ?, ?)",
    walks=(
        "SELECT * FROM intents ORDER BY receipt_id",
        "SELECT * FROM intents ORDER BY receipt_id DESC",
    ),
)


class Intents:
    """The intents of this host, in *folder*. Every method raises SpoolUnavailable."""

    def __init__(self, folder: Path, most_bytes: int):
        self.file = SpoolFile(folder, INTENTS, most_bytes)

    def first(self, receipt_id: UUID, lead_id: UUID) -> UUID:
        """Note that a request is attempted as *lead_id*; return the id of its first attempt.

        The note outlives this process, though not a power cut.
        """
        key, now = receipt_id.bytes, time.time_ns() // 1000
        known = "SELECT lead_id FROM intents WHERE receipt_id = ?"

        def change(conn: Connection) -> UUID:
            self.file.make_room(conn, INTENT_BYTES)
            if conn.execute(INTENTS.insert, (key, lead_id.bytes, now)).rowcount:
                return lead_id
            ((earlier,),) = conn.execute(known, (key,)).fetchall()
            return UUID(bytes=earlier)

        return self.file.write(change)

    def withdraw(self, receipt_id: UUID) -> None:
        """Delete the note of one request."""
        query = "DELETE FROM intents WHERE receipt_id = ?"
        self.file.write(lambda conn: conn.execute(query, (receipt_id.bytes,)))

    def forget(self, before: datetime) -> int:
        """Delete what is older than *before*, in small steps that hold up nobody; count it."""
        query = "DELETE FROM intents WHERE receipt_id >= ? AND receipt_id < ? AND intended_at < ?"
        moment = micros(before)

        def step(first: int) -> int:
            # A key of 17 bytes is above every receipt.
            end = bytes([first + 1]) if first < 255 else b"\xff" * 17
            values = (bytes([first]), end, moment)
            return self.file.write(lambda conn: conn.execute(query, values).rowcount)

        return sum(map(step, range(256)))
