"""Bring a database up to the newest file in `migrations/`: plain SQL, forward only.

yoyo-migrations reads the files and keeps the record; three of its habits are
changed here. A migration and its record are one transaction, so a kill leaves
both or neither; waiting migrators queue on an advisory lock that dies with its
holder; and nobody's user or host name is stored.
"""

import argparse
from glob import escape
from pathlib import Path
from typing import Any

import psycopg

from leadfly.installation import as_owner
from leadfly.terminal import say
from shared.db import MIGRATIONS
from shared.errors import ServiceError
from shared.settings import Settings

LOCK = 0x1EADF1
"""Key of the session advisory lock that lets one migrator work at a time."""

RECORD = "_yoyo_migration"
"""yoyo's table in schema public; `migration_id` is the file's name without its suffix."""


class MigrationFailed(ServiceError):
    """A migration failed; nothing of it was kept."""


class Unreachable(ServiceError):
    """The database cannot be reached."""


def call(chosen: argparse.Namespace, settings: Settings) -> None:
    """Bring the installation's database up to this version, and say what was missing."""
    with as_owner(settings) as conninfo:
        applied = migrate(conninfo)
    say("\n".join(applied) or "up to date")


def migrate(conninfo: str, folder: Path = MIGRATIONS) -> list[str]:
    """Apply what *folder* has and the database has not; return the ids applied, in order.

    *conninfo* is a libpq URL or string of the role that shall own everything. Waits for
    another migrator to end. Raises MigrationFailed, naming the file and the SQLSTATE.
    """
    with connected(conninfo) as guard:
        guard.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        return _apply(conninfo, folder) if pending(guard, folder) else []


def pending(conn: psycopg.Connection, folder: Path = MIGRATIONS) -> list[str]:
    """Return the ids of the migrations that this database still lacks, oldest first."""
    wanted = sorted(path.stem for path in folder.glob("*.sql"))
    if conn.execute("SELECT to_regclass('public._yoyo_migration')").fetchone() == (None,):
        return wanted
    known = {row[0] for row in conn.execute("SELECT migration_id FROM public._yoyo_migration")}
    return [name for name in wanted if name not in known]


def latest(folder: Path = MIGRATIONS) -> str:
    """Return the id of the newest migration, which `/readyz` asks the database for."""
    return max(path.stem for path in folder.glob("*.sql"))


def connected(conninfo: str) -> psycopg.Connection:
    """Return a connection to *conninfo*. Raises Unreachable, which names host and user at most."""
    try:
        return psycopg.connect(conninfo, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:  # libpq names host and user here, never a password
        raise Unreachable(f"The database cannot be reached: {str(error).strip()}") from None
    except psycopg.ProgrammingError:
        raise Unreachable("DATABASE_URL is not a libpq URL such as postgresql://…") from None


def _apply(conninfo: str, folder: Path) -> list[str]:
    from yoyo import read_migrations  # 0.1 s to import, and most starts have nothing to apply

    from leadfly.yoyo_backend import Backend

    applied = []
    with Backend(conninfo, RECORD) as backend:
        for migration in backend.to_apply(read_migrations(escape(str(folder)))):
            try:
                backend.apply_one(migration)
            except psycopg.Error as error:
                raise MigrationFailed(_reason(migration.id, error)) from None
            applied.append(migration.id)
    return applied


def _reason(name: str, error: psycopg.Error) -> str:
    """Say what failed without repeating a row: only class 42 (syntax, names) speaks freely."""
    diagnosis: Any = error.diag
    about = [diagnosis.table_name, diagnosis.constraint_name]
    if (error.sqlstate or "").startswith("42"):
        about.append(diagnosis.message_primary)
    detail = ", ".join(part for part in about if part)
    return f"Migration {name} failed and was undone: SQLSTATE {error.sqlstate} {detail}".strip()
