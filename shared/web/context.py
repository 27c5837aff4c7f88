"""What every route may ask for: the settings, the database, the caches of this app."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, cast

from flask import Flask, Request
from flask.ctx import _AppCtxGlobals
from flask.globals import _cv_app, _cv_request

from shared.privacy.pseudonym import Keyring
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
    keyring: Keyring | None = None
    """Opens signing keys; without one nobody's signature is good."""

    @property
    def lead_form_rules(self) -> frozenset[str]:
        """The rules of routes that pages of other web sites may post to."""
        return frozenset(o.path for o in self.operations if o.for_lead_forms)


def context() -> Context:
    """Return the running app's context. Raises KeyError if `shared.web.app` did not make it."""
    return cast(Context, _cv_app.get().app.extensions[EXTENSION])


def app() -> Flask:
    """Return the running app itself, as `running` says. Raises LookupError if none runs."""
    return _cv_app.get().app


def running() -> Request:
    """Return the running request itself.

    Flask's `request` stands for it and looks it up at every use, which takes seven times as long
    as this: for what every request passes. Raises LookupError where none runs.
    """
    return _cv_request.get().request


def notes() -> _AppCtxGlobals:
    """Return what we noted of the running request: Flask's `g` itself, as `running` says."""
    return _cv_app.get().g


def settings() -> Settings:
    """Return the settings that the running app was given."""
    return context().settings


def database() -> Any:
    """Return the database that the running app was given."""
    return context().database
