"""A real `leadfly run` in a home of its own, and the processes that belong to it.

Only processes below the supervisor we started, or working in the cluster of our home, are ever
found here, so nothing else can be hit.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shared.embedded import OWNER, Server

ROOT = Path(__file__).resolve().parents[2]

START_SECONDS = 90
STOP_SECONDS = 45

PATH = "/webhook/leadfly/duplicate-prevention"


class LeadFly:
    """A running LeadFly: the supervisor, and what it looks after."""

    def __init__(self, home: Path, **environ: str):
        """*environ* goes on top of what `make run` would see."""
        self.home, self.port = home, free_port()
        self.server = Server(home)
        self.log = home.with_name(f"{home.name}.log")
        self._environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DATABASE_URL", "MIGRATIONS_DATABASE_URL", "WEB_"))
        }
        self._environ |= {"LEADFLY_HOME": str(home), "PORT": str(self.port)} | environ
        self.owner = environ.get("MIGRATIONS_DATABASE_URL") or self.server.conninfo(OWNER)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "leadfly", "run"],
                cwd=ROOT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        process = self._process
        ready = soon(lambda: self._ready() or process.poll() is not None, START_SECONDS)
        assert ready and process.poll() is None, self.said()

    def _ready(self) -> bool:
        return "Ctrl-C stops everything" in self.log.read_text(errors="replace")

    def said(self, lines: int = 40) -> str:
        """Return the last lines of its output, but for those about requests that went well."""
        said = self.log.read_text(errors="replace").splitlines()
        return "\n".join([line for line in said if '"level":"INFO"' not in line][-lines:])

    def stop(self) -> None:
        """End it as Ctrl-C does; whatever of it is left is killed."""
        if self._process is not None:
            thaw(self.postgres())
            left = descendants(self._process.pid)
            self._process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS)
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            for pid, command in left:
                if commandline(pid) == command and command:  # not another's by now
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            self._process = None
        self.server.stop(hurry=True)

    def child(self, words: str) -> int | None:
        """Return the child of the supervisor whose command line has *words*."""
        assert self._process is not None
        for pid in children(self._process.pid):
            if words in commandline(pid):
                return pid
        return None

    def master(self) -> int | None:
        """Return gunicorn's master."""
        return self.child("-m gunicorn ")

    def web_workers(self) -> list[int]:
        """Return gunicorn's workers."""
        master = self.master()
        return children(master) if master else []

    def reconciler(self) -> int | None:
        """Return the process of `leadfly worker`."""
        return self.child("leadfly worker ")

    def postmaster(self) -> int | None:
        """Return the postmaster of our cluster, if it lives."""
        with suppress(OSError, ValueError, IndexError):
            pid = int((self.server.cluster / "postmaster.pid").read_text().split()[0])
            return pid if pid in self.postgres() else None
        return None

    def postgres(self) -> list[int]:
        """Return every process of our PostgreSQL: those that work in our cluster."""
        return [pid for pid in processes() if _folder(pid) == str(self.server.cluster.resolve())]


@contextmanager
def running(home: Path, **environ: str) -> Iterator[LeadFly]:
    """Start LeadFly on *home* and leave nothing of it behind."""
    leadfly = LeadFly(home, **environ)
    try:
        leadfly.start()
        yield leadfly
    finally:
        leadfly.stop()


def thaw(pids: list[int]) -> None:
    """Let stopped processes go on."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def processes() -> list[int]:
    """Return every process id."""
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def children(pid: int) -> list[int]:
    """Return the children of all threads of *pid*; none if it is gone."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, path.read_text().split())
    return found


def descendants(pid: int) -> list[tuple[int, str]]:
    """Return everything below *pid*, with its command line."""
    below = children(pid)
    return [(each, commandline(each)) for each in below] + [
        found for each in below for found in descendants(each)
    ]


def commandline(pid: int) -> str:
    """Return the command line of *pid*; nothing for one that is gone or waits to be reaped."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def _folder(pid: int) -> str | None:
    with suppress(OSError):
        return os.readlink(f"/proc/{pid}/cwd")
    return None


def soon(claim: Callable[[], object], seconds: float, every: float = 0.05) -> bool:
    """True if *claim* comes true within *seconds*."""
    give_up = time.monotonic() + seconds
    while not claim():
        if time.monotonic() > give_up:
            return False
        time.sleep(every)
    return True


def free_port() -> int:
    """Return a TCP port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
