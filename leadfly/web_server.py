"""The services' process on one machine: gunicorn, with every service behind one port."""

import errno
import http.client
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from leadfly.child import Child
from shared.errors import ServiceError
from shared.settings import Settings
from shared.web import metrics

APP = "leadfly.app:served()"

CONFIG = "python:leadfly.gunicorn_config"
"""What is loaded once, before the workers are forked."""

ARENAS = 2
"""Of glibc's allocator: by default each thread keeps one, with what a large request once took."""

GRACEFUL_SECONDS = 10
"""How long requests under way may take to end after a stop is asked for."""

KEEPALIVE_SECONDS = 75
"""How long an idle connection stays open: longer than the 60 s of nginx and the 5 s of Node's
agent, so that the caller closes first and never sends into a closing socket."""

PORT_SECONDS = 2.0
"""How long the services of a killed supervisor may hold the port before it counts as taken."""


class PortTaken(ServiceError):
    """The port is already in use."""


class WebServer:
    """Gunicorn as a child process."""

    def __init__(self, settings: Settings):
        """*settings* say where to listen and with how many workers and threads."""
        self._settings = settings
        self._child = Child(GRACEFUL_SECONDS + 2)
        host = settings.host
        self._near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)

    @property
    def url(self) -> str:
        """The address that a program on this machine can call."""
        return f"http://{_bracketed(self._near)}:{self._settings.port}"

    def claim_port(self) -> None:
        """Raise PortTaken, whose message says what to do, unless we can listen."""
        claimed(self._settings.host, self._settings.port, "PORT")

    def start(self) -> None:
        """Start gunicorn; workers that outlived a killed one are sent away first."""
        self._child.dismiss()  # before what they counted is cleared away
        settings = self._settings
        options = {
            "config": CONFIG,
            "bind": f"{_bracketed(settings.host)}:{settings.port}",
            "worker-class": "shared.web.gunicorn_worker.Worker",
            "workers": settings.workers,
            "threads": settings.threads,
            "graceful-timeout": GRACEFUL_SECONDS,
            "keep-alive": KEEPALIVE_SECONDS,
            "log-level": "warning",
            "logger-class": "shared.web.gunicorn_logs.Logger",
        }
        command = [sys.executable, "-m", "gunicorn", APP, "--no-control-socket"]
        command += [f"--{name}={value}" for name, value in options.items()]
        folder = counters(settings)
        folder.mkdir(parents=True, exist_ok=True)
        metrics.clear(folder)  # what the worker counted, which lives on, stays
        environ = {
            "LEADFLY_HOME": str(settings.home),
            metrics.FOLDER_VARIABLE: str(folder),
            "MALLOC_ARENA_MAX": str(ARENAS),
        }
        self._child.start(command, environ)

    def running(self) -> bool:
        """True while gunicorn's master lives; it looks after its workers itself."""
        return self._child.running()

    def answer(self, path: str) -> int:
        """Return the status that GET *path* answers, or 0 if nobody answers."""
        connection = http.client.HTTPConnection(self._near, self._settings.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def stop(self, hurried: Callable[[], bool]) -> None:
        """Let requests under way end, then stop; at once as soon as *hurried* says so."""
        self._child.stop(hurried)


def claimed(host: str, port: int, setting: str) -> None:
    """Return if we can listen there; else raise PortTaken, whose message names the *setting*."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    give_up = time.monotonic() + PORT_SECONDS
    while True:
        try:
            socket.create_server((host, port), family=family).close()
            return
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise PortTaken(f"Cannot listen on {host}:{port}: {error.strerror}.") from None
            if time.monotonic() > give_up:
                raise PortTaken(
                    f"Port {port} on {host} is already in use. Stop the program that uses it, "
                    f"or choose another port: {setting}={port + 1} make run"
                ) from None
        time.sleep(0.1)


def counters(settings: Settings) -> Path:
    """Return the folder in which services and worker count together (prometheus_client)."""
    return settings.home / "metrics"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
