"""Streaming: the events of one discovery, from what its reader saw last to its end."""

import time
from collections.abc import Callable, Iterator
from threading import Event
from typing import Protocol
from uuid import UUID

from services.discovery import answer, find_store, job_store
from services.discovery.live import frames
from shared.db import Database
from shared.privacy.gate import Gate

LOOK_SECONDS = 0.5
"""How often is looked for a change: progress is told twice a second at most."""

HEARTBEAT_SECONDS = 15.0
"""A quiet connection says something so often: proxies close one that is silent for a minute."""

LONGEST_SECONDS = 900.0
"""After so long a stream ends and the reader comes back: a key that was revoked meanwhile opens
nothing any more a quarter of an hour later at most."""


class Reader(Protocol):
    """The other end of a stream."""

    def gone(self) -> bool:
        """True once the reader has closed the connection."""

    def reads(self, seconds: float) -> bool:
        """True as soon as there is room for more, False if there is none for so long."""

    def cut(self) -> None:
        """End the connection."""

    def finish(self) -> None:
        """Let what was written arrive, and wait for nothing more."""


SEND_SECONDS = 10.0
"""How long a reader may read nothing while something waits for it."""

Look = Callable[[int | None], tuple[int, bytes, bool] | None]
"""Returns what changed since a revision: the one it is at, its frame, and whether that is the last
one. A frame without content: nothing changed. None: the discovery is gone."""


def look(database: Database, gate: Gate, tenant_id: str, job_id: UUID) -> Look:
    """Return what looks at a discovery."""

    def looked(seen: int | None) -> tuple[int, bytes, bool] | None:
        with database.transaction(tenant_id) as conn:
            state = job_store.state(conn, tenant_id, job_id)
            if state is None or state[0] == seen:
                return None if state is None else (state[0], b"", state[1])
            job = job_store.one(conn, gate, tenant_id, job_id)
            leads = find_store.count(conn, tenant_id, [job_id]).get(job_id, 0)
        if job is None:
            return None
        is_over = job.ended_at is not None
        name = frames.DONE if is_over else frames.PROGRESS
        return job.revision, frames.frame(name, job.revision, answer.job(job, leads)), is_over

    return looked


def streamed(look: Look, seen: int | None, reader: Reader, closed: Event) -> Iterator[bytes]:
    """Yield the events after revision *seen*, until the discovery or either side ends."""
    now = time.monotonic()
    end_at, silent_since = now + LONGEST_SECONDS, now
    waiting = frames.BEGIN
    while True:
        found = look(seen)
        if found is not None:
            seen, waiting = found[0], waiting + found[1]
        if waiting:
            if not reader.reads(SEND_SECONDS):
                return reader.cut()
            yield waiting
            silent_since = time.monotonic()
        if found is None or found[2] or closed.wait(LOOK_SECONDS):
            return reader.finish()
        now = time.monotonic()
        if reader.gone() or now > end_at:
            return reader.finish()
        waiting = frames.HEARTBEAT if now - silent_since > HEARTBEAT_SECONDS else b""
