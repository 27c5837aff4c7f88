"""The process that streams alerts and discoveries: what `leadfly stream` serves.

A stream holds a thread for as long as its reader stays, so it is none of theirs.
"""

import argparse
from dataclasses import replace
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped] # no stubs

from services.alerts.live import stream_routes
from services.alerts.live.hub import Hub
from services.alerts.live.peer import Peer
from services.alerts.live.watcher import Watcher
from services.discovery.live import room
from services.discovery.live import stream_routes as discovery_routes
from shared.settings import Settings, load
from shared.web.context import EXTENSION
from shared.web.gunicorn_worker import Worker
from shared.web.service import GATE, assembled

CONNECTIONS = 3
"""To the database: one looks for changes, the others let readers in."""

SPARE_THREADS = 8
"""Beside the streams: who is told that there is no room, and how we are, needs one for a moment."""

GRACEFUL_SECONDS = 5
"""How long streams may take to end after a stop is asked for; they do so at once."""

HUB, WATCHER = stream_routes.HUB, "leadfly.alert_watcher"


def create_app(settings: Settings | None = None) -> Flask:
    """Return the app that streams; call it once in each process, and `close` it at the end."""
    settings = settings or load()
    app = assembled("stream", (), (), replace(settings, threads=CONNECTIONS))
    hub = Hub(settings.stream_most, settings.stream_most_per_account)
    stream_routes.install(app, hub)
    discovery_routes.install(app, stream_routes.caller, Peer.of)
    watcher = Watcher(app.extensions[EXTENSION].database, app.extensions[GATE], hub)
    app.extensions[WATCHER] = watcher
    watcher.start()
    return app


def close(app: Flask) -> None:
    """End every stream of *app*: readers come back to whoever is there then."""
    app.extensions[WATCHER].close()
    app.extensions[HUB].close()
    app.extensions[discovery_routes.ROOM].close()


class StreamWorker(Worker):
    """A worker that ends its streams when it is asked to stop: by themselves they go on."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        """End the streams, then stop as workers do."""
        super().handle_exit(sig, frame)
        if isinstance(self.wsgi, Flask):
            close(self.wsgi)


class Server(BaseApplication):
    """Gunicorn with one worker: tickets and caps are counted in one process."""

    def __init__(self, settings: Settings):
        """*settings* say where to listen, and for how many."""
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Set what the settings say."""
        chosen = self._settings
        host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
        threads = chosen.stream_most + room.MOST + SPARE_THREADS
        for name, value in {
            "bind": f"{host}:{chosen.stream_port}",
            "worker_class": StreamWorker,
            "workers": 1,
            "threads": threads,
            "worker_connections": 2 * threads,
            "keepalive": 2,
            "graceful_timeout": GRACEFUL_SECONDS,
            "loglevel": "warning",
            "logger_class": "shared.web.gunicorn_logs.Logger",
            "control_socket_disable": True,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the app, in the worker: it opens connections."""
        return create_app(self._settings)


def run(settings: Settings) -> None:
    """Serve streams until SIGTERM or SIGINT."""
    Server(settings).run()


def call(chosen: argparse.Namespace, settings: Settings) -> None:
    """Stream until a stop is asked for."""
    run(settings)
