"""Our kind of connection: it sends a pipeline's statements together, and waits no longer than told.

psycopg writes each statement of a pipeline to the socket by itself, and PostgreSQL wakes up for
each: two processes change places seven times for one lead. Sent together they change places
twice. See docs/decisions/0018.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from socket import SHUT_RDWR, socket
from typing import Any, Self

import psycopg
from psycopg._pipeline import Pipeline
from psycopg.abc import PQGen
from psycopg.conninfo import make_conninfo
from psycopg.generators import send
from psycopg.waiting import wait_conn

INTERVAL_SECONDS = 0.1
"""How often a wait looks up to see whether a signal came; psycopg's own figure."""


class NoAnswer(psycopg.OperationalError):
    """PostgreSQL did not answer in time; what became of the transaction is not known."""


class Connection(psycopg.Connection[Any]):
    """A connection that does not wait for ever."""

    patience: float | None = None
    """Seconds to wait for an answer, each time; None waits for ever."""

    @classmethod
    def within(cls, seconds: float, conninfo: str, **params: str) -> Self:
        """Return a new connection in autocommit, with *seconds* to connect and as its patience.

        libpq's own limit counts whole seconds, two at least. Raises OperationalError, of which
        NoAnswer says that the time was over.
        """
        connecting = cls._connect_gen(make_conninfo(conninfo, **params))
        try:
            conn = wait_conn(connecting, INTERVAL_SECONDS, seconds)
        except psycopg.errors._WaitTimeout:
            raise NoAnswer from None
        conn.autocommit = True
        conn.patience = seconds
        return conn

    @contextmanager
    def pipeline(self) -> Iterator[Pipeline]:
        """Enter pipeline mode: statements are sent when a result is fetched, or at the end."""
        if self._pipeline is None:
            self._pipeline = _Together(self)
        with super().pipeline() as pipeline:
            yield pipeline

    def command(self, statement: bytes) -> None:
        """Queue *statement*, one without parameters or rows, in the pipeline under way.

        A cursor of its own would cost more than BEGIN or COMMIT do.
        """
        pipeline = self._pipeline
        if pipeline is None:
            raise psycopg.ProgrammingError("not in a pipeline")
        pipeline.command_queue.append(partial(self.pgconn.send_query_params, statement, None))
        pipeline.result_queue.append(None)

    def cut(self) -> None:
        """End the conversation from another thread: whoever waits for an answer fails at once."""
        with suppress(psycopg.Error, OSError), socket(fileno=os.dup(self.fileno())) as plug:
            # Closed meanwhile, its number may have become a caller's socket before we copied it.
            if not self.closed:
                plug.shutdown(SHUT_RDWR)

    def wait(
        self, gen: PQGen[Any], interval: float = INTERVAL_SECONDS, timeout: float | None = None
    ) -> Any:
        """Wait for *gen* as long as our patience lasts; then close and raise NoAnswer.

        A *timeout* of psycopg's own is left to it.
        """
        if timeout is not None or self.patience is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        except psycopg.errors._WaitTimeout:
            self.close()
            raise NoAnswer from None


class _Together(Pipeline):
    """A pipeline that leaves its statements in libpq's buffer until somebody waits for one."""

    def _communicate_gen(self) -> PQGen[None]:
        while self.command_queue:
            self.command_queue.popleft()()
        return
        yield  # makes this the generator that psycopg expects

    def _sync_gen(self) -> PQGen[None]:
        yield from self._sent()
        yield from self._fetch_gen(flush=False)

    def _exit_gen(self) -> PQGen[None]:
        # psycopg also asks for a flush, in a write of its own; a sync makes the server flush.
        yield from self._sync_gen()

    def _sent(self) -> PQGen[None]:
        self._enqueue_sync()
        yield from self._communicate_gen()
        yield from send(self.pgconn)
