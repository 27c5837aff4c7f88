"""Backups as an operator makes them: the scripts of deploy/, beside a plain PostgreSQL."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import psycopg

from shared.embedded import OWNER, Server
from tests.chaos.running import ROOT, soon

SECONDS = 120

AGAIN = 'while :; do sh deploy/wal.sh "$1"; sleep 0.2; done'
"""What Compose's `restart` does."""


class Backups:
    """A folder of backups, and whoever keeps the log of *server* in it."""

    def __init__(self, folder: Path, server: Server):
        self.folder, self.server = folder, server
        self.erasures = folder / "erasures"
        self.erasures.mkdir(parents=True)
        self._log: subprocess.Popen[bytes] | None = None

    def run(self, script: str, *arguments: object, prefix: tuple[str, ...] = (), **environ: str):
        """Run a script of deploy/ to its end; return what became of it."""
        return subprocess.run(
            [*prefix, "sh", f"deploy/{script}", *map(str, arguments)],
            cwd=ROOT,
            env=self._environ() | environ,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )

    def base(self, keep: int = 7) -> str:
        """Make a base backup; return its name."""
        done = self.run("backup.sh", self.folder, keep)
        assert done.returncode == 0, done.stderr
        return max(path.name for path in (self.folder / "base").iterdir())

    def restore(self, data: Path, until: str = "", **environ: str):
        """Restore into *data*; return what became of it."""
        return self.run("restore.sh", self.folder, data, *([until] if until else []), **environ)

    def keep_log(self) -> None:
        """Start to keep the log, as a service that is started again when it ends."""
        self.make_login()
        said = (self.folder.parent / "wal.log").open("ab")
        with said:
            self._log = subprocess.Popen(
                ["sh", "-c", AGAIN, "sh", str(self.folder)],
                cwd=ROOT,
                env=self._environ(),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        query = "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'leadfly_wal'"
        kept = soon(lambda: self.ask(query) == 1, SECONDS)
        assert kept, (self.folder.parent / "wal.log").read_text()

    def make_login(self) -> None:
        """Make the login of backups, as deploy/backup-role.sh does."""
        query = "SELECT count(*) FROM pg_roles WHERE rolname = 'leadfly_backup'"
        if not self.ask(query):
            self.tell("CREATE ROLE leadfly_backup LOGIN REPLICATION")

    def stop_log(self) -> None:
        """Keep the log no longer."""
        if self._log is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._log.pid, signal.SIGTERM)
            self._log.wait(30)
            self._log = None

    def ask(self, query: str):
        """Return the one value that *query* answers, asked as the owner."""
        with psycopg.connect(self.server.conninfo(OWNER), autocommit=True) as conn:
            row = conn.execute(query).fetchone()
            return row and row[0]

    def tell(self, *statements: str) -> None:
        """Run statements as the owner, each in a transaction of its own."""
        with psycopg.connect(self.server.conninfo(OWNER), autocommit=True) as conn:
            for statement in statements:
                conn.execute(statement)

    def kept(self) -> None:
        """Wait until all of the log so far is kept."""
        query = """
            SELECT coalesce(bool_or(flush_lsn >= pg_current_wal_flush_lsn()), false)
            FROM pg_stat_replication WHERE application_name = 'leadfly_wal'
            """
        assert soon(lambda: self.ask(query), SECONDS)

    def log(self, timeline: str = "00000001") -> Path:
        """Return the folder of a timeline's log."""
        return self.folder / "wal" / timeline

    def _environ(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        programs = str(self.server.programs().folder)
        return plain | {
            "PATH": f"{programs}{os.pathsep}{plain['PATH']}",
            "PGHOST": str(self.server.sockets),
            "PGUSER": "leadfly_backup",
            "LC_ALL": "C",
        }


def lose(server: Server) -> None:
    """Have the disk of *server* fail: it is cut off where it is, and nothing of it is left."""
    pid = int((server.cluster / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    # What outlives the postmaster works in the cluster's folder; stop() dismisses it.
    shutil.rmtree(server.cluster, ignore_errors=True)
    shutil.rmtree(server.cluster, ignore_errors=True)


def writable(server: Server) -> bool:
    """True once recovery is over."""
    with suppress(psycopg.OperationalError), psycopg.connect(server.conninfo(OWNER)) as conn:
        return conn.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
    return False
