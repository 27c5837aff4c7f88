"""A program that the supervisor runs: in a session of its own, and ending when we do."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that a process gets when its parent dies."""

LEFTOVER_SECONDS = 2.0
"""How long processes that outlived their leader may take to end before they are killed."""


class Child:
    """A child process in a session of its own, so that a terminal's Ctrl-C passes it by."""

    def __init__(self, graceful_seconds: float):
        """*graceful_seconds* is how long it may take to end once it is asked to."""
        self._graceful_seconds = graceful_seconds
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        """Start *command* with *environ* added to ours; what a killed one left is sent away."""
        self.dismiss()
        self._process = subprocess.Popen(
            command,
            env=os.environ | environ,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent(),
        )

    def dismiss(self) -> None:
        """Send away what outlived a child that was killed."""
        self._end_group(signal.SIGTERM)

    def running(self) -> bool:
        """True while the process that was started lives."""
        return self._process is not None and self._process.poll() is None

    def stop(self, hurried: Callable[[], bool]) -> None:
        """Let work under way end, then stop; at once as soon as *hurried* says so."""
        if self._process is not None and self.running():
            self._process.terminate()
            give_up = time.monotonic() + self._graceful_seconds
            while self.running() and time.monotonic() < give_up and not hurried():
                time.sleep(0.05)
        self._end_group(signal.SIGKILL)

    def _end_group(self, number: signal.Signals) -> None:
        """Signal whatever is left of the child's session; kill what is still there later."""
        if self._process is None:
            return
        give_up = time.monotonic() + LEFTOVER_SECONDS
        with suppress(ProcessLookupError, PermissionError):  # none left (macOS says the latter)
            os.killpg(self._process.pid, number)
            while time.monotonic() < give_up:
                self._process.poll()
                os.killpg(self._process.pid, 0)
                time.sleep(0.05)
            os.killpg(self._process.pid, signal.SIGKILL)


def _end_with_parent() -> Callable[[], None] | None:
    """Return what a child calls so that it stops when we are killed; None where that is unknown."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask
