"""What every route may ask for: the settings, the database, the caches of this app."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, cast

from flask import current_app

from shared.settings import Settings
from shared.web.key_cache import KeyCache
from shared.web.operation import Operation

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
    operations: Sequence[Operation] = ()
    """What the API description says of the routes."""

    @property
    def lead_form_rules(self) -> frozenset[str]:
        """The rules of routes that pages of other web sites may post to."""
        return frozenset(o.path for o in self.operations if o.for_lead_forms)


def context() -> Context:
    """Return the running app's context. Raises KeyError if `shared.web.app` did not make it."""
    return cast(Context, current_app.extensions[EXTENSION])


def settings() -> Settings:
    """Return the settings that the running app was given."""
    return context().settings


def database() -> Any:
    """Return the database that the running app was given."""
    return context().database
