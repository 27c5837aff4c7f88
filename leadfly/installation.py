"""The installation that a command works on: its database, as the owner or as one of its roles."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared import db
from shared.db import ERASER, ROLE, WORKER, Database
from shared.embedded import OWNER, Server
from shared.errors import Unavailable
from shared.keyfile import keyring
from shared.settings import Settings


@contextmanager
def as_owner(settings: Settings) -> Iterator[str]:
    """Yield the owner's connection string; the embedded server is started only if it is down."""
    if settings.database_url:
        yield settings.migrations_database_url or settings.database_url
        return
    server = Server(settings.home)
    if server.running():
        yield server.conninfo(OWNER)
        return
    server.start()
    try:
        yield server.conninfo(OWNER)
    finally:
        server.stop()


@contextmanager
def as_application(settings: Settings) -> Iterator[Database]:
    """Yield the database as the services see it. Raises Unavailable if it is not migrated."""
    with _as_role(settings, ROLE) as database:
        yield database


@contextmanager
def as_worker(settings: Settings) -> Iterator[Database]:
    """Yield the database as the worker sees it. Raises Unavailable if it is not migrated."""
    with _as_role(settings, WORKER) as database:
        yield database


@contextmanager
def as_eraser(settings: Settings) -> Iterator[Database]:
    """Yield the database as whoever erases. Raises Unavailable if it is not migrated."""
    with _as_role(settings, ERASER) as database:
        yield database


@contextmanager
def _as_role(settings: Settings, role: str) -> Iterator[Database]:
    with as_owner(settings):
        database = db.connect(settings, keyring(settings).fingerprint, role)
        try:
            ready, reason = database.ready()
            if not ready:
                raise Unavailable(reason)
            yield database
        finally:
            database.close()
