"""The processes that read and store an import's rows; reading is what takes the time.

Each has a pipe of its own and one chunk at a time, so memory is bounded and a chunk's fate is
always known. A worker that loses its parent reads the end of its pipe and ends. Spawned, not
forked: nothing of this process may leak into them, and no lock of it may be held in them.
"""

import gc
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from time import sleep
from typing import NamedTuple

import psycopg

from services.dedup import importing, record
from services.dedup.importing import Plan, Row, Tally
from shared import db
from shared.errors import ServiceError, Unavailable
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.settings import Settings

TRIES, PAUSE_SECONDS = 4, 2.0
"""How often a chunk is tried while the database is away, and how long between: a restart."""

GARBAGE = 100_000
"""Objects between two looks for garbage in cycles, of which reading makes none."""


class Chunk(NamedTuple):
    """Rows that are stored together."""

    place: int
    rows: Sequence[Row]


class Done(NamedTuple):
    """What became of a chunk; `error` says why nothing of it was stored."""

    place: int
    tally: Tally
    error: str | None = None


class WorkerDied(Unavailable):
    """A process of the import ended unexpectedly; was there enough memory?"""


class Workers:
    """Processes that store chunks, each one chunk at a time."""

    def __init__(self, settings: Settings, plan: Plan, count: int):
        """Start *count* processes; use `workers` to have them ended."""
        context = get_context("spawn")
        self._idle: list[Connection] = []
        self._busy: list[Connection] = []
        self._processes = []
        # Ctrl-C reaches the whole terminal; children start deaf to it and end when told.
        heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            for _ in range(count):
                ours, theirs = context.Pipe()
                process = context.Process(target=_work, args=(theirs, settings, plan), daemon=True)
                process.start()
                theirs.close()
                self._processes.append(process)
                self._idle.append(ours)
        finally:
            signal.signal(signal.SIGINT, heard)

    @property
    def idle(self) -> bool:
        """True if a process waits for a chunk."""
        return bool(self._idle)

    @property
    def busy(self) -> bool:
        """True if a chunk is under way."""
        return bool(self._busy)

    def give(self, chunk: Chunk) -> None:
        """Have *chunk* stored by a process that is idle."""
        worker = self._idle.pop()
        self._busy.append(worker)
        try:
            worker.send(chunk)
        except OSError:
            raise WorkerDied from None

    def done(self) -> Iterator[Done]:
        """Yield what is done, waiting for at least one chunk. Raises WorkerDied."""
        for worker in wait(self._busy):
            assert isinstance(worker, Connection)
            self._busy.remove(worker)
            try:
                yield worker.recv()
            except (EOFError, OSError):
                raise WorkerDied from None
            self._idle.append(worker)

    def end(self) -> None:
        """End every process: those under way are cut off, and the database forgets their chunk."""
        busy = self.busy
        for pipe in (*self._idle, *self._busy):
            pipe.close()
        for process in self._processes:
            if busy:
                process.terminate()
            process.join()


@contextmanager
def workers(settings: Settings, plan: Plan, count: int) -> Iterator[Workers]:
    """Yield *count* processes that store the rows of *plan*; they are gone afterwards."""
    crew = Workers(settings, plan, count)
    try:
        yield crew
    finally:
        crew.end()


def _work(pipe: Connection, settings: Settings, plan: Plan) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    record.warm()
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)
    keys = keyring(settings)
    gate, database = Gate(settings.mode, keys), db.connect(settings, keys.fingerprint)
    try:
        while True:
            chunk = pipe.recv()
            pipe.send(_stored(database, gate, plan, chunk))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # nobody is left to work for
    finally:
        database.close()


def _stored(database: db.Database, gate: Gate, plan: Plan, chunk: Chunk) -> Done:
    """Store *chunk*; a try whose answer was lost is not stored twice, for ids stay the same."""
    error = ""
    for attempt in range(TRIES):
        sleep(PAUSE_SECONDS if attempt else 0)
        try:
            return Done(chunk.place, importing.load(database, gate, plan, chunk.rows))
        except Unavailable as fault:
            error = fault.message
        except ServiceError as fault:
            return Done(chunk.place, Tally(), fault.message)
        except psycopg.Error as fault:  # its text would repeat a row
            return Done(chunk.place, Tally(), f"The database refused: SQLSTATE {fault.sqlstate}.")
    return Done(chunk.place, Tally(), error)
