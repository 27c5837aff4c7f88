"""The processes that read and compare the rows of a whole table: both take a processor's time.

Each has a pipe of its own and one task at a time, and what they give comes in the order of the
tasks. One that loses its parent reads the end of its pipe and ends. Spawned, not forked: nothing
of this process may leak into them, and no lock of it may be held in them.
"""

import gc
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from services.dedup import record
from shared.errors import ServiceError, Unavailable

AHEAD = 8
"""Tasks of which the results may wait for an earlier one."""

GARBAGE = 100_000
"""Objects between two looks for garbage in cycles, of which comparing makes none."""

Work = Callable[[Any], Any]
"""What a process does with a task; it and its tasks are pickled."""


class WorkerDied(Unavailable):
    """A process that compares ended unexpectedly; was there enough memory?"""


class Crew:
    """Processes that all do one kind of work at a time."""

    def __init__(self, count: int):
        """Start *count* processes; use `crew` to have them ended."""
        context = get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes = []
        # Ctrl-C reaches the whole terminal; children start deaf to it and end when told.
        heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            for _ in range(count):
                ours, theirs = context.Pipe()
                process = context.Process(target=_work, args=(theirs,), daemon=True)
                process.start()
                theirs.close()
                self._processes.append(process)
                self._pipes.append(ours)
        finally:
            signal.signal(signal.SIGINT, heard)

    def each(self, work: Work, tasks: Iterable[Any]) -> Iterator[Any]:
        """Yield what *work* makes of each task, in order. Raises what it raised, or WorkerDied."""
        idle, busy = list(self._pipes), dict[Connection, int]()
        done, following = dict[int, Any](), 0
        for number, task in enumerate(tasks):
            while not idle or number - following > AHEAD:
                self._take(idle, busy, done)
                while following in done:
                    yield done.pop(following)
                    following += 1
            self._give(idle.pop(), busy, number, (work, task))
        while busy or done:
            while following in done:
                yield done.pop(following)
                following += 1
            if busy:
                self._take(idle, busy, done)

    def end(self) -> None:
        """End every process; what is under way is cut off."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.terminate()
            process.join()

    def _give(
        self, pipe: Connection, busy: dict[Connection, int], number: int, order: object
    ) -> None:
        try:
            pipe.send(order)
        except OSError:
            raise WorkerDied from None
        busy[pipe] = number

    def _take(
        self, idle: list[Connection], busy: dict[Connection, int], done: dict[int, Any]
    ) -> None:
        for pipe in wait(list(busy)):
            assert isinstance(pipe, Connection)
            try:
                result = pipe.recv()
            except (EOFError, OSError):
                raise WorkerDied from None
            if isinstance(result, ServiceError):
                raise result
            done[busy.pop(pipe)] = result
            idle.append(pipe)


class Alone(Crew):
    """This process, which does the work itself: a small table is done before others have begun."""

    def __init__(self) -> None:
        super().__init__(0)

    def each(self, work: Work, tasks: Iterable[Any]) -> Iterator[Any]:
        """Yield what *work* makes of each task, in order. Raises what it raised."""
        for task in tasks:
            result = _done(work, task)
            if isinstance(result, ServiceError):
                raise result
            yield result


@contextmanager
def crew(count: int) -> Iterator[Crew]:
    """Yield *count* processes, or this one if that is 0; they are gone afterwards."""
    one = Crew(count) if count else Alone()
    try:
        yield one
    finally:
        one.end()


def _work(pipe: Connection) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    record.warm()
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)
    try:
        while True:
            work, task = pipe.recv()
            pipe.send(_done(work, task))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # nobody is left to work for


def _done(work: Work, task: Any) -> Any:
    try:
        return work(task)
    except ServiceError as fault:
        return fault
    except Exception as fault:  # its text may repeat a row
        return Unavailable(f"A fault of ours: {type(fault).__name__}.")
