"""Everything on one machine, in order: database, migrations, services, worker; up again what dies.

No supervision library does less: circus and supervisord bring a daemon and a
protocol of their own, honcho stops all when one stops.
"""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from types import FrameType

from leadfly.child import Child
from leadfly.loops import GRACEFUL_SECONDS
from leadfly.migrate import migrate
from leadfly.stream import GRACEFUL_SECONDS as STREAM_GRACEFUL_SECONDS
from leadfly.terminal import say
from leadfly.web_server import PortTaken, WebServer, claimed, counters
from shared import db
from shared.embedded import OWNER, Server
from shared.errors import ServiceError
from shared.keyfile import keyring
from shared.settings import Settings
from shared.web.metrics import FOLDER_VARIABLE

READY_SECONDS = 60.0
"""How long the services may take from their start to their first `/readyz`."""

TICK_SECONDS = 0.25
"""How often we look whether everything still runs: a tenth of what a caller would wait."""

FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 0.5, 2.0
"""Pause before a restart; it doubles, so that a crash loop does not eat the machine, and stays so
short that what is killed again and again still serves within 10 s."""

HEALTHY_SECONDS = 30.0
"""Having run this long, the next crash is a new one and its pause the first again."""

WEBHOOK = "/webhook/leadfly/duplicate-prevention"

ALERTS = "/lead-discovery/alerts"
"""The page of alerts."""

IMPORTS = "/lead-discovery/imports"
"""The page of imports."""

EXAMPLE = {
    "user_id": "demo",
    "source_id": "website",
    "lead_data": {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": "ada@example.org",
        "phone": "+44 20 7946 0958",
        "company": "Analytical Engines Ltd",
    },
}
"""A lead to try the webhook with; the number is one of those Ofcom keeps for fiction."""


class NotServing(ServiceError):
    """The services did not start; the lines above say why."""


