"""Identifiers that sort by time: UUID version 7 (RFC 9562, section 5.7)."""

import os
import threading
import time
import uuid

POOL_BYTES = 4096
"""Random bytes asked for at once: each call lets another thread in, which few bytes are not
worth."""


class _Source:
    """Random bytes of the system, and the last moment that was given out."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.last = 0
        self.random = b""
        self.used = 0

    def drawn(self, count: int) -> bytes:
        """Return *count* random bytes that nobody else gets; whoever asks holds the lock."""
        if self.used + count > len(self.random):
            self.random, self.used = os.urandom(POOL_BYTES), 0
        self.used += count
        return self.random[self.used - count : self.used]


_source = _Source()


def _begin_anew() -> None:
    """In a forked child: its parent goes on with the same bytes, and may have held the lock."""
    global _source
    _source = _Source()


os.register_at_fork(after_in_child=_begin_anew)


def uuid7() -> uuid.UUID:
    """Return a new UUID; within one process each is greater than the one before.

    48 bits of Unix milliseconds and a 12-bit counter (RFC 9562, section 6.2, method 3),
    then 62 random bits. Newest-first reads of an index need no extra column.
    """
    with _source.lock:
        # Milliseconds << 12, plus the fraction of the millisecond in 4096ths.
        stamp = _source.last = max(_source.last + 1, (time.time_ns() << 12) // 1_000_000)
        drawn = _source.drawn(8)
    random = int.from_bytes(drawn, "big") & ((1 << 62) - 1)
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | random
    return uuid.UUID(int=value)


def random_hex(count: int) -> str:
    """Return *count* random bytes in hexadecimal, for names that only must not meet again."""
    with _source.lock:
        return _source.drawn(count).hex()
