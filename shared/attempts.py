"""One attempt at a time for one request, among all threads and processes of this host.

The lock is the kernel's, so it is given back when its holder dies, however it dies. Linux locks
one byte of one file, an *open file description lock* (fcntl(2)): other requests lock other bytes.
Elsewhere the request picks one of STRIPES files to flock(2): rarely, two requests then share one.
"""

import errno
import fcntl
import os
import struct
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import UUID

from shared.errors import Unavailable

STRIPES = 1024
"""Lock files where bytes cannot be locked: 40 requests at once share one in about half of cases."""

SPARE = 64
"""Open descriptors kept per lock file and process: more than a worker has threads."""

FIRST_PAUSE = 0.0002
"""Seconds before the second look at a lock: a healthy holder of a spool's lock needs less."""

LONGEST_PAUSE = 0.005
"""Seconds between looks at most: what a waiter may lose on top of its wait."""

BYTES = sys.platform == "linux" and hasattr(fcntl, "F_OFD_SETLK")
"""Whether this system locks bytes for an open file description."""

FLOCK = struct.Struct("hhqqi4x")
"""`struct flock` of 64-bit Linux: type, whence, start, length, and a process id that must be 0."""

_spare: defaultdict[str, deque[int]] = defaultdict(deque)
_opened: set[int] = set()


class Busy(Unavailable):
    """Another attempt with this idempotency key is still running; try again in a moment."""


class NoLock(Unavailable):
    """The service cannot lock its local files just now; nothing was stored, so try again."""


def only_one(
    folder: Path, receipt_id: UUID, patience_seconds: float
) -> AbstractContextManager[None]:
    """Hold the lock of *receipt_id* while the block runs; *folder* is the spool's.

    Raises Busy if another attempt holds it for *patience_seconds*, NoLock if there is no locking.
    """
    place = receipt_id.int & ((1 << 62) - 1)  # a UUIDv5 has nothing but its digest there
    return exclusive(f"{folder}/attempts.lock", place, patience_seconds)


@contextmanager
def exclusive(
    path: str,
    place: int,
    patience_seconds: float,
    by_bytes: bool = BYTES,
    longest_pause: float = LONGEST_PAUSE,
) -> Iterator[None]:
    """Hold lock number *place* (0 to 2^62) of the file *path* while the block runs.

    Raises Busy after *patience_seconds*, NoLock if the file cannot be opened or locked. Looks at
    least every *longest_pause* seconds: whoever looks seldom finds a lock taken that many want.
    """
    owner = os.getpid()
    if not by_bytes:
        path, place = f"{path}.{place % STRIPES}", 0
    try:
        descriptor = _held(path, place, patience_seconds, by_bytes, longest_pause)
    except OSError as error:
        raise NoLock from error
    try:
        yield
    finally:
        if os.getpid() == owner:  # a child forked inside the block holds nothing
            _release(path, descriptor, place, by_bytes)


def _held(
    path: str, place: int, patience_seconds: float, by_bytes: bool, longest_pause: float
) -> int:
    """Return a descriptor of *path* through which the lock is ours."""
    descriptor = _descriptor(path)
    try:
        _wait(descriptor, place, patience_seconds, by_bytes, longest_pause)
    except BaseException:
        _close(descriptor)
        raise
    return descriptor


def _wait(
    descriptor: int, place: int, patience_seconds: float, by_bytes: bool, longest_pause: float
) -> None:
    """Take the lock, looking again and again: the kernel's own waiting knows no time limit."""
    if _taken(descriptor, place, by_bytes):
        return
    give_up, pause = time.monotonic() + patience_seconds, FIRST_PAUSE
    while (left := give_up - time.monotonic()) > 0:
        time.sleep(min(pause, left))
        if _taken(descriptor, place, by_bytes):
            return
        pause = min(pause * 2, longest_pause)
    raise Busy


def _taken(descriptor: int, place: int, by_bytes: bool) -> bool:
    """True if the lock is now ours; False if another description holds it."""
    try:
        if by_bytes:
            wanted = FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, place, 1, 0)
            fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, wanted)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES):
            return False
        raise
    return True


def _release(path: str, descriptor: int, place: int, by_bytes: bool) -> None:
    """Give the lock back and keep the descriptor for the next holder; closing one unlocks too."""
    if not by_bytes or len(_spare[path]) >= SPARE:
        _close(descriptor)
        return
    free = FLOCK.pack(fcntl.F_UNLCK, os.SEEK_SET, place, 1, 0)
    fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, free)
    _spare[path].append(descriptor)


def _descriptor(path: str) -> int:
    """Return a descriptor of *path* that nobody else uses, or its locks would exclude nobody."""
    try:
        return _spare[path].pop()
    except IndexError:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        _opened.add(descriptor)
        return descriptor


def _close(descriptor: int) -> None:
    _opened.discard(descriptor)
    os.close(descriptor)


def _disown() -> None:
    """In a forked child: close what it inherited, or a dead parent's locks would live on in it."""
    for descriptor in _opened:
        os.close(descriptor)
    _opened.clear()
    _spare.clear()


os.register_at_fork(after_in_child=_disown)
