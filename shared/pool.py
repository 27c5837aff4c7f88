"""Connections for many threads, and a watch over them: while the database is away nobody waits.

The watch is a circuit breaker whose probe, the *pulse*, has a connection of its own. When it opens,
whoever waits for the database is let go; when it closes, everyone gets new connections.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from shared.breaker import Breaker
from shared.connection import Connection, NoAnswer
from shared.errors import Unavailable
from shared.seldom import Seldom

CONNECT_SECONDS = 2.0
"""How long a request waits for a connection before it is told to come back."""

PULSE_SECONDS = 0.4
"""How long `SELECT 1` may take before the database counts as hung; a healthy one takes 0.1 ms."""

LET_GO_SECONDS = 0.01
"""What the threads of a pool may take to end before those who wait for a connection are told."""

AWAY = ("25006", "53100", "57P02", "57P03")
"""SQLSTATEs that say nobody is served just now: read only, disk full, crashed, starting."""

NAME = "leadfly"
"""What PostgreSQL calls our connections in `pg_stat_activity`."""

SELDOM = Seldom()
"""An outage breaks every connection in one millisecond, and each would have a line."""

THEIRS = ("psycopg", "psycopg.pool")
"""Loggers of the driver that complain of each connection."""

log = logging.getLogger(__name__)

Configure = Callable[[Connection], None]
"""Makes a new connection one of ours, or raises."""


class WatchedPool:
    """A pool of connections of which each has been configured; safe for threads."""

    def __init__(self, conninfo: str, most: int, configure: Configure):
        """*conninfo* is libpq's; *most* is the number of connections."""
        self._conninfo, self._most, self._configure = conninfo, most, configure
        self._pool = self._new_pool()
        self._busy: set[Connection] = set()
        self.closed = False
        """True once `close` was called."""
        self._pulse = Pulse(conninfo, configure)
        self._breaker = Breaker(self._probe, self._leave, self._return, PULSE_SECONDS)
        for name in THEIRS:
            logging.getLogger(name).addFilter(SELDOM)

    def watch(self, changed: Callable[[bool], None] | None = None) -> None:
        """Keep an eye on the database from now on; *changed* hears whether it is away."""
        self._breaker.start(changed)

    @property
    def away(self) -> bool:
        """True while a watched database does not answer."""
        return self._breaker.open

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Yield a connection. Raises Unavailable if there is none, or if it breaks in the block."""
        self._refuse_if_away()
        try:
            pool = self._pool
            conn = pool.getconn()
            try:
                with self._noted(conn):
                    yield conn
            finally:
                # It rolls back what is under way; the pool's own block would also try a commit.
                pool.putconn(conn)
        except (PoolTimeout, PoolClosed):
            raise Unavailable("The database cannot be reached; nothing was stored.") from None
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            _note(error.sqlstate)
            raise Unavailable from None
        except psycopg.Error as error:
            if error.sqlstate in AWAY:
                raise Unavailable from None
            raise

    def close(self) -> None:
        """Watch no more, and give every connection back to the server."""
        self.closed = True
        self._breaker.stop()
        self._pool.close()
        self._pulse.close()

    def _refuse_if_away(self) -> None:
        if self.away:
            raise Unavailable("The database is away; nothing was stored.")

    @contextmanager
    def _noted(self, conn: Connection) -> Iterator[None]:
        """Know *conn* as one that somebody waits on, for as long as the block takes."""
        self._busy.add(conn)
        try:
            self._refuse_if_away()  # those who were busy then have been let go, and we were not
            yield
        except psycopg.Error as error:
            if error.sqlstate in AWAY:
                self._breaker.trip(f"sqlstate {error.sqlstate}")
            raise
        finally:
            self._busy.discard(conn)
            conn.patience = None

    def _new_pool(self) -> ConnectionPool[Connection]:
        pool = ConnectionPool(
            self._conninfo,
            connection_class=Connection,
            min_size=1,
            max_size=self._most,
            timeout=CONNECT_SECONDS,
            open=False,
            configure=self._configured,
            # Two seconds are the least that libpq knows.
            kwargs={"autocommit": True, "connect_timeout": 2, "application_name": NAME},
        )
        pool.open(wait=False)
        return pool

    def _configured(self, conn: Connection) -> None:
        conn.patience = CONNECT_SECONDS  # or a thread of the pool would wait for ever
        self._configure(conn)
        conn.patience = None

    def _probe(self, thorough: bool) -> None:
        if self._pulse.ask(thorough):
            return
        # Somebody ended our connection and may have ended more; nobody's lead should find out.
        self._pool.drain()

    def _leave(self) -> None:
        """Let everyone go who waits for the database."""
        for conn in list(self._busy):
            conn.cut()
        self._pool.close(LET_GO_SECONDS)

    def _return(self) -> None:
        """Begin anew: connections from before the outage may be dead and not know it."""
        pool = self._new_pool()
        pool.wait(CONNECT_SECONDS)  # closes it and raises PoolTimeout if that is too short
        self._pool = pool


def _note(sqlstate: str | None) -> None:
    """Log that a connection failed, unless many do."""
    left_out = SELDOM.due(sqlstate)
    if left_out is not None:
        fields = {"like_it_before": left_out} if left_out else {}
        log.error("database error, sqlstate %s", sqlstate, extra={"fields": fields})


class Pulse:
    """Asks the database whether it is there, on a connection of its own; for one thread."""

    def __init__(self, conninfo: str, configure: Configure):
        """Nothing is connected yet."""
        self._conninfo, self._configure = conninfo, configure
        self._conn: Connection | None = None

    def ask(self, thorough: bool) -> bool:
        """Raise unless the database answers in PULSE_SECONDS; *thorough*, it must also write.

        Return False if the connection had to be made again. That it broke proves nothing: somebody
        may have ended it alone. A thorough answer is given on a new one, because that is what
        everyone gets next: an older one may be writable, or read only, when they are not.
        """
        if self._conn is None or thorough:
            self._reconnect()
        try:
            self._listen(thorough)
        except NoAnswer:
            raise
        except psycopg.OperationalError:
            if thorough:
                raise
            self._reconnect()
            self._listen(thorough)
            return False
        return True

    def close(self) -> None:
        """Give the connection back to the server."""
        if self._conn:
            self._conn.close()

    def _listen(self, thorough: bool) -> None:
        assert self._conn is not None  # whoever calls has connected
        self._conn.execute(_WRITE if thorough else "SELECT 1")

    def _reconnect(self) -> None:
        self.close()
        self._conn = None
        conn = Connection.within(PULSE_SECONDS, self._conninfo, application_name=NAME)
        try:
            self._configure(conn)
        except BaseException:
            conn.close()
            raise
        self._conn = conn


_WRITE = """
    INSERT INTO public.schedules (name, due_at) VALUES ('database written', now())
    ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at
"""
