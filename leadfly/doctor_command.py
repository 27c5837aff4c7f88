"""`leadfly doctor`: the commonest misconfigurations, a line each, and what mends them.

It changes nothing and raises nothing: a check that cannot be made says so. Checks stand in
CHECKS, at the foot; those of the database share one connection, made as the login itself.
"""

import argparse
import errno
import os
import shutil
import socket
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import psycopg

from leadfly import migrate
from leadfly.installation import as_owner
from leadfly.terminal import say
from leadfly.web_server import WebServer
from shared import catalogue, settings
from shared.catalogue import Facts
from shared.db import ERASER, ROLE, ROLES
from shared.embedded import SETTINGS, Server
from shared.errors import ServiceError, SettingsError
from shared.keyfile import FILE_NAME, keyring
from shared.postgres_programs import OLDEST
from shared.settings import Settings

OLDEST_PYTHON = (3, 11)

CLOCK_SECONDS = 5.0
"""How far our clock and the database's may differ; answers and retention compare them."""

EARLIEST_YEAR = 2026
"""The year of this version: a clock that is behind it has lost its battery."""

DISK_BYTES = 1024**3
"""Free space below which PostgreSQL may stop: its log alone takes up to 1 GB between checkpoints
(`max_wal_size` in `shared.embedded`)."""

DISK_SHARE = 0.02
"""Share of the disk that must be free where that is more than DISK_BYTES would ask."""

LOCKS = 10_000
"""Locks that must fit: 8 batches of 100 leads hold up to 1,200 blocking keys each."""


class Unwell(ServiceError):
    """Something is wrong; the lines above say what and how to mend it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and the command or change that mends it."""

    what: str
    well: bool | None = True
    """None where there is nothing to look at yet."""
    mend: str = ""

    def line(self) -> str:
        """Return the finding as it is printed."""
        mark = {True: "✓", False: "✗", None: "–"}[self.well]
        return f"{mark} {self.what}" + (f": {self.mend}" if self.mend else "")


@dataclass(slots=True)
class Patient:
    """What is looked at: the environment, and as much of the rest as it describes."""

    environ: Mapping[str, str]
    settings: Settings
    conn: psycopg.Connection | None = None
    no_conn: Finding | None = None
    """Why there is no connection."""
    faults: dict[str, object] = field(default_factory=dict)

    @property
    def server(self) -> Server:
        """The embedded PostgreSQL, whether or not it is used."""
        return Server(self.settings.home)


Check = Callable[[Patient], Iterator[Finding]]


def call(chosen: argparse.Namespace) -> None:
    """Print a line a check. Raises Unwell, which counts them, if anything is wrong."""
    wrong = 0
    for finding in findings(os.environ):
        wrong += finding.well is False
        say(finding.line())
    if wrong:
        raise Unwell(f"{wrong} of these {'is' if wrong == 1 else 'are'} wrong.")


def findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what every check finds in the installation that *environ* describes."""
    loaded, faults = _settings(environ)
    patient = Patient(environ, loaded, faults=faults)
    for check in CHECKS:
        yield from _guarded(check, patient)
    with connected(patient):
        if patient.no_conn:
            yield patient.no_conn
            return
        for check in DATABASE_CHECKS:
            yield from _guarded(check, patient)


def _guarded(check: Check, patient: Patient) -> Iterator[Finding]:
    """Yield what *check* finds, or that it could not be made."""
    try:
        yield from check(patient)
    except (ServiceError, OSError, psycopg.Error, ValueError) as error:
        if patient.conn and not patient.conn.closed:
            patient.conn.rollback()
        name = check.__name__.strip("_").replace("_", " ")
        yield Finding(f"{name} could not be looked at", False, _said(error))


def _said(error: Exception) -> str:
    if isinstance(error, ServiceError):
        return error.message
    if isinstance(error, psycopg.Error):
        return f"SQLSTATE {error.sqlstate}"
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def _settings(environ: Mapping[str, str]) -> tuple[Settings, dict[str, object]]:
    """Return the settings, those that are faulty left at their defaults, and what is wrong."""
    faults: dict[str, object] = {}
    kept = dict(environ)
    for _ in range(len(environ) + 1):
        try:
            return settings.load(kept), faults
        except SettingsError as error:
            faults = error.details | faults
            for name in error.details:
                kept.pop(name, None)
    return settings.load({}), faults


def _python(patient: Patient) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    well = sys.version_info >= OLDEST_PYTHON
    yield Finding(f"Python {version}", well, "" if well else "make PYTHON=python3.11 run")


def _environment(patient: Patient) -> Iterator[Finding]:
    if not patient.faults:
        yield Finding("settings")
    for name, problem in patient.faults.items():
        yield Finding(f"setting {name}", False, f"{problem}; .env.example lists them all")


def _exposure(patient: Patient) -> Iterator[Finding]:
    """Local mode trusts whoever reaches it, so it may be reached from this machine alone."""
    chosen = patient.settings
    public = not settings.is_loopback(patient.environ.get("HOST", "").strip() or chosen.host)
    local = patient.environ.get("AUTH_MODE", "").strip() == "local"
    if public and local:
        mend = "HOST=127.0.0.1, or AUTH_MODE=keys and leadfly keys create …"
        yield Finding("AUTH_MODE=local on a public HOST trusts everybody", False, mend)
    else:
        yield Finding(f"AUTH_MODE={chosen.auth_mode} on {chosen.host}")


def _home(patient: Patient) -> Iterator[Finding]:
    home = patient.settings.home
    existing = next(path for path in (home, *home.parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        mend = f"sudo chown -R $(id -un) {existing}, or set LEADFLY_HOME"
        yield Finding(f"LEADFLY_HOME {home} is not writable", False, mend)
    else:
        yield Finding(f"LEADFLY_HOME {home} is writable")
    disk = shutil.disk_usage(existing)
    enough = disk.free >= min(DISK_BYTES, max(1, int(disk.total * DISK_SHARE)))
    free = f"{disk.free / 1024**3:.1f} GB free on its disk"
    yield Finding(free, enough, "" if enough else "make room, or move LEADFLY_HOME")


def _key_file(patient: Patient) -> Iterator[Finding]:
    path = patient.settings.home / FILE_NAME
    if patient.settings.secret_key:
        yield Finding("secret key from LEADFLY_SECRET_KEY")
        return
    if not path.exists():  # whether there was one, the database knows
        yield Finding("secret key file: none yet, made at the first start", None)
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield Finding(f"secret key file has mode {mode:04o}", False, f"chmod 600 {path}")
        return
    keyring(patient.settings)
    yield Finding("secret key file, readable by you alone")


def _port(patient: Patient) -> Iterator[Finding]:
    host, port = patient.settings.host, patient.settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            yield Finding(f"cannot listen on {host}:{port}", False, f"HOST: {error.strerror}")
        elif WebServer(patient.settings).answer("/healthz") == 200:
            yield Finding(f"port {port} is served by LeadFly")
        else:
            mend = f"stop the program that uses it (ss -ltnp), or PORT={port + 1} leadfly run"
            yield Finding(f"port {port} on {host} is taken", False, mend)
    else:
        yield Finding(f"port {port} on {host} is free")


def _clock(patient: Patient) -> Iterator[Finding]:
    now = datetime.now(UTC)
    well = now.year >= EARLIEST_YEAR
    yield Finding(
        f"clock {now:%Y-%m-%d %H:%M} UTC", well, "" if well else "timedatectl set-ntp true"
    )


@contextmanager
def connected(patient: Patient) -> Iterator[None]:
    """Connect *patient*, or note why not; a stopped embedded server is started for as long."""
    chosen, server = patient.settings, patient.server
    if not chosen.database_url:
        try:
            programs = server.programs()
        except ServiceError as error:
            patient.no_conn = Finding("PostgreSQL", False, error.message)
        else:
            if not server.cluster.exists():
                what = f"PostgreSQL {programs.version}; the database is built by leadfly run"
                patient.no_conn = Finding(what, None)
        if patient.no_conn:
            yield
            return
    try:
        with as_owner(chosen):
            conninfo = chosen.database_url or server.conninfo(ROLE)
            patient.conn = migrate.connected(conninfo)
            with patient.conn:
                yield
    except (ServiceError, OSError, psycopg.Error) as error:
        if patient.conn is not None:
            return  # looked at already; that it would not stop is not what was asked
        wanted = "DATABASE_URL" if chosen.database_url else f"see {server.log}"
        patient.no_conn = Finding("PostgreSQL cannot be used", False, f"{_said(error)} ({wanted})")
        yield


def _server(patient: Patient) -> Iterator[Finding]:
    facts = _facts(patient)
    major = facts.version // 10_000
    mend = "" if major >= OLDEST else f"LeadFly needs PostgreSQL {OLDEST} or later"
    yield Finding(f"PostgreSQL {major}.{facts.version % 10_000} answers", not mend, mend)
    needed = patient.settings.workers * patient.settings.threads
    if facts.max_connections < needed + 6:
        mend = f"max_connections = {needed + 10}, or a smaller WEB_THREADS"
        yield Finding(f"{facts.max_connections} connections are too few", False, mend)
    room = facts.lock_room >= LOCKS
    wanted = SETTINGS["max_locks_per_transaction"]
    mend = "" if room else f"ALTER SYSTEM SET max_locks_per_transaction = {wanted}, and restart it"
    yield Finding(f"room for {facts.lock_room:,} locks", room, mend)


def _migrations(patient: Patient) -> Iterator[Finding]:
    assert patient.conn
    try:
        missing = migrate.pending(patient.conn)
    except psycopg.errors.InsufficientPrivilege:
        missing = ["0001_foundation"]
    mend = "leadfly migrate" if missing else ""
    yield Finding(
        f"{len(missing)} migrations to apply" if missing else "migrated", not missing, mend
    )


def _powers(patient: Patient) -> Iterator[Finding]:
    facts = _facts(patient)
    faults = [finding for role in ROLES if (finding := _role(patient, role))]
    yield from faults
    if facts.login_is_powerful:
        mend = "give DATABASE_URL a plain login, and MIGRATIONS_DATABASE_URL the owner's"
        yield Finding(f"login {facts.login} bypasses tenant isolation", False, mend)
    elif not any(finding.well is False for finding in faults):
        yield Finding(f"login {facts.login} and the roles bypass nothing")


def _role(patient: Patient, role: str) -> Finding | None:
    """Return what is wrong with one of the roles that processes step down to."""
    assert patient.conn
    facts = catalogue.facts(patient.conn, role)
    if not facts.role_exists:
        return Finding(f"role {role} is missing", False, "leadfly migrate")
    if facts.role_is_powerful:
        mend = f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS"
        return Finding(f"role {role} bypasses tenant isolation", False, mend)
    if facts.role_is_ours or _logs_in_itself(patient.settings, role):
        return None
    mend = f"GRANT {role} TO {facts.login}" + (", or give it a login of its own" * (role != ROLE))
    return Finding(
        f"login {facts.login} may not become {role}", False if role == ROLE else None, mend
    )


def _logs_in_itself(chosen: Settings, role: str) -> bool:
    """True if nobody steps down to *role*: on the embedded server, or by a URL of its own."""
    return not chosen.database_url or (role == ERASER and chosen.eraser_database_url is not None)


def _isolation(patient: Patient) -> Iterator[Finding]:
    assert patient.conn
    bare = catalogue.unforced(patient.conn)
    for table in bare:
        mend = f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
        yield Finding(f"{table} is not under row-level security", False, mend)
    if not bare:
        yield Finding("row-level security is forced on every tenant table")


def _key_of_database(patient: Patient) -> Iterator[Finding]:
    assert patient.conn
    chosen = patient.settings
    found = catalogue.fingerprint(patient.conn)
    if found is None:
        yield Finding("the database is not filled yet; it will belong to the secret key", None)
        return
    present = chosen.secret_key or (chosen.home / FILE_NAME).exists()
    if present and keyring(chosen).fingerprint == found:
        yield Finding("the secret key is this database's")
    else:
        mend = f"restore the {FILE_NAME} (or LEADFLY_SECRET_KEY) that it was filled under"
        yield Finding("the database belongs to another secret key", False, mend)


def _clocks(patient: Patient) -> Iterator[Finding]:
    apart = abs((_facts(patient).now - datetime.now(UTC)).total_seconds())
    mend = "" if apart <= CLOCK_SECONDS else "timedatectl set-ntp true, on both machines"
    yield Finding(f"clock and database clock are {apart:.1f} s apart", not mend, mend)


def _facts(patient: Patient) -> Facts:
    assert patient.conn
    return catalogue.facts(patient.conn, ROLE)


CHECKS: tuple[Check, ...] = (_python, _environment, _exposure, _home, _key_file, _port, _clock)
"""What can be looked at without a database."""

DATABASE_CHECKS: tuple[Check, ...] = (
    _server,
    _migrations,
    _powers,
    _isolation,
    _key_of_database,
    _clocks,
)
"""What the database is asked."""
