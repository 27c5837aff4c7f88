"""A rehearsal: leads are checked as ever, each also against those before it, and nothing stays."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from psycopg import Rollback

from services.dedup.import_store import enter
from shared.connection import Connection
from shared.db import Database


class Rehearsal(Database):
    """One transaction, of one tenant, that stands for a database and is undone at the end."""

    def __init__(self, conn: Connection):
        self._conn = conn

    @contextmanager
    def transaction(
        self, tenant_id: str, holding: Collection[int] = (), patience: float | None = None
    ) -> Iterator[Connection]:
        """Yield the one connection; what others store meanwhile is seen, too.

        Nothing is locked: what is undone anyway need not make live traffic wait.
        """
        yield self._conn


@contextmanager
def rehearsal(database: Database, tenant_id: str) -> Iterator[Rehearsal]:
    """Yield a stand-in for *database* in which nothing stays."""
    with database.lookup() as conn:
        enter(conn, tenant_id)
        yield Rehearsal(conn)
        raise Rollback
