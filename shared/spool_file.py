"""One SQLite file that several processes write: locked, bounded, and set aside when damaged.

Terms are SQLite's: the *journal* is the write-ahead log beside the file, a *checkpoint* moves its
pages into the file. Files are numbered and the lowest is in use. A damaged one is renamed and
kept, and the next number begins with what could still be read of it. A name is never used again:
a connection to the old file that is closed late deletes the journal by its name
(sqlite.org/howtocorrupt.html, section 4).

Every write holds a lock of ours, too. It bounds the wait, and it keeps two connections from
writing and checkpointing at once, which may lose a journal before SQLite 3.51.3
(sqlite.org/wal.html, "The WAL-Reset Bug").
"""

import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar
from weakref import WeakSet

from shared import spool_layout
from shared.attempts import Busy, NoLock, exclusive
from shared.errors import Unavailable
from shared.spool_layout import Connection, Error, Layout

T = TypeVar("T")

PATIENCE_SECONDS = 0.25
"""Longest wait for other writers: an answer in degraded mode is due after 0.6 s."""

log = logging.getLogger(__name__)


class SpoolUnavailable(Unavailable):
    """The lead could not be kept just now; nothing was stored, so try again."""


class SpoolFull(SpoolUnavailable):
    """The local spool is full; nothing was stored, so try again."""


class _Damaged(Exception):
    """The file of this path is no sound database."""


