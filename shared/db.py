"""The only door to the database: embedded PostgreSQL or DATABASE_URL.

Every transaction runs as one of ROLES, which own nothing, under row-level
security, and names its tenant first; one that named none sees nothing.
Create a `Database` after the server has forked: one pool a process.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus

from shared.connection import Connection
from shared.embedded import Server
from shared.erasure_ledger import ErasureLedger
from shared.errors import ServiceError, Unavailable
from shared.pool import WatchedPool
from shared.settings import Settings

ROLE = "leadfly_app"
"""The role that answers requests; migration 0010 says what each role may do."""

WORKER = "leadfly_worker"
"""The role of everything that goes on without a request."""

ERASER = "leadfly_eraser"
"""The role that erases leads and people."""

ROLES = (ROLE, WORKER, ERASER)
"""What a process may step down to."""

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

LOCK_SECONDS = 2.0
"""How long a decision waits for the one before it; a whole decision takes milliseconds."""

STATEMENT_SECONDS = 0.4
"""How long one lead's statement may take before the database counts as hung: a hundred times what
it usually takes, and still an answer in half a second."""

STATEMENT_MS = 10_000
"""No statement of a service may take longer; a waiting lock counts."""


NOT_MIGRATED = "The database is behind this version: run leadfly migrate."

BEHIND = (psycopg.errors.UndefinedFunction, psycopg.errors.InsufficientPrivilege)
"""What a database says that does not know the ledger of erasures yet, or not for this role."""


class TooPowerful(ServiceError):
    """The database login could bypass tenant isolation; give DATABASE_URL a plain login role."""


class NotAMember(ServiceError):
    """The database login may not work as this role; leadfly doctor says what to grant."""


class ForeignKey(ServiceError):
    """This database was filled under another secret key; restore the key it belongs to."""


class ErasuresMissing(Unavailable):
    """People who were erased are back in this restored database: run leadfly reapply-erasures."""


class Database:
    """A pool of connections that all run as one role."""

    def __init__(
        self,
        conninfo: str,
        fingerprint: bytes | None = None,
        most: int = 8,
        role: str = ROLE,
        ledger: ErasureLedger | None = None,
    ):
        """*fingerprint* is the keyring's; *most* is the number of connections (one a thread).

        With a *ledger* nobody works with a database that lacks one of its erasures.
        """
        self._fingerprint, self._ledger = fingerprint, ledger
        self._checked = fingerprint is None
        self._pool = WatchedPool(conninfo, most, partial(_step_down, role))

    def watch(self, changed: Callable[[bool], None] | None = None) -> None:
        """From now on notice within half a second that the database is away, and that it is back.

        While it is away every call raises Unavailable at once. *changed* hears whether it is away,
        at once and at every change. For processes that answer callers.
        """
        self._pool.watch(changed)

    @property
    def away(self) -> bool:
        """True while a watched database does not answer."""
        return self._pool.away

    @property
    def closed(self) -> bool:
        """True once nobody will be answered any more."""
        return self._pool.closed

    @contextmanager
    def transaction(
        self, tenant_id: str, holding: Collection[int] = (), patience: float | None = None
    ) -> Iterator[Connection]:
        """Yield a connection inside a transaction that sees this tenant's rows alone.

        It holds the keys *holding* to its end, so that transactions which share one come in turn.
        With *patience* (seconds) it waits LOCK_SECONDS for them at most, and no longer than that
        for any later statement. Statements are sent in a pipeline: a result that nobody fetches
        costs no round trip. Raises Unavailable if the database cannot be reached or gave up.
        """
        with self._connection() as conn:
            conn.patience = patience and patience + LOCK_SECONDS
            try:
                # One pipeline around all of it: conn.transaction() would sync at each end.
                with conn.pipeline():
                    conn.command(b"BEGIN")
                    enter(conn, tenant_id, holding, patience)
                    yield conn
                    conn.command(b"COMMIT")
            finally:
                if conn.info.transaction_status != TransactionStatus.IDLE and not conn.closed:
                    conn.rollback()

    @contextmanager
    def lookup(self) -> Iterator[Connection]:
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
        except ServiceError as error:
            return False, error.message
        except psycopg.errors.UndefinedTable:
            return False, "The database is not migrated: run leadfly migrate."
        newest = max(path.stem for path in MIGRATIONS.glob("*.sql"))
        if row is None or (row[0] or "") < newest:
            return False, NOT_MIGRATED
        return True, "ready"

    def close(self) -> None:
        """Give every connection back to the server."""
        self._pool.close()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        with self._pool.connection() as conn:
            if not self._checked:
                self._check_key(conn)
            if not conn.admitted:
                self._check_erasures(conn)
            yield conn

    def _check_key(self, conn: psycopg.Connection) -> None:
        """Claim an empty database for our key; refuse one that another key filled."""
        query = "SELECT fingerprint FROM public.installation"
        row = conn.execute(query).fetchone()
        if row is None:
            conn.execute(
                "INSERT INTO public.installation (fingerprint) VALUES (%s) ON CONFLICT DO NOTHING",
                [self._fingerprint],
            )
            row = conn.execute(query).fetchone()
        if row is None or bytes(row[0]) != self._fingerprint:
            raise ForeignKey
        self._checked = True

    def _check_erasures(self, conn: Connection) -> None:
        """Refuse a database that was restored to a moment before an erasure.

        Each connection asks once: a server that was restored meanwhile has closed the others.
        """
        newest = self._ledger.newest() if self._ledger else []
        if newest:
            query = "SELECT count(*) FROM privacy.missing_erasures(%s::uuid[])"
            try:
                row = conn.execute(query, [newest]).fetchone()
            except BEHIND as error:
                raise Unavailable(NOT_MIGRATED) from error
            if row != (0,):
                raise ErasuresMissing
        conn.admitted = True


def enter(
    conn: psycopg.Connection,
    tenant_id: str,
    holding: Collection[int] = (),
    patience: float | None = None,
) -> None:
    """Name the tenant, and lock the keys *holding* in sorted order, so that nobody deadlocks.

    The lock is in a statement before any that reads: under READ COMMITTED the next one then
    sees what the previous holder committed. *patience* is the limit of every statement after it.
    """
    keys = "{" + ",".join(map(str, sorted(set(holding)))) + "}"
    conn.execute(
        """
        SELECT set_config('leadfly.tenant_id', %(tenant)s, true),
               set_config('lock_timeout', %(lock_ms)s, true),
               set_config('statement_timeout', %(statement_ms)s, true),
               (SELECT count(pg_advisory_xact_lock(key)) FROM unnest(%(keys)s::bigint[]) AS key)
        """,
        {
            "tenant": tenant_id,
            "lock_ms": str(int(LOCK_SECONDS * 1000)) if patience else "0",
            "statement_ms": str(int(patience * 1000) if patience else STATEMENT_MS),
            "keys": keys,
        },
    )


def connect(settings: Settings, fingerprint: bytes | None = None, role: str = ROLE) -> Database:
    """Return the database that *settings* name, without waiting for it to answer."""
    ledger = ErasureLedger(settings.ledger_folder)
    return Database(conninfo(settings, role), fingerprint, settings.threads, role, ledger)


def conninfo(settings: Settings, role: str) -> str:
    """Return libpq's string for whoever works as *role*.

    The embedded server lets each role in by itself; elsewhere a login steps down to it.
    """
    if not settings.database_url:
        return Server(settings.home).conninfo(role)
    if role == ERASER and settings.eraser_database_url:
        return settings.eraser_database_url
    return settings.database_url


def _step_down(role: str, conn: psycopg.Connection) -> None:
    """Become *role*, and refuse a connection that could be more than that."""
    try:
        conn.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    except psycopg.errors.InsufficientPrivilege:
        raise NotAMember from None
    conn.execute(sql.SQL("SET statement_timeout = {}").format(STATEMENT_MS))
    row = conn.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if row is None or row[0]:
        raise TooPowerful
