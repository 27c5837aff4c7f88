"""What every route may ask for: the settings, the database, the caches of this app."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, cast

from flask import current_app

from shared.settings import Settings
from shared.web.key_cache import KeyCache

EXTENSION = "leadfly"
"""Where the context stands in `app.extensions`."""


class Database(Protocol):
    """What this package asks of a database: `shared.db.Database`, or a stand-in in a test."""

    def transaction(self, tenant_id: str) -> AbstractContextManager[Any]:
        """Yield a connection in a transaction that sees this tenant alone."""

    def lookup(self) -> AbstractContextManager[Any]:
        """Yield a connection in a transaction of no tenant."""

    def ready(self) -> tuple[bool, str]:
        """Return whether the database can be used, and if not, why."""


@dataclass(frozen=True, slots=True)
class Context:
    """What `shared.web.app` was given, and what it made of it."""

    service: str
    settings: Settings
    database: Any
    key_cache: KeyCache
    log_key: bytes
    """Keys the hash that stands for a tenant in the logs."""


def context() -> Context:
    """Return the running app's context. Raises KeyError if `shared.web.app` did not make it."""
    return cast(Context, current_app.extensions[EXTENSION])


def settings() -> Settings:
    """Return the settings that the running app was given."""
    return context().settings


def database() -> Any:
    """Return the database that the running app was given."""
    return context().database
