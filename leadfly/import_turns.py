"""Whose turn it is: stretches of a file's rows that are taken in by several processes.

A stretch may begin once the one before it holds the keys of its people and has read what is known
of them. If the two share a key it waits until that one is in; else no row of the one is compared
with any of the other. What is noted of rows, the counts and the end of the transaction come in the
order of the file. One that fails is taken again by itself, and those behind it begin anew.
"""

from collections import deque
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import NamedTuple

from services.dedup.imports.job import Import
from services.dedup.imports.sheet import SheetRow
from services.dedup.imports.taking import Overtaken
from shared.errors import ServiceError, Unavailable


class Rows(NamedTuple):
    """Rows for a process to read."""

    rows: Sequence[SheetRow]


class Turn(NamedTuple):
    """That a process may take in what it has read."""

    job: Import | None
    """The import with all rows before these; None: it follows when they are in."""
    held: Set[int] = frozenset()
    """The keys of rows that are under way: whoever shares one waits until those are in."""
    alone: bool = False
    """True: no other process takes rows in meanwhile."""


class Inside(NamedTuple):
    """That a process holds its keys and has read: the next one may begin."""

    keys: Set[int]


class Done(NamedTuple):
    """What became of the rows: the import after them, or why they are not in."""

    job: Import | None
    error: ServiceError | None = None


class CrewDied(Unavailable):
    """A process of the import ended unexpectedly; was there enough memory?"""


class Withdrawn(ServiceError):
    """Rows before these failed, so these begin anew."""


@dataclass(slots=True)
class _Stretch:
    """Rows that a process has read, or is taking in."""

    pipe: Connection
    keys: Set[int] | None = None
    """Those that it holds, once it has read what is known of them."""
    waits: bool = False
    """True until it is told that all rows before it are in."""
    done: Done | None = None


class Turns:
    """One import's stretches under way, in the order of the file."""

    def __init__(self, pipes: Sequence[Connection], rows: Iterator[list[SheetRow]]):
        """*pipes* lead to the processes, *rows* are the stretches of the file."""
        self._pipes, self._rows = pipes, rows
        self._read: deque[_Stretch] = deque()
        self._taking: deque[_Stretch] = deque()

    def take(self, job: Import) -> Import:
        """Have all rows taken in; return the import after them. Raises Overtaken, Unavailable."""
        try:
            for pipe in self._pipes:
                self._give(pipe)
            while self._read or self._taking:
                self._admit(job)
                self._hear()
                while self._taking and self._taking[0].done:
                    job = self._settled(job, self._taking[0].done)
        except (EOFError, OSError):
            raise CrewDied from None
        return job

    def _give(self, pipe: Connection) -> None:
        """Have the next rows read, if there are more."""
        some = next(self._rows, None)
        if some is not None:
            pipe.send(Rows(some))
            self._read.append(_Stretch(pipe))

    def _admit(self, job: Import) -> None:
        """Let those begin that may; *job* is the import with all that is in."""
        if self._taking and self._taking[0].waits:
            self._taking[0].pipe.send(job)
            self._taking[0].waits = False
        held = [one.keys for one in self._taking]
        if self._read and None not in held:
            stretch = self._read.popleft()
            stretch.waits = bool(held)
            all_held = frozenset[int]().union(*filter(None, held))
            stretch.pipe.send(Turn(None if stretch.waits else job, all_held))
            self._taking.append(stretch)

    def _hear(self) -> None:
        """Wait for a word of those who take rows in."""
        by_pipe = {one.pipe: one for one in self._taking if one.done is None}
        for pipe in wait(by_pipe):
            assert isinstance(pipe, Connection)
            said = pipe.recv()
            if isinstance(said, Inside):
                by_pipe[pipe].keys = said.keys
            else:
                by_pipe[pipe].done = said

    def _settled(self, job: Import, done: Done) -> Import:
        """Return the import after the first stretch, which is done or is taken again."""
        stretch = self._taking.popleft()
        if done.job is None:
            if isinstance(done.error, Overtaken):
                raise done.error
            self._withdraw()
            stretch.pipe.send(Turn(job, alone=True))
            done = stretch.pipe.recv()
        if done.job is None:
            raise done.error or CrewDied
        self._give(stretch.pipe)
        return done.job

    def _withdraw(self) -> None:
        """Have all that are under way let go of what they hold; they will begin anew."""
        for stretch in self._taking:
            if stretch.waits and stretch.done is None:
                stretch.pipe.send(None)
            while stretch.done is None:
                said = stretch.pipe.recv()
                stretch.done = said if isinstance(said, Done) else None
        self._read.extendleft(_Stretch(one.pipe) for one in reversed(self._taking))
        self._taking.clear()
