"""A Docker engine: the one of this machine, or one that the tests start and end themselves."""

import os
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path

START_SECONDS = 60

COMMAND_SECONDS = 900
"""The longest that one command may take: a stack that starts on a busy machine."""


class NoEngine(Exception):
    """No engine can be had here; the message says why."""


class Engine:
    """Runs `docker` and `docker compose` against one engine."""

    def __init__(self, docker, compose, environ):
        """*docker* and *compose* are commands as lists, *environ* is what they need to know."""
        self.docker_command, self.compose_command = docker, compose
        self.environ = os.environ | {"DOCKER_BUILDKIT": "1"} | environ

    def docker(self, *arguments, **options):
        """Return what `docker` prints. Raises RuntimeError with what it says if it fails."""
        return self.run([*self.docker_command, *arguments], **options)

    def run(self, command, environ=(), cwd=None, sent=None, seconds=COMMAND_SECONDS, fails=False):
        """Return what *command* prints; with *fails*, which it must then, what it complains of."""
        done = subprocess.run(
            [str(word) for word in command],
            env=self.environ | dict(environ),
            cwd=cwd,
            input=sent,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        if bool(done.returncode) != fails:
            raise RuntimeError(
                f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"[-4000:]
            )
        return done.stdout + done.stderr if fails else done.stdout


class OwnEngine:
    """An engine of the tests' own; its images stay in *cache*, so the next run need not make them.

    Raises NoEngine.
    """

    def __init__(self, folder, cache):
        daemon = shutil.which("dockerd") or shutil.which("dockerd", path="/usr/sbin")
        if os.geteuid() or not daemon:
            raise NoEngine("no Docker engine answers, and none can be started here")
        self.address, self._log = f"unix://{folder}/docker.sock", folder / "dockerd.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    daemon,
                    f"--data-root={cache}",
                    f"--exec-root={folder}/exec",
                    f"--pidfile={folder}/dockerd.pid",
                    f"--host={self.address}",
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_for(self, docker):
        """Return once *docker* reaches it. Raises NoEngine if it ends, or does not come."""
        give_up = time.monotonic() + START_SECONDS
        while not answers([*docker, "--host", self.address, "info"]):
            if self._process.poll() is not None or time.monotonic() > give_up:
                self.stop()
                said = self._log.read_text(errors="replace").splitlines()
                raise NoEngine(f"dockerd does not start here: {said[-1] if said else ''}"[:500])
            time.sleep(0.5)

    def stop(self):
        """End it, and what it started."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(60)
        self._process.kill()
        self._process.wait()


def answers(command):
    """True if *command* runs and succeeds."""
    with suppress(OSError, subprocess.TimeoutExpired):
        return subprocess.run(command, capture_output=True, timeout=30).returncode == 0
    return False


def cache():
    """Return the folder for what a run leaves to the next."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "leadfly" / "compose"


def clients():
    """Return the commands `docker`, one that can build, and `docker compose`. Raises NoEngine."""
    docker = next((found for found in _dockers() if _builds(found)), None)
    if not docker:
        raise NoEngine("there is no `docker` that can build images (with buildx, or up to 20.10)")
    for compose in ([*docker, "compose"], [str(cache() / "docker-compose")]):
        if answers([*compose, "version"]):
            return docker, compose
    raise NoEngine("there is no Docker Compose 2")


def _dockers():
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if os.access(Path(folder) / "docker", os.X_OK):
            yield [str(Path(folder) / "docker")]


def _builds(docker):
    version = subprocess.run([*docker, "--version"], capture_output=True, text=True).stdout
    return answers([*docker, "buildx", "version"]) or "version 20." in version
