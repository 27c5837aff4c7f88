"""The processes of one import that read its rows and take them in, in the order of the file.

Each reads its own rows, compares them and has them stored beside the others; `import_turns` says
when, so that what becomes of a row is what would have become of it had the others come before.
"""

import gc
import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from time import sleep

from leadfly.import_turns import CrewDied as CrewDied
from leadfly.import_turns import Done, Inside, Rows, Turn, Turns, Withdrawn
from services.dedup import record
from services.dedup.imports import running
from services.dedup.imports.job import Import
from services.dedup.imports.reading_rows import Read, read
from services.dedup.imports.sheet import SheetRow
from services.dedup.imports.taking import take
from services.dedup.policy_cache import PolicyCache
from shared import db
from shared.columns import Columns
from shared.db import WORKER, Database
from shared.errors import ServiceError, Unavailable
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.settings import Settings
from shared.web import logs

PROCESSES = 3
"""Processes that take in the rows of one import: while one waits for the database or for its turn,
the others keep two processors busy."""

NICE = 5
"""How far behind the services these processes stand when the processors are busy."""

TRIES, PAUSE_SECONDS = 4, 2.0
"""How often rows are tried while the database is away, and how long between: a restart."""

ENDING_SECONDS = 5.0
"""How long a process may take to end before it is killed."""

GARBAGE = 100_000
"""Objects between two looks for garbage in cycles, of which reading makes none."""

log = logging.getLogger(__name__)


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
        return Turns([pipe for pipe, _ in self._members], rows).take(job)

    def end(self) -> None:
        """End every process: what is under way is cut off."""
        for pipe, process in self._members:
            end(pipe, process)


@contextmanager
def crew(settings: Settings, job: Import, columns: Columns) -> Iterator[Crew]:
    """Yield processes that take the rows of *job* in; they are gone afterwards."""
    one = Crew(settings, job, columns)
    try:
        yield one
    finally:
        one.end()


class _Place:
    """A member's place in the line, of which the foreman tells (`taking.Line`)."""

    def __init__(self, pipe: Connection, told: Turn, rows: Read):
        """*told* is what the foreman said of the place, *rows* are those that stand there."""
        self._pipe, self._job = pipe, told.job
        self._keys = frozenset(key for _, lead in rows.leads for key in lead.keys)
        self._free = self._keys.isdisjoint(told.held)

    @property
    def waits(self) -> bool:
        """True while rows before its own are not in."""
        return self._job is None

    def begin(self) -> None:
        """Wait until it may begin. Raises Withdrawn."""
        if not self._free:
            self.turn()

    def let_in(self) -> None:
        """Let the next one begin."""
        self._pipe.send(Inside(self._keys))

    def turn(self) -> Import:
        """Return the import with all rows before its own. Raises Withdrawn."""
        if self._job is None:
            self._job = self._pipe.recv()
        if self._job is None:
            raise Withdrawn
        return self._job


def _member(pipe: Connection, settings: Settings, job: Import, columns: Columns) -> None:
    """Read rows as they come, and take them in when it is their turn."""
    begin()
    keys = keyring(settings)
    one, gate = replace(settings, threads=1), Gate(settings.mode, keys)
    policies, rows = PolicyCache(), Read([], [], 0)
    gone = suppress(EOFError, BrokenPipeError, ConnectionResetError)
    with closing(db.connect(one, keys.fingerprint, WORKER)) as database, gone:
        work = partial(_taken, database, gate, policies)
        while True:
            said = pipe.recv()
            if isinstance(said, Rows):
                rows = read(gate, job, columns, said.rows)
            elif isinstance(said, Turn):  # else of a place that has failed meanwhile
                job = said.job or job
                pipe.send(work(job, rows, None if said.alone else _Place(pipe, said, rows)))


def _taken(
    database: Database,
    gate: Gate,
    policies: PolicyCache,
    job: Import,
    rows: Read,
    place: _Place | None,
) -> Done:
    """Take rows in at their *place*; without one, by themselves and one by one if it must be."""
    try:
        if place is None:
            return _taken_alone(partial(running.taken, database, gate, policies, job, rows))
        place.begin()
        return Done(take(database, gate, policies, job, rows, place))
    except (EOFError, OSError):
        raise
    except ServiceError as fault:
        return Done(None, fault)
    except Exception as fault:
        log.error("rows are taken again after a fault", exc_info=fault)
        return Done(None)


def _taken_alone(take_in: Callable[[], Import]) -> Done:
    """Take rows in; while the database is away, a few times."""
    error: ServiceError | None = None
    for attempt in range(TRIES):
        sleep(PAUSE_SECONDS if attempt else 0)
        try:
            return Done(take_in())
        except Unavailable as fault:
            error = fault
        except ServiceError as fault:
            return Done(None, fault)
    return Done(None, error)
