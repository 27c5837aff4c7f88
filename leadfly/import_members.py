"""The processes of one import that read its rows and take them in, in the order of the file.

While one takes its rows in, the other reads its own: reading is half of the work and needs nobody.
"""

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from time import sleep
from typing import NamedTuple

from services.dedup import record
from services.dedup.imports import running
from services.dedup.imports.job import Import
from services.dedup.imports.reading_rows import read
from services.dedup.imports.sheet import SheetRow
from services.dedup.policy_cache import PolicyCache
from shared import db
from shared.columns import Columns
from shared.db import WORKER
from shared.errors import ServiceError, Unavailable
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.settings import Settings
from shared.web import logs

PROCESSES = 2
"""Processes that take in the rows of one import: taking in is in turn, so more would wait."""

NICE = 5
"""How far behind the services these processes stand when the processors are busy."""

TRIES, PAUSE_SECONDS = 4, 2.0
"""How often rows are tried while the database is away, and how long between: a restart."""

ENDING_SECONDS = 5.0
"""How long a process may take to end before it is killed."""

GARBAGE = 100_000
"""Objects between two looks for garbage in cycles, of which reading makes none."""


class Rows(NamedTuple):
    """Rows for a process to read."""

    rows: Sequence[SheetRow]


class Done(NamedTuple):
    """What became of them: the import after it, or why they are not in."""

    job: Import | None
    error: ServiceError | None = None


class CrewDied(Unavailable):
    """A process of the import ended unexpectedly; was there enough memory?"""


def begin() -> None:
    """Let this process stand behind the services, and end when it is told."""
    logs.configure("worker")
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal
    os.nice(NICE)
    record.warm()
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)


def end(pipe: Connection, process: SpawnProcess) -> None:
    """End *process*; what is under way is cut off, and the database forgets it."""
    pipe.close()
    process.terminate()
    process.join(ENDING_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()


class Crew:
    """Processes that read rows at a time, and take them in in turn."""

    def __init__(self, settings: Settings, job: Import, columns: Columns):
        """Start them; use `crew` to have them ended."""
        context = get_context("spawn")
        self._members: list[tuple[Connection, SpawnProcess]] = []
        for _ in range(PROCESSES):
            ours, theirs = context.Pipe()
            process = context.Process(
                target=_member, args=(theirs, settings, job, columns), daemon=True
            )
            process.start()
            theirs.close()
            self._members.append((ours, process))

    def take(self, job: Import, rows: Iterator[list[SheetRow]]) -> Import:
        """Take *rows* in; return the import after them. Raises Overtaken, Unavailable."""
        reading: deque[Connection] = deque()
        try:
            for pipe, _ in self._members:
                _give(pipe, rows, reading)
            while reading:
                pipe = reading.popleft()
                pipe.send(job)  # its turn: all rows before its own are in
                done = pipe.recv()
                if done.job is None:
                    raise done.error
                job = done.job
                _give(pipe, rows, reading)
        except (EOFError, OSError):
            raise CrewDied from None
        return job

    def end(self) -> None:
        """End every process: what is under way is cut off."""
        for pipe, process in self._members:
            end(pipe, process)


def _give(pipe: Connection, rows: Iterator[list[SheetRow]], reading: deque[Connection]) -> None:
    """Have the next of *rows* read, if there are more."""
    some = next(rows, None)
    if some is not None:
        pipe.send(Rows(some))
        reading.append(pipe)


@contextmanager
def crew(settings: Settings, job: Import, columns: Columns) -> Iterator[Crew]:
    """Yield processes that take the rows of *job* in; they are gone afterwards."""
    one = Crew(settings, job, columns)
    try:
        yield one
    finally:
        one.end()


def _member(pipe: Connection, settings: Settings, job: Import, columns: Columns) -> None:
    """Read rows as they come, and take them in when it is their turn."""
    begin()
    keys = keyring(settings)
    one, gate = replace(settings, threads=1), Gate(settings.mode, keys)
    policies = PolicyCache()
    gone = suppress(EOFError, BrokenPipeError, ConnectionResetError)
    with closing(db.connect(one, keys.fingerprint, WORKER)) as database, gone:
        while True:
            rows = read(gate, job, columns, pipe.recv().rows)
            job = pipe.recv()
            done = _taken(partial(running.taken, database, gate, policies, job, rows))
            pipe.send(done)
            job = done.job or job


def _taken(take: Callable[[], Import]) -> Done:
    """Take rows in; while the database is away, a few times."""
    error: ServiceError | None = None
    for attempt in range(TRIES):
        sleep(PAUSE_SECONDS if attempt else 0)
        try:
            return Done(take())
        except Unavailable as fault:
            error = fault
        except ServiceError as fault:
            return Done(None, fault)
    return Done(None, error)
