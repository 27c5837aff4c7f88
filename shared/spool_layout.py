"""What a spool's SQLite file holds, how it is opened, checked, and read when it is damaged."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

Connection = sqlite3.Connection
Error = sqlite3.Error

DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
"""Result codes for bytes that make no database (sqlite.org/rescode.html)."""

READER_SECONDS = 0.25
"""Longest wait for SQLite's own locks, which only a checkpoint or a first opening hold."""

FORMAT = 1
"""`user_version` of a complete file; one that was cut to nothing says 0."""

COMPLETE = f"PRAGMA user_version = {FORMAT}"
"""The last statement on a new file."""


class Unreadable(Exception):
    """A file, or a row of it, holds bytes that make no sense."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The tables of a file, and how to carry their rows from a damaged file into a new one."""

    name: str
    schema: str
    synchronous: str
    """The PRAGMA that says what a commit waits for."""
    insert: str
    """The statement that adds a whole row, unless it is there already or breaks a CHECK."""
    walks: tuple[str, ...]
    """Queries for whole rows, their key first, from either end: they end where damage begins."""
    keys: str | None = None
    """A query that reads the key of every row from an index, which may outlive its table."""
    row: str = ""
    """The query for the whole row of one such key."""


def connected(path: Path, layout: Layout) -> Connection:
    """Return a connection to the file, which must exist, for one thread at a time."""
    conn = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=READER_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    # A damaged text must still be an entry that can fail and be counted, not an exception.
    conn.text_factory = lambda text: text.decode(errors="replace")
    conn.execute(layout.synchronous)
    conn.execute("PRAGMA secure_delete = ON").fetchall()
    conn.execute("PRAGMA cell_size_check = ON")
    return conn


def check(conn: Connection, pages: bool) -> None:
    """Raise Unreadable, or Error, unless the file is complete and, if asked, its pages are sound.

    Reading the pages takes 3 to 4 ms for each megabyte.
    """
    if conn.execute("PRAGMA user_version").fetchone() != (FORMAT,):
        raise Unreadable
    if pages and conn.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise Unreadable


def create(path: Path, layout: Layout, source: Path | None) -> int:
    """Fill the empty file *path*, with what of *source* can be read; return how many rows."""
    with closing(connected(path, layout)) as conn:
        conn.execute("PRAGMA journal_mode = WAL").fetchall()
        conn.executescript(layout.schema)
        saved = _salvage(source, conn, layout) if source else 0
        conn.execute(COMPLETE)
        return saved


def checkpoint(conn: Connection) -> None:
    """Move the journal into the file and cut it to nothing, unless a reader is in the way.

    What was deleted is then in neither: `secure_delete` has written zeros over it.
    """
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def damaged(error: BaseException) -> bool:
    """True if *error* says that the file itself is at fault."""
    if isinstance(error, Unreadable):
        return True
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in DAMAGE


def _salvage(source: Path, conn: Connection, layout: Layout) -> int:
    """Copy every row of *source* that some way leads to; return how many."""
    conn.execute("BEGIN IMMEDIATE")
    for row in _readable(source, layout):
        conn.execute(layout.insert, row)
    saved = conn.total_changes
    conn.execute("COMMIT")
    return saved


def _readable(source: Path, layout: Layout) -> Iterator[tuple]:
    """Yield what rows can be read: until the damage, back to it from the end, and by the index."""
    seen = set()
    with _up_to_damage(), closing(connected(source, layout)) as old:
        for walk in layout.walks:
            with _up_to_damage():
                for row in old.execute(walk):
                    seen.add(row[0])
                    yield row
                break
        for key in old.execute(layout.keys) if layout.keys else ():
            if key[0] not in seen:
                with _up_to_damage():
                    yield from old.execute(layout.row, key).fetchall()


@contextmanager
def _up_to_damage() -> Iterator[None]:
    """End the block where the file is damaged; a lock or a disk at fault is still an error."""
    try:
        yield
    except Error as error:
        no_table = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_ERROR
        if not (no_table or damaged(error)):
            raise