class StopRequests:
    """Counts the signals that ask us to stop: one means in order, two mean hurry."""

    def __init__(self) -> None:
        self.count = 0
        self.stopping = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._count)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # else we run under nohup
            signal.signal(signal.SIGHUP, self._count)

    def hurried(self) -> bool:
        """True if somebody asked twice."""
        return self.count > 1

    def check(self) -> None:
        """Raise KeyboardInterrupt if somebody asked."""
        if self.count:
            raise KeyboardInterrupt

    def _count(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        if self.hurried() and not self.stopping:
            raise KeyboardInterrupt  # whatever we wait for, a migration say, has taken too long


class Kept:
    """Something that must run: when it is down it is started again, after a growing pause."""

    def __init__(self, name: str, running: Callable[[], bool], start: Callable[[], None]):
        """*running* tells whether it lives, *start* brings it up; it is up now."""
        self._name, self._running, self._start = name, running, start
        self._delay = FIRST_DELAY_SECONDS
        self._started_at = time.monotonic()
        self._due_at: float | None = None

    def look(self, now: float) -> None:
        """Notice a death, or restart if the pause is over; *now* is monotonic, in seconds."""
        if self._due_at is None:
            if self._running():
                return
            if now - self._started_at > HEALTHY_SECONDS:
                self._delay = FIRST_DELAY_SECONDS
            say(f"{self._name} stopped unexpectedly; starting it again in {self._delay:g} s")
            self._due_at = now + self._delay
            self._delay = min(2 * self._delay, LONGEST_DELAY_SECONDS)
        elif now >= self._due_at:
            self._due_at, self._started_at = None, now
            try:
                self._start()
                say(f"{self._name} started again")
            except ServiceError as error:
                say(error.message)


def call(chosen: argparse.Namespace, settings: Settings) -> None:
    """Start everything, and keep it until a stop is asked for."""
    run(settings)


def run(settings: Settings) -> None:
    """Start everything, keep it running, and stop it in order when a signal says so.

    Raises ServiceError, having stopped what it started, if the start fails.
    """
    begun = time.monotonic()
    stop = StopRequests()
    web = WebServer(settings)
    worker, stream = Child(GRACEFUL_SECONDS + 1), Child(STREAM_GRACEFUL_SECONDS + 1)
    server = None if settings.database_url else Server(settings.home)
    web.claim_port()
    try:
        _start_database(settings, server, stop)
        _start_services(web, stop)
        _start_worker(settings, worker)
        _try_to_stream(settings, stream)
        say(_welcome(settings, web, time.monotonic() - begun))
        kept = [
            Kept("services", web.running, web.start),
            Kept("worker", worker.running, partial(_start_worker, settings, worker)),
        ]
        if stream.running():
            kept.append(Kept("stream", stream.running, partial(_start_stream, settings, stream)))
        if server:
            kept.insert(0, Kept("PostgreSQL", server.running, server.start))
        _keep(kept, stop)
    except KeyboardInterrupt:
        say("\nstopping …")
    finally:
        stop.stopping = True
        web.stop(stop.hurried)
        worker.stop(stop.hurried)
        stream.stop(stop.hurried)
        if server:
            server.stop(hurry=stop.hurried())
    say("stopped")


def _start_database(settings: Settings, server: Server | None, stop: StopRequests) -> None:
    begun = time.monotonic()
    if server:
        server.start()
        version = server.programs().version
        say(f"PostgreSQL {version} in {server.home} … ready ({time.monotonic() - begun:.1f} s)")
    stop.check()
    url = settings.migrations_database_url or settings.database_url
    applied = migrate(server.conninfo(OWNER) if server else url or "")
    say(f"migrations … {len(applied)} applied" if applied else "migrations … up to date")
    _check_usable(settings)
    stop.check()


def _check_usable(settings: Settings) -> None:
    """Raise NotServing, which says why, if nobody may work with the database: a restored one, say.

    It is looked at once more by every process; here somebody reads it.
    """
    with closing(db.connect(replace(settings, threads=1), keyring(settings).fingerprint)) as one:
        ready, reason = one.ready()
    if not ready:
        raise NotServing(reason)


def _start_services(web: WebServer, stop: StopRequests) -> None:
    """Start the services and wait until they answer that they are ready."""
    begun = time.monotonic()
    web.start()
    while web.answer("/readyz") != 200:
        stop.check()
        if not web.running() or time.monotonic() - begun > READY_SECONDS:
            raise NotServing
        time.sleep(0.05)
    say(f"services … ready ({time.monotonic() - begun:.1f} s)")


def _start_worker(settings: Settings, worker: Child) -> None:
    worker.start([sys.executable, "-m", "leadfly", "worker"], _environ(settings))


def _try_to_stream(settings: Settings, stream: Child) -> None:
    """Start the stream of alerts, or say why not: whoever follows them can ask for them, too."""
    try:
        _start_stream(settings, stream)
    except PortTaken as error:
        say(f"alerts are not streamed: {error.message}")


def _start_stream(settings: Settings, stream: Child) -> None:
    stream.dismiss()
    claimed(settings.host, settings.stream_port, "STREAM_PORT")
    stream.start([sys.executable, "-m", "leadfly", "stream"], _environ(settings))


def _environ(settings: Settings) -> dict[str, str]:
    return {"LEADFLY_HOME": str(settings.home), FOLDER_VARIABLE: str(counters(settings))}


def _keep(kept: list[Kept], stop: StopRequests) -> None:
    """Look after everything until somebody asks us to stop."""
    while True:
        time.sleep(TICK_SECONDS)
        stop.check()
        for child in kept:
            child.look(time.monotonic())


def _welcome(settings: Settings, web: WebServer, seconds: float) -> str:
    """Return what to open and what to paste."""
    account = f"?user_id={EXAMPLE['user_id']}" if settings.local else ""
    lines = [
        f"\nLeadFly is ready after {seconds:.1f} s",
        f"  services  {web.url}",
        f"  webhook   {web.url}{WEBHOOK}",
        f"  alerts    {web.url}{ALERTS}{account}",
        f"  imports   {web.url}{IMPORTS}",
        f"  health    {web.url}/healthz",
    ]
    if web.answer("/openapi.json") == 200:
        lines.append(f"  reference {web.url}/docs")
    key = "" if settings.local else " -H 'X-API-Key: YOUR-KEY'"
    lines += [
        "\nTry it:\n",
        f"curl -s {web.url}{WEBHOOK} -H 'Content-Type: application/json'{key} \\",
        f"  -d '{json.dumps(EXAMPLE)}'",
        "\nCtrl-C stops everything.",
    ]
    return "\n".join(lines)
