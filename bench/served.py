"""An app under gunicorn as a child, and what it and PostgreSQL cost, read from /proc."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from leadfly.web_server import ARENAS, CONFIG, GRACEFUL_SECONDS, KEEPALIVE_SECONDS

WORKERS, THREADS = 2, 16
"""As the service's own defaults (WEB_CONCURRENCY, WEB_THREADS)."""

READY_SECONDS = 30.0

TICKS = os.sysconf("SC_CLK_TCK")
"""Units of CPU time a second in /proc (proc(5))."""


class NotServing(RuntimeError):
    """The app under measurement did not start; its log says why."""


class Served:
    """One app under the same gunicorn as `leadfly run`, on a free port of this machine."""

    def __init__(self, app: str, log: Path, **environ: str):
        """*app* is gunicorn's `module:factory()`; *environ* is added to ours."""
        self.port = free_port()
        options = {
            "bind": f"127.0.0.1:{self.port}",
            "worker-class": "shared.web.gunicorn_worker.Worker",
            "workers": WORKERS,
            "threads": THREADS,
            "graceful-timeout": GRACEFUL_SECONDS,
            "keep-alive": KEEPALIVE_SECONDS,
            "log-level": "warning",
            "logger-class": "shared.web.gunicorn_logs.Logger",
        }
        if app.startswith("leadfly.app:"):
            options["config"] = CONFIG
        environ = {"MALLOC_ARENA_MAX": str(ARENAS)} | environ
        command = [sys.executable, "-m", "gunicorn", app, "--no-control-socket"]
        command += [f"--{name}={value}" for name, value in options.items()]
        # The service writes a line a request; a file takes it as any log collector would.
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(
                command, env=clean_environ() | environ, stderr=stderr, start_new_session=True
            )
        self._wait(log)

    def stop(self) -> None:
        """Stop gunicorn and its workers."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACEFUL_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def cpu_seconds(self) -> float:
        """Return the CPU time of the workers since they started."""
        return sum(_own_ticks(pid) for pid in children(self._process.pid)) / TICKS

    def memory_mb(self) -> list[tuple[float, float]]:
        """Return resident and proportional set size of each worker in MB (10**6 bytes)."""
        return [_memory_mb(pid) for pid in children(self._process.pid)]

    def peak_memory_mb(self) -> list[float]:
        """Return the largest resident set size that each worker ever had, in MB (10**6 bytes)."""
        statuses = (Path(f"/proc/{pid}/status") for pid in children(self._process.pid))
        lines = (line for path in statuses for line in path.read_text().splitlines())
        return [int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM")]

    def _wait(self, log: Path) -> None:
        give_up = time.monotonic() + READY_SECONDS
        while not _answers(self.port, "/readyz"):
            if self._process.poll() is not None or time.monotonic() > give_up:
                self.stop()
                raise NotServing(f"see {log}")
            time.sleep(0.05)


def database_cpu_seconds(postmaster: int) -> float:
    """Return the CPU time of a PostgreSQL server, the processes that ended included."""
    living = sum(_own_ticks(pid) for pid in children(postmaster))
    return (living + _own_ticks(postmaster) + _ended_ticks(postmaster)) / TICKS


def children(pid: int) -> list[int]:
    """Return the ids of the living children of process *pid*."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _own_ticks(pid: int) -> int:
    return sum(int(value) for value in _stat(pid)[11:13])


def _ended_ticks(pid: int) -> int:
    return sum(int(value) for value in _stat(pid)[13:15])


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the third, which is the state."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["0"] * 50


def _memory_mb(pid: int) -> tuple[float, float]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kib = {name: int(rest.split()[0]) for name, rest in (line.split(":") for line in lines)}
    return kib["Rss"] * 1024 / 1e6, kib["Pss"] * 1024 / 1e6


def clean_environ() -> dict[str, str]:
    """Return our environment without what would lead the app to another database or mode."""
    ours = ("LEADFLY", "DATABASE", "MIGRATIONS", "AUTH_", "PRIVACY_", "WEB_", "HOST", "PORT")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
