"""Streaming: one stream from its first frame to its end."""

import time
from collections.abc import Iterator

from services.alerts.live import frames
from services.alerts.live.following import Changes
from services.alerts.live.hub import Listener
from services.alerts.live.peer import SEND_SECONDS, Peer

HEARTBEAT_SECONDS = 15.0
"""A quiet connection says something so often: proxies close one that is silent for a minute."""

LOOK_SECONDS = 1.0
"""How late we see that a reader has gone; until then it counts as one that is open."""

LONGEST_SECONDS = 900.0
"""After so long a stream ends and the reader comes back: a key that was revoked meanwhile, and an
alert that was erased, are gone a quarter of an hour later at most."""

PIECE_BYTES = 16_384
"""Written at once: less than is free in the kernel's buffer when it says that there is room."""


def streamed(listener: Listener, missed: Changes, peer: Peer) -> Iterator[bytes]:
    """Yield what the reader missed, then what happens, until either side has enough.

    *missed* was read after *listener* had joined: something may come twice, and nothing is lost.
    """
    cursor, now = missed.cursor, time.monotonic()
    end_at, silent_since = now + LONGEST_SECONDS, now
    told = frames.alerts(missed.alerts, cursor) if missed.alerts else b""
    waiting = told + frames.ready(cursor, missed.complete)
    while True:
        for start in range(0, len(waiting), PIECE_BYTES):
            if not _has_room(peer, listener):
                return peer.cut()
            yield waiting[start : start + PIECE_BYTES]
            silent_since = time.monotonic()
        waiting = listener.take(LOOK_SECONDS)
        now = time.monotonic()
        if listener.over or peer.gone() or now > end_at:
            return peer.finish()
        if not waiting and now - silent_since > HEARTBEAT_SECONDS:
            waiting = frames.HEARTBEAT


def _has_room(peer: Peer, listener: Listener) -> bool:
    """True once the reader takes more; False if it does not in time, or the stream is over."""
    give_up = time.monotonic() + SEND_SECONDS
    while not peer.reads(LOOK_SECONDS):
        if time.monotonic() > give_up:
            listener.end("slow")
        if listener.over:
            return False
    return True
