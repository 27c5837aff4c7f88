"""The services by the image's own command, and the proxy of the compose file before them."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bench.served import NotServing, children, clean_environ, free_port

ROOT = Path(__file__).resolve().parents[1]

READY_SECONDS = 60.0

STOP_SECONDS = 20.0

UNLIMITED = {f"RATE_LIMIT_PER_{what}": "1000000" for what in ("KEY", "SOURCE", "IP")}
"""Requests a minute: all callers here have one address, and often one key."""

ESTABLISHED = "01"
"""The state of a TCP connection in /proc/net/tcp (proc(5))."""


class Gunicorn:
    """The Dockerfile's command on a free port of this machine; callers need an API key."""

    def __init__(self, home: Path, log: Path, app: str | None = None, **environ: str):
        """*home* is the LEADFLY_HOME of a running installation; *environ* is added to ours.

        *app* is served in place of the image's own, by the same options.
        """
        self.port, self.log = free_port(), log
        ours = {"AUTH_MODE": "keys", "TRUSTED_PROXIES": "1", "PYTHONPATH": str(ROOT)} | UNLIMITED
        whole = clean_environ() | ours | {"LEADFLY_HOME": str(home)} | environ
        self._process = _started(command_of_the_image(self.port, app), log, whole)
        _wait(self.port, "/readyz", self._process, log)

    def connections(self) -> int:
        """Return how many connections its workers have open to callers."""
        return sum(_connected(worker, self.port) for worker in children(self._process.pid))

    def stop(self) -> None:
        """Stop it and its workers."""
        _end(self._process)


class Nginx:
    """deploy/nginx.conf with its upstream, its address and its folder exchanged."""

    def __init__(
        self,
        upstream_port: int,
        folder: Path,
        ready: str | None = "/healthz",
        stream_port: int | None = None,
    ):
        """*ready* is what answers 200 once it serves; None if nothing will.

        *stream_port* is where alerts are streamed; None if nobody asks for that.
        """
        self.port, self.log = free_port(), folder / "nginx.log"
        config = folder / "nginx.conf"
        config.write_text(self._config(upstream_port, stream_port, folder), encoding="utf-8")
        command = [nginx(), "-p", str(folder), "-c", str(config), "-g", "daemon off;"]
        self._process = _started(command, self.log, clean_environ())
        _wait(self.port, ready, self._process, self.log)

    def stop(self) -> None:
        """Stop it and its workers."""
        _end(self._process)

    def _config(self, upstream_port: int, stream_port: int | None, folder: Path) -> str:
        text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
        for there, here in (
            ("server web:8000 resolve ", f"server 127.0.0.1:{upstream_port} "),
            ("server stream:8001 resolve ", f"server 127.0.0.1:{stream_port or upstream_port} "),
            ("listen 8000;", f"listen 127.0.0.1:{self.port};"),
        ):
            if text.count(there) != 1:
                raise NotServing(f"deploy/nginx.conf has no single line {there}")
            text = text.replace(there, here)
        return text.replace(" /tmp/", f" {folder}/")


def nginx() -> str:
    """Return the path of nginx. Raises NotServing if there is none."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if not found:
        raise NotServing("nginx is missing: make nginx-install")
    return found


def command_of_the_image(port: int, app: str | None = None) -> list[str]:
    """Return the Dockerfile's CMD, listening on *port* of this machine alone.

    It serves *app* in place of the image's own, where one is given.
    """
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    found = re.search(r"^CMD (\[.*\])$", dockerfile, re.M)
    name, own, *options = json.loads(found[1]) if found else ["", ""]
    if name != "gunicorn" or "--bind=0.0.0.0:8000" not in options:
        raise NotServing("the Dockerfile's command is no gunicorn on 0.0.0.0:8000")
    options.remove("--bind=0.0.0.0:8000")
    return [
        sys.executable,
        "-P",
        "-m",
        "gunicorn",
        app or own,
        *options,
        f"--bind=127.0.0.1:{port}",
    ]


def raw(port: int, sent: bytes, seconds: float = 20.0) -> bytes:
    """Send *sent* as it is; return all that comes back until the other side closes.

    Raises TimeoutError if nothing comes for *seconds*.
    """
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(sent)
        with suppress(ConnectionResetError):
            while part := connection.recv(65536):
                answer += part
    return answer


def _started(
    command: Sequence[str], log: Path, environ: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen(
            command,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            start_new_session=True,
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait(port: int, path: str | None, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + READY_SECONDS
    request = f"GET {path or '/'} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    while not _answered(port, request, b"HTTP/1.1 200" if path else b"HTTP/1.1 "):
        if process.poll() is not None or time.monotonic() > give_up:
            _end(process)
            raise NotServing(log.read_text(errors="replace"))
        time.sleep(0.05)


def _answered(port: int, request: bytes, beginning: bytes) -> bool:
    try:
        return raw(port, request).startswith(beginning)
    except OSError:
        return False


def _connected(pid: int, port: int) -> int:
    """Return how many established connections to *port* process *pid* holds."""
    sockets = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            sockets.add(os.readlink(descriptor).removeprefix("socket:[").removesuffix("]"))
    rows = Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]
    return sum(
        row[1].endswith(f":{port:04X}") and row[3] == ESTABLISHED and row[9] in sockets
        for row in map(str.split, rows)
    )
