"""A rehearsal: leads are checked as ever, each also against those before it, and nothing stays."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from psycopg import Connection, Rollback

from services.dedup.import_store import enter
from shared.db import Database
from shared.privacy.gate import Pseudonym


class Rehearsal(Database):
    """One transaction, of one tenant, that stands for a database and is undone at the end."""

    def __init__(self, conn: Connection):
        self._conn = conn

    @contextmanager
    def transaction(self, tenant_id: str) -> Iterator[Connection]:
        """Yield the one connection; what others store meanwhile is seen, too."""
        yield self._conn


@contextmanager
def rehearsal(database: Database, tenant_id: str) -> Iterator[Rehearsal]:
    """Yield a stand-in for *database* in which nothing stays."""
    with database.lookup() as conn:
        enter(conn, tenant_id)
        yield Rehearsal(conn)
        raise Rollback


def unlocked(conn: Connection, keys: Sequence[Pseudonym]) -> None:
    """Lock nothing: what is undone anyway need not make live traffic wait."""
