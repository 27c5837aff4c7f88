"""An entry of the spool: what it is, the table it lies in, and the way from one to the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.privacy.gate import Sealed
from shared.spool_layout import Layout, Unreadable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ENTRIES = Layout(
    name="spool",
    synchronous="PRAGMA synchronous = FULL",
    schema="""
        CREATE TABLE entries (
            position INTEGER PRIMARY KEY,
            receipt_id BLOB NOT NULL CHECK (length(receipt_id) = 16),
            tenant_id TEXT NOT NULL,
            lead_id BLOB NOT NULL CHECK (length(lead_id) = 16),
            sealed BLOB NOT NULL CHECK (typeof(sealed) = 'blob'),
            spooled_at INTEGER NOT NULL CHECK (spooled_at BETWEEN 0 AND 253402300799999999),
            tries INTEGER NOT NULL CHECK (typeof(tries) = 'integer'),
            next_at INTEGER NOT NULL CHECK (typeof(next_at) = 'integer'),
            reason TEXT NOT NULL,
            dead INTEGER NOT NULL CHECK (dead IN (0, 1))
        );
        CREATE UNIQUE INDEX by_receipt ON entries (receipt_id);
        CREATE INDEX by_tenant ON entries (tenant_id, position) WHERE dead = 0;
        CREATE INDEX dead_letters ON entries (position) WHERE dead = 1;
    """,
    insert="INSERT OR IGNORE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    walks=(
        "SELECT * FROM entries NOT INDEXED ORDER BY position",
        "SELECT * FROM entries NOT INDEXED ORDER BY position DESC",
    ),
    keys="SELECT position FROM entries INDEXED BY by_receipt",
    row="SELECT * FROM entries NOT INDEXED WHERE position = ?",
)
"""Times are microseconds since 1970, and a position is the order of arrival."""

ADD = """
    INSERT INTO entries
        (receipt_id, tenant_id, lead_id, sealed, spooled_at, tries, next_at, reason, dead)
    VALUES (?, ?, ?, ?, ?, 0, 0, '', 0)
    """
"""The statement that adds a new entry; its position is the next."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One lead that waits for the database."""

    receipt_id: UUID
    tenant_id: str
    lead_id: UUID
    sealed: Sealed
    """The lead and the answer given; opaque here."""
    spooled_at: datetime
    tries: int = 0
    position: int = 0
    """Order of arrival; the spool numbers entries from 1."""


def entries(rows: Iterable[tuple]) -> list[Entry]:
    """Return the entries of *rows*; raise Unreadable at one that is none."""
    try:
        return [
            Entry(
                UUID(bytes=receipt_id),
                tenant_id,
                UUID(bytes=lead_id),
                sealed,
                EPOCH + timedelta(microseconds=spooled_at),
                tries,
                position,
            )
            for receipt_id, tenant_id, lead_id, sealed, spooled_at, tries, position in rows
        ]
    except (ValueError, TypeError, OverflowError) as error:
        raise Unreadable from error


def added(entry: Entry) -> tuple:
    """Return the values that ADD takes."""
    return (
        entry.receipt_id.bytes,
        entry.tenant_id,
        entry.lead_id.bytes,
        entry.sealed,
        micros(entry.spooled_at),
    )


def micros(moment: datetime) -> int:
    """Return *moment* (aware) as microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)
