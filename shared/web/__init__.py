"""What makes a Flask app one of ours: strict bodies, JSON errors, auth, request id, health.

A service's `create_app()` calls `app`; its routes call `caller`, `body`, `loaded`
and `reply`, and let errors of `shared.errors` rise.
"""

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Flask, Request
from werkzeug.routing import MapAdapter

from shared import keys
from shared.privacy.pseudonym import Keyring
from shared.settings import Settings
from shared.web import (
    apidocs,
    auth,
    cors,
    errors,
    health,
    limits,
    logs,
    metrics,
    replies,
    routes,
)
from shared.web.auth import EVERYBODY, SERVERS, SIGNERS, acting, admit, granted, page_key
from shared.web.body import body, is_json, raw_body
from shared.web.context import EXTENSION, Context, Database, database, settings
from shared.web.credentials import message_key
from shared.web.errors import fault
from shared.web.key_cache import KeyCache
from shared.web.limits import caller, limited
from shared.web.operation import Operation
from shared.web.query import query
from shared.web.replies import as_json, created, reply, timestamp, writer

__all__ = [
    "EVERYBODY",
    "SERVERS",
    "SIGNERS",
    "acting",
    "admit",
    "app",
    "as_json",
    "body",
    "caller",
    "created",
    "database",
    "fault",
    "granted",
    "is_json",
    "limited",
    "message_key",
    "page_key",
    "query",
    "raw_body",
    "reply",
    "settings",
    "timestamp",
    "writer",
]


def app(
    name: str,
    blueprints: Iterable[Blueprint],
    settings: Settings,
    database: Database,
    log_key: bytes | None = None,
    operations: Iterable[Operation] = (),
    known: Callable[[str], keys.KnownKey] | None = None,
    keyring: Keyring | None = None,
) -> Flask:
    """Return the app of the service *name* with its *blueprints*, and with everything of ours.

    *log_key* (32 bytes) keys the hashes that stand for tenants in the logs; without one they
    differ from process to process. *operations* describe the routes of *blueprints*. *known* finds
    an API key by its prefix while the database is away, or raises Unavailable. *keyring* opens
    the signing keys. Logging of the whole process is set up on the way.
    """
    logs.configure(name)
    flask = _App("shared.web", static_folder=None)
    flask.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    # A redirect to add a slash would answer a POST with HTML and repeat its address.
    flask.url_map.strict_slashes = False
    flask.url_map.merge_slashes = False
    flask.extensions[EXTENSION] = Context(
        name,
        settings,
        database,
        KeyCache(_finder(database), known=known),
        log_key or secrets.token_bytes(32),
        (*operations, *health.OPERATIONS, *apidocs.OPERATIONS),
        keyring,
    )
    for part in _PARTS:
        part.install(flask)
    for blueprint in (health.blueprint, apidocs.blueprint, *blueprints):
        flask.register_blueprint(blueprint)
    return flask


class _App(Flask):
    """Flask without its own words about errors, and without looking for async functions."""

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return what finds the route of *request*.

        Flask's looks into the host of each request, which no rule of ours asks for: routes are
        the same under every name, and no address is made of one.
        """
        if request is None:
            return super().create_url_adapter(request)
        environ = request.environ
        return MapAdapter(
            self.url_map,
            "localhost",
            environ.get("SCRIPT_NAME") or "/",
            "",
            environ["wsgi.url_scheme"],
            request.path,
            environ["REQUEST_METHOD"],
            environ.get("QUERY_STRING", ""),
        )

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return *func*: ours are synchronous, and Flask inspects them for each request anew."""
        return func

    def log_exception(self, *_: Any, **__: Any) -> None:
        """Say nothing: `shared.web.errors` has, and Flask's line would hold the request's path."""


def _finder(database: Database) -> Any:
    def find(prefix: str) -> keys.ApiKey | None:
        with database.lookup() as conn:
            return keys.by_prefix(conn, prefix)

    return find


# Before a request they run in this order, after it in the reverse: the log line comes last.
_PARTS: tuple[Any, ...] = (routes, logs, metrics, limits, auth, cors, errors, replies)
