"""yoyo-migrations' PostgreSQL backend, made safe against a kill at any moment.

yoyo applies a migration on one connection and records it on another; killed in
between, it would apply the same file twice. It also guards itself by a row that
a killed migrator leaves behind. `leadfly.migrate` holds the lock for us.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend


class Backend(PostgresqlPsycopgBackend):
    """One connection for everything; use it only while holding the migrators' lock."""

    schema = "public"

    def connect(self, dburi: str) -> psycopg.Connection:
        """Connect by a libpq string or URL, which yoyo's own parser would not understand."""
        return psycopg.connect(dburi, autocommit=True, connect_timeout=10)

    def list_tables(self, **_: Any) -> list[str]:
        """Return the tables of our schema; yoyo looks for its own among them."""
        rows = self.connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        )
        return [row[0] for row in rows]

    @contextmanager
    def lock(self, timeout: float = 10) -> Iterator[None]:
        """Do nothing: `leadfly.migrate` holds a lock that cannot go stale."""
        yield

    def apply_one(self, migration: Any, force: bool = False, mark: bool = True) -> None:
        """Apply *migration* and record it in the same transaction, as the role that owns all."""
        self.ensure_internal_schema_updated()
        with self.transaction():
            if self._owned_by_migrator():
                self.execute("SET LOCAL ROLE leadfly_migrator")
            migration.process_steps(self, "apply", force=force)
            if mark:
                self.init_connection(self.connection)  # the migration may have moved search_path
                self.mark_one(migration, log=False)

    def _owned_by_migrator(self) -> bool:
        """True once a migration (0010) has given the tables to the role that is made for them."""
        row = self.connection.execute(
            "SELECT relowner = to_regrole('leadfly_migrator') FROM pg_class "
            "WHERE oid = to_regclass('public.leads')"
        ).fetchone()
        return bool(row and row[0])