class _Slot:
    """A connection, the file it is to, and the lock of the thread that uses it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.path: Path | None = None
        self.inode = 0
        self.conn: Connection | None = None

    def moved(self) -> bool:
        """True if the file is no longer where it was opened: another process set it aside."""
        with suppress(FileNotFoundError):
            return self.path is None or os.stat(self.path).st_ino != self.inode
        return True

    def close(self) -> None:
        if self.conn is not None:
            self.conn.close()
            self.conn = None


class SpoolFile:
    """The file of one layout in a folder.

    A process has one connection for writing and one for reading, so that a reader never waits
    for a disk. They are opened at first use, and closed before the process forks: SQLite's locks
    do not pass to a child.
    """

    def __init__(self, folder: Path, layout: Layout, most_bytes: int):
        """*most_bytes* bounds the file with its journal, where a change asks for room."""
        self.folder = folder
        self.layout = layout
        self.most_bytes = most_bytes
        self._lock = f"{folder}/{layout.name}.lock"
        self._reader, self._writer = _Slot(), _Slot()
        self._checked: Path | None = None
        _files.add(self)

    def read(self, question: Callable[[Connection], T]) -> T:
        """Return the answer to *question*, asked of what is committed. Raises SpoolUnavailable."""
        return self._repaired(lambda: self._asked(question))

    def write(self, change: Callable[[Connection], T]) -> T:
        """Make *change* alone among all processes, return its answer. Raises SpoolUnavailable."""
        return self._repaired(lambda: self._made(change))

    def make_room(self, conn: Connection, more_bytes: int) -> None:
        """Raise SpoolFull unless *more_bytes* fit. To be called by a change, with its connection.

        Pages that were freed stay in the file, overwritten, and are used again.
        """
        if self.size() + more_bytes <= self.most_bytes:
            return
        spool_layout.checkpoint(conn)
        (unused,) = conn.execute("PRAGMA freelist_count").fetchone()
        (page_bytes,) = conn.execute("PRAGMA page_size").fetchone()
        if self.size() - unused * page_bytes + more_bytes > self.most_bytes:
            raise SpoolFull

    def size(self) -> int:
        """Return the bytes of the file and its journal; 0 if there is none."""
        path = self._writer.path or self._reader.path or self._current()
        return _size(f"{path}") + _size(f"{path}-wal") if path else 0

    def close(self) -> None:
        """Close this process's connections; the next use opens them again."""
        with self._reader.lock, self._writer.lock:
            self._reader.close()
            self._writer.close()

    def _asked(self, question: Callable[[Connection], T]) -> T:
        with self._reader.lock:
            return self._used(self._reader, question)

    def _made(self, change: Callable[[Connection], T]) -> T:
        with self._alone():
            return self._used(self._writer, change)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other thread or process writes this file while the block runs."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        if not self._writer.lock.acquire(timeout=PATIENCE_SECONDS):
            raise SpoolUnavailable
        try:
            left = max(give_up - time.monotonic(), 0)
            with exclusive(self._lock, 0, left):
                yield
        except (Busy, NoLock) as error:
            raise SpoolUnavailable from error
        finally:
            self._writer.lock.release()

    def _used(self, slot: _Slot, act: Callable[[Connection], T]) -> T:
        """Act on the slot's connection, and drop that if anything goes wrong."""
        try:
            return act(self._connection(slot))
        except (Error, OSError, spool_layout.Unreadable) as error:
            slot.close()
            if spool_layout.damaged(error):
                raise _Damaged(slot.path) from error
            raise SpoolUnavailable from error
        except BaseException:
            slot.close()
            raise

    def _connection(self, slot: _Slot) -> Connection:
        """Return the slot's connection to the file in use, whichever process began it."""
        if slot.conn is not None and not slot.moved():
            return slot.conn
        slot.close()
        slot.path = self._current() or self._begun(slot)
        _protect(slot.path)
        slot.inode = slot.path.stat().st_ino
        slot.conn = spool_layout.connected(slot.path, self.layout)
        spool_layout.check(slot.conn, pages=slot.path != self._checked)
        self._checked = slot.path
        return slot.conn

    def _current(self) -> Path | None:
        """Return the path of the file in use, None if there is none yet."""
        return min(self.folder.glob(f"{self.layout.name}-[0-9]*.db"), key=_number, default=None)

    def _begun(self, slot: _Slot) -> Path:
        """Return the path of the first file, made here unless another process was faster."""
        if slot is self._writer:
            return self._created(1 + self._last_number(), None)
        with self._alone():
            return self._current() or self._created(1 + self._last_number(), None)

    def _last_number(self) -> int:
        """Return the highest number that any file here ever had, as its left parts tell."""
        return max(map(_number, self.folder.glob(f"*{self.layout.name}-*.db*")), default=0)

    def _repaired(self, act: Callable[[], T]) -> T:
        """Act; if the file turns out damaged, set it aside and act on the next one."""
        try:
            return act()
        except _Damaged as damage:
            self._set_aside(damage.args[0])
        try:
            return act()
        except _Damaged as damage:
            raise SpoolUnavailable from damage

    def _set_aside(self, damaged: Path) -> None:
        """Rename *damaged* and go on with what of it can be read, unless another process did.

        The next file is complete before one rename puts it in use; so a crash loses nothing.
        """
        with self._alone():
            if self._current() != damaged:
                return
            self._writer.close()
            try:
                self._created(_number(damaged) + 1, damaged)
                for part in filter(Path.exists, _parts(damaged)):
                    part.rename(part.with_name(f"damaged-{part.name}"))
                _sync(self.folder)
            except (Error, OSError) as error:
                raise SpoolUnavailable from error

    def _created(self, number: int, source: Path | None) -> Path:
        """Make a file, complete or not at all, with what of *source* can be read."""
        self.folder.chmod(0o700)
        draft = self.folder / f".{self.layout.name}.draft"
        for part in _parts(draft):
            part.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        saved = spool_layout.create(draft, self.layout, source)
        if source:
            log.error("%s was damaged: %d rows could be read; it is kept", source.name, saved)
        path = draft.rename(self.folder / f"{self.layout.name}-{number}.db")
        _sync(self.folder)
        _sync(self.folder.parent)
        return path


def _number(path: Path) -> int:
    found = re.search(r"-(\d+)\.db", path.name)
    return int(found[1]) if found else 0


def _parts(path: Path) -> tuple[Path, ...]:
    """Return the file itself first, then what SQLite keeps beside it."""
    return path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def _protect(path: Path) -> None:
    """Take every right to the file from others, should somebody have given one."""
    for part in filter(Path.exists, _parts(path)):
        if part.stat().st_mode & 0o077:
            part.chmod(0o600)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return 0


def _sync(folder: Path) -> None:
    """Make names in *folder* outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_files: WeakSet[SpoolFile] = WeakSet()
_held: list[_Slot] = []


def _before_fork() -> None:
    """Close every connection, and let no thread open one until the fork is done."""
    for file in list(_files):
        for slot in (file._reader, file._writer):
            slot.lock.acquire()
            slot.close()
            _held.append(slot)


def _after_fork() -> None:
    while _held:
        _held.pop().lock.release()


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)
