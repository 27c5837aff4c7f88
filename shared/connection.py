"""Our kind of connection: it sends a pipeline's statements together, and waits no longer than told.

psycopg writes each statement of a pipeline to the socket by itself, and PostgreSQL wakes up for
each: two processes change places seven times for one lead. Sent together they change places
twice. See docs/decisions/0018.

Of the time that psycopg takes for a statement most goes into what a lead's statements never need:
parameters of any type, adapters of a cursor's own, placeholders read anew. A statement in a
pipeline whose parameters are texts is queued without that.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from socket import SHUT_RDWR, socket
from typing import Any, NamedTuple, Self

import psycopg
from psycopg._pipeline import Pipeline
from psycopg._preparing import Prepare
from psycopg._queries import _query2pg
from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.conninfo import make_conninfo
from psycopg.generators import send
from psycopg.pq import Format
from psycopg.waiting import wait_conn

INTERVAL_SECONDS = 0.1
"""How often a wait looks up to see whether a signal came; psycopg's own figure."""

MOST_STATEMENTS = 128
"""Statements of which one process remembers how PostgreSQL reads them; the services have 60."""

PLANNED_ANEW = False
"""For `execute(prepare=…)` of a statement about many leads at once: PostgreSQL keeps the plan of a
prepared one, and one made while the tables were a page each reads all of them for every lead."""


class NoAnswer(psycopg.OperationalError):
    """PostgreSQL did not answer in time; what became of the transaction is not known."""


class Connection(psycopg.Connection[Any]):
    """A connection that does not wait for ever."""

    patience: float | None = None
    """Seconds to wait for an answer, each time; None waits for ever."""

    admitted: bool = False
    """True once the database at its other end was found to be one that may be used."""

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
        with self.lock:
            self._check_connection_ok()
            pipeline = self._pipeline = self._pipeline or _Together(self)
        try:
            with pipeline:
                yield pipeline
        finally:
            if pipeline.level == 0:
                self._pipeline = None

    def execute(
        self, query: Any, params: Any = None, *, prepare: bool | None = None, binary: bool = False
    ) -> psycopg.Cursor[Any]:
        """Execute as psycopg does; in a pipeline, a statement of named texts the short way."""
        pipeline = self._pipeline
        texts = type(query) is str and type(params) is dict and prepare is None
        if texts and isinstance(pipeline, _Together) and self.autocommit:
            statement = _statement(query)
            values = statement.values(params, self.pgconn._encoding)
            if values:
                with self.lock:
                    self._check_connection_ok()
                    cursor = _TextCursor(self, binary)
                    pipeline.put(statement, values, cursor)
                    if self._prepared._to_flush:
                        self.wait(self._prepared.maintain_gen(self))
                return cursor
        return super().execute(query, params, prepare=prepare, binary=binary)

    def command(self, statement: bytes) -> None:
        """Queue *statement*, one without parameters or rows, in the pipeline under way.

        A cursor of its own would cost more than BEGIN or COMMIT do.
        """
        pipeline = self._pipeline
        if pipeline is None:
            raise psycopg.ProgrammingError("not in a pipeline")
        pipeline.command_queue.append(partial(self.pgconn.send_query_params, statement, None))
        pipeline.result_queue.append(None)

    def set_off(self) -> None:
        """Send what is queued, so that the server works on it while we do something else."""
        with self.lock:
            if isinstance(self._pipeline, _Together):
                self.wait(self._pipeline.sent())

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


class _Statement(NamedTuple):
    """A statement as PostgreSQL reads it, where every parameter is a text.

    psycopg's list of prepared statements asks for `query` and `types`.
    """

    query: bytes
    types: tuple[int, ...]
    """OIDs of the parameters: 0, as psycopg sends a text; the server sees what it is for."""
    names: Sequence[str]
    """The parameters in the server's order; none if they have no names."""

    def values(self, params: Mapping[str, Any], encoding: str) -> list[bytes] | None:
        """Return *params* in the server's order; None if one is no text that it takes."""
        values = []
        for name in self.names:
            value = params.get(name)
            if type(value) is not str or "\0" in value:
                return None
            values.append(value.encode(encoding))
        return values


@lru_cache(MOST_STATEMENTS)
def _statement(query: str) -> _Statement:
    converted, formats, order, _ = _query2pg(query.encode(), "utf-8")
    names = order if order and all(wanted is PyFormat.AUTO for wanted in formats) else ()
    return _Statement(converted, (0,) * len(names), names)


class _TextCursor(psycopg.Cursor[Any]):
    """A cursor of one statement; it copies no adapters, for nobody changes those of one."""

    __slots__ = ()

    def __init__(self, conn: Connection, binary: bool):
        self._conn, self._pgconn, self._adapters = conn, conn.pgconn, conn.adapters
        self.format = Format.BINARY if binary else Format.TEXT
        self.arraysize, self._closed, self._last_query = 1, False, None
        self._row_factory = conn.row_factory
        self._tx = Transformer(self)
        self._reset()


class _Together(Pipeline):
    """A pipeline that leaves its statements in libpq's buffer until somebody waits for one."""

    def __enter__(self) -> Self:
        if self.level:
            return super().__enter__()
        self.pgconn.enter_pipeline_mode()  # nothing is sent, so there is nothing to wait for
        self.level = 1
        return self

    def put(self, statement: Any, values: list[bytes], cursor: _TextCursor) -> None:
        """Queue *statement*, prepared as psycopg prepares it; *cursor* gets its result."""
        self._hand_over()
        ours, prepared = self.pgconn, self._conn._prepared
        prepare, name = prepared.get(statement)
        if prepare is Prepare.SHOULD:
            ours.send_prepare(name, statement.query, statement.types)
            self.result_queue.append(None)
        if prepare is Prepare.NO:
            ours.send_query_params(statement.query, values, statement.types, None, cursor.format)
        else:
            ours.send_query_prepared(name, values, None, cursor.format)
        key = prepared.maybe_add_to_cache(statement, prepare, name)
        self.result_queue.append((cursor, None if key is None else (key, prepare, name)))

    def _hand_over(self) -> None:
        """Give what is queued to libpq, which keeps it."""
        while self.command_queue:
            self.command_queue.popleft()()

    def _communicate_gen(self) -> PQGen[None]:
        self._hand_over()
        return
        yield  # makes this the generator that psycopg expects

    def sent(self) -> PQGen[None]:
        """Send what is queued; its results come when the server is asked for them."""
        yield from self._communicate_gen()
        yield from send(self.pgconn)

    def _sync_gen(self) -> PQGen[None]:
        yield from self._sent()
        yield from self._fetch_gen(flush=False)

    def _exit_gen(self) -> PQGen[None]:
        # psycopg also asks for a flush, in a write of its own; a sync makes the server flush.
        yield from self._sync_gen()

    def _sent(self) -> PQGen[None]:
        self._enqueue_sync()
        yield from self.sent()
