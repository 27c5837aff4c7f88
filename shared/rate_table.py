"""Who owes how much: a table of fixed size in a file, shared by all processes of this host.

A *slot* is 16 bytes: the keyed hash that stands for who is limited, and their TAT
(`shared.rate_limit`). A *bucket* is 8 slots; the hash says which bucket, and one lock of the
kernel's guards it, which a process gives back however it dies. Nothing has to be cleaned up: one
who owes nothing is a free slot, and in a full bucket the one who owes least makes room.

The file is read and written and not mapped: a disk that is full or broken then raises an error,
where a mapping would kill the process. It has no header. Whatever stands in it is at worst
a minute's debt of nobody's, and another layout gets another name.
"""

import os
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from shared.attempts import exclusive
from shared.errors import Unavailable
from shared.rate_limit import owed

T = TypeVar("T")

FILE_NAME = "owed-1.table"
"""The number is the layout's: a process of another release must not read what this one means."""

SLOT = struct.Struct("<QQ")

SLOTS = 8
"""In a bucket. With half of all slots taken, 6 of 10,000 buckets have more than 8 to hold."""

BUCKET_BYTES = SLOTS * SLOT.size

BUCKETS = 32768
"""4 MB, 262,144 at once. A stranger's request owes for 0.1 s: 2.6 million a second would fit."""

PATIENCE_SECONDS = 0.25
"""Longest wait for a bucket: a healthy holder needs some 10 microseconds, unless the machine is so
busy that it does not get to run."""

PAUSE_SECONDS = 0.0002
"""Between looks at a bucket that is held."""

LOOK_NS = 10**9
"""How often to look whether the file is still there."""

Change = Callable[[int, int], tuple[int | None, T]]
"""Of a TAT and the time: the TAT to keep, or None to leave it, and what to answer."""


class TableUnavailable(Unavailable):
    """The limits cannot be counted together just now."""


class Table(Protocol):
    """Where TATs stand."""

    def change(self, who: int, change: Change[T]) -> T:
        """Make *change* to the TAT of *who*, alone, and return its answer."""

    def tat(self, who: int) -> tuple[int, int]:
        """Return the TAT of *who*, 0 if there is none, and the time."""


class SharedTable:
    """The table of this host, in one folder."""

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], int] = time.monotonic_ns,
        patience: float = PATIENCE_SECONDS,
    ):
        """Nothing is opened yet. *clock* must be the same for all processes of this host.

        *patience* is how long to wait for a bucket, in seconds.
        """
        self._path = folder / FILE_NAME
        self._lock = f"{folder}/owed-1.lock"
        self._clock, self._patience = clock, patience
        self._opening = threading.Lock()
        self._descriptor: int | None = None
        self._looked_ns = 0

    def change(self, who: int, change: Change[T]) -> T:
        """Make *change* to the TAT of *who*, alone among all processes; return its answer.

        Raises TableUnavailable.
        """
        number = who % BUCKETS
        try:
            with exclusive(self._lock, number, self._patience, longest_pause=PAUSE_SECONDS):
                now_ns, place = self._clock(), number * BUCKET_BYTES
                descriptor = self._open(now_ns)
                bucket = os.pread(descriptor, BUCKET_BYTES, place)
                offset, slot, answer = _changed(bucket, who, now_ns, change)
                if slot:
                    os.pwrite(descriptor, slot, place + offset)
                return answer
        except (OSError, Unavailable) as error:
            raise TableUnavailable from error

    def tat(self, who: int) -> tuple[int, int]:
        """Return the TAT of *who* and the time; a slot is written at once, so nobody has to wait.

        Raises TableUnavailable.
        """
        now_ns = self._clock()
        try:
            bucket = os.pread(self._open(now_ns), BUCKET_BYTES, who % BUCKETS * BUCKET_BYTES)
        except OSError as error:
            raise TableUnavailable from error
        return _tat(bucket, who), now_ns

    def _open(self, now_ns: int) -> int:
        """Return the file's descriptor; one that was deleted would be this process's alone."""
        descriptor = self._descriptor
        if descriptor is not None:
            if now_ns - self._looked_ns < LOOK_NS:
                return descriptor
            self._looked_ns = now_ns
            if os.fstat(descriptor).st_nlink:
                return descriptor
        with self._opening:
            if self._descriptor is descriptor:  # left open: a thread may be about to write there
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
                self._descriptor = os.open(self._path, flags, 0o600)
            assert self._descriptor is not None
            return self._descriptor


class OwnTable:
    """A table of one process, in its memory."""

    def __init__(self, clock: Callable[[], int] = time.monotonic_ns):
        """It is as large as the shared one, and takes memory where it is used."""
        self._clock = clock
        self._bytes = bytearray(BUCKETS * BUCKET_BYTES)
        self._lock = threading.Lock()

    def change(self, who: int, change: Change[T]) -> T:
        """Make *change* to the TAT of *who*, alone among all threads; return its answer."""
        with self._lock:
            offset, slot, answer = _changed(self._bucket(who), who, self._clock(), change)
            if slot:
                place = who % BUCKETS * BUCKET_BYTES + offset
                self._bytes[place : place + SLOT.size] = slot
            return answer

    def tat(self, who: int) -> tuple[int, int]:
        """Return the TAT of *who* and the time."""
        return _tat(self._bucket(who), who), self._clock()

    def _bucket(self, who: int) -> bytes:
        place = who % BUCKETS * BUCKET_BYTES
        return bytes(self._bytes[place : place + BUCKET_BYTES])


def _changed(
    bucket: bytes, who: int, now_ns: int, change: Change[T]
) -> tuple[int, bytes | None, T]:
    """Return where in *bucket* to write which slot, None for nothing, and the change's answer."""
    tat_ns, answer = change(_tat(bucket, who), now_ns)
    if tat_ns is None:
        return 0, None, answer
    place = _place(bucket, who)
    return _least(bucket, now_ns) if place is None else place, SLOT.pack(who, tat_ns), answer


def _tat(bucket: bytes, who: int) -> int:
    place = _place(bucket, who)
    return 0 if place is None else int(_TAT.unpack_from(bucket, place + 8)[0])


def _place(bucket: bytes, who: int) -> int | None:
    """Return where in *bucket* the slot of *who* begins, None if there is none that is whole."""
    name = who.to_bytes(8, "little")
    place = bucket.find(name)
    while place % SLOT.size and place >= 0:  # within a slot is no slot
        place = bucket.find(name, place + 1)
    return place if 0 <= place <= len(bucket) - SLOT.size else None


def _least(bucket: bytes, now_ns: int) -> int:
    """Return where the slot begins whose holder owes least; beyond what is written nobody owes."""
    whole = bucket.ljust(BUCKET_BYTES, b"\0")
    debts = [owed(tat_ns, now_ns) for _, tat_ns in SLOT.iter_unpack(whole)]
    return debts.index(min(debts)) * SLOT.size


_TAT = struct.Struct("<Q")
