"""What `leadfly doctor` looks at on this machine; no database is needed."""

import errno
import os
import shutil
import socket
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from leadfly.finding import Check, Finding, Patient
from leadfly.web_server import WebServer
from shared import settings
from shared.keyfile import FILE_NAME, keyring

OLDEST_PYTHON = (3, 11)

EARLIEST_YEAR = 2026
"""The year of this version: a clock that is behind it has lost its battery."""

DISK_BYTES = 1024**3
"""Free space below which PostgreSQL may stop: its log alone takes up to 1 GB between checkpoints
(`max_wal_size` in `shared.embedded`)."""

DISK_SHARE = 0.02
"""Share of the disk that must be free where that is more than DISK_BYTES would ask."""


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


def _ledger(patient: Patient) -> Iterator[Finding]:
    """Nobody is erased while it cannot be written."""
    folder = patient.settings.ledger_folder
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        yield Finding(f"ledger of erasures {folder} is writable")
    else:
        mend = f"sudo chown -R $(id -un) {existing}, or set ERASURE_LEDGER"
        yield Finding(f"ledger of erasures {folder} is not writable", False, mend)


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


CHECKS: tuple[Check, ...] = (
    *(_python, _environment, _exposure, _home, _ledger, _key_file, _port),
    _clock,
)
"""In the order in which they are printed."""
