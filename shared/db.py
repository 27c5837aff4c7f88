"""The only place a connection is made: embedded PostgreSQL or DATABASE_URL.

Every transaction runs as the role `leadfly_app`, which owns nothing, under
row-level security, and names its tenant first; one that named none sees
nothing. Create a `Database` after the server has forked: one pool a process.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool, PoolTimeout

from shared.embedded import Server
from shared.errors import ServiceError, Unavailable
from shared.settings import Settings

ROLE = "leadfly_app"
"""The role that every statement of a service runs as."""

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

CONNECT_SECONDS = 2.0
"""How long a request waits for a connection before it is told to come back."""

STATEMENT_MS = 10_000
"""No statement of a service may take longer; a waiting lock counts."""

log = logging.getLogger(__name__)


class TooPowerful(ServiceError):
    """The database login could bypass tenant isolation; give DATABASE_URL a plain login role."""


class ForeignKey(ServiceError):
    """This database was filled under another secret key; restore the key it belongs to."""


class Database:
    """A pool of connections that all run as the application role."""

    def __init__(self, conninfo: str, fingerprint: bytes | None = None, most: int = 8):
        """*fingerprint* is the keyring's; *most* is the number of connections (one a thread)."""
        self._fingerprint = fingerprint
        self._checked = fingerprint is None
        self._pool = ConnectionPool(
            conninfo,
            min_size=1,
            max_size=most,
            timeout=CONNECT_SECONDS,
            open=False,
            configure=_step_down,
            kwargs={"autocommit": True, "connect_timeout": 2, "application_name": "leadfly"},
        )
        self._pool.open(wait=False)

    @contextmanager
    def transaction(self, tenant_id: str) -> Iterator[psycopg.Connection]:
        """Yield a connection inside a transaction that sees this tenant's rows alone.

        Statements are sent in a pipeline: a result that nobody fetches costs no round trip.
        Raises Unavailable if the database cannot be reached or gave up.
        """
        with self._connection() as conn:
            try:
                # One pipeline around all of it: conn.transaction() would sync at each end.
                with conn.pipeline():
                    conn.execute("BEGIN")
                    conn.execute("SELECT set_config('leadfly.tenant_id', %s, true)", [tenant_id])
                    yield conn
                    conn.execute("COMMIT")
            finally:
                if conn.info.transaction_status != TransactionStatus.IDLE and not conn.closed:
                    conn.rollback()

    @contextmanager
    def lookup(self) -> Iterator[psycopg.Connection]:
        """Yield a connection inside a transaction that belongs to no tenant."""
        with self._connection() as conn, conn.transaction():
            yield conn

    def ready(self) -> tuple[bool, str]:
        """Return whether this database can be used now, and if not, why (no secrets in it)."""
        try:
            with self.lookup() as conn:
                row = conn.execute(
                    "SELECT max(migration_id) FROM public._yoyo_migration"
                ).fetchone()
        except Unavailable as error:
            return False, error.message
        except ServiceError as error:
            return False, error.message
        except psycopg.errors.UndefinedTable:
            return False, "The database is not migrated: run leadfly migrate."
        newest = max(path.stem for path in MIGRATIONS.glob("*.sql"))
        if row is None or (row[0] or "") < newest:
            return False, "The database is behind this version: run leadfly migrate."
        return True, "ready"

    def close(self) -> None:
        """Give every connection back to the server."""
        self._pool.close()

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection]:
        try:
            with self._pool.connection() as conn:
                if not self._checked:
                    self._check_key(conn)
                yield conn
        except PoolTimeout:
            raise Unavailable("The database cannot be reached; nothing was stored.") from None
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            log.error("database error, sqlstate %s", error.sqlstate)
            raise Unavailable from None

    def _check_key(self, conn: psycopg.Connection) -> None:
        """Claim an empty database for our key; refuse one that another key filled."""
        conn.execute(
            "INSERT INTO public.installation (fingerprint) VALUES (%s) ON CONFLICT DO NOTHING",
            [self._fingerprint],
        )
        row = conn.execute("SELECT fingerprint FROM public.installation").fetchone()
        if row is None or bytes(row[0]) != self._fingerprint:
            raise ForeignKey
        self._checked = True


def connect(settings: Settings, fingerprint: bytes | None = None) -> Database:
    """Return the database that *settings* name, without waiting for it to answer."""
    conninfo = settings.database_url or Server(settings.home).conninfo(ROLE)
    return Database(conninfo, fingerprint, most=settings.threads)


def _step_down(conn: psycopg.Connection) -> None:
    """Become the application role, and refuse a connection that could be more than that."""
    conn.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(ROLE)))
    conn.execute(sql.SQL("SET statement_timeout = {}").format(STATEMENT_MS))
    row = conn.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if row is None or row[0]:
        raise TooPowerful
