"""A service put together: settings, secret key, privacy gate and database around its routes."""

from collections.abc import Iterable
from typing import cast

from flask import Blueprint, Flask, current_app

from shared import db, web
from shared.key_snapshot import KeySnapshot
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.settings import Settings, load
from shared.spool import Spool
from shared.web import metrics
from shared.web.operation import Operation
from shared.web.outage_metrics import DATABASE_AWAY, SpoolGauges

GATE = "leadfly.gate"
"""Where the privacy gate stands in `app.extensions`."""

SPOOL = "leadfly.spool"
"""Where the spool stands in `app.extensions`."""

KEY_SNAPSHOT = "leadfly.key_snapshot"
"""Where the snapshot of API keys stands in `app.extensions`; sources have tokens in every mode."""


def assembled(
    name: str,
    blueprints: Iterable[Blueprint],
    operations: Iterable[Operation],
    settings: Settings | None = None,
) -> Flask:
    """Return the app *name* with its *blueprints* on the installation that *settings* describe.

    *operations* are what the API description says of the blueprints' routes.
    Call it once in each process, after the server has forked: it opens the connection pool.
    Raises SettingsError if the configuration is not usable.
    """
    settings = settings or load()
    keys = keyring(settings)
    database = db.connect(settings, keys.fingerprint)
    snapshot = KeySnapshot(database, keys, settings.spool_folder)
    app = web.app(
        name, blueprints, settings, database, keys.log_key, operations, snapshot.key, keys
    )
    app.extensions[GATE] = Gate(settings.mode, keys)
    app.extensions[SPOOL] = waiting = Spool(settings.spool_folder)
    app.extensions[metrics.AT_SCRAPE] = (SpoolGauges(waiting),)
    database.watch(DATABASE_AWAY.set)
    app.extensions[KEY_SNAPSHOT] = snapshot
    snapshot.start()
    return app


def gate() -> Gate:
    """Return the running app's privacy gate."""
    return cast(Gate, current_app.extensions[GATE])


def spool() -> Spool:
    """Return this host's spool of leads that wait for the database."""
    return cast(Spool, current_app.extensions[SPOOL])
