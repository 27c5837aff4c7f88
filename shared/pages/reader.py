"""Readers: processes in which pages are parsed, and killed if one of them takes too long.

A parser in C cannot be interrupted, and what makes it slow or crash is in the page. So it runs in
a process of its own (`child`), kept for the next page; one that overran, broke or aged is replaced.
"""

import logging
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any

import orjson

from shared.http_exchange import left
from shared.pages import wire
from shared.pages.faults import PageUnavailable, Unparseable
from shared.pages.page import Content
from shared.pages.parsing.robots import Verdict
from shared.pages.survey import Survey

SECONDS = 3.0
"""What one page may take; ordinary ones take some milliseconds."""

START_SECONDS = 15.0
"""What a child may take to start; a fifth of a second where the machine is not busy."""

MEMORY_BYTES = 512 * 1024 * 1024
"""Of addresses, of which a child at rest takes some 60 MB."""

MOST_CHILDREN = 2
"""At a time: one that is being killed keeps nobody waiting."""

WAIT_SECONDS = 1.0
"""For one of them: what waits longer waits for pages that are being killed, and holds a thread."""

BUSY_SECONDS = 5
"""When to try again then."""

MOST_TASKS = 2000
"""After which a child is replaced, and whatever memory it kept goes with it."""

ROOT = Path(__file__).resolve().parents[3]
"""Where the packages are."""

log = logging.getLogger(__name__)


class Reader:
    """Reads pages in processes of its own; safe for threads, and to be closed in the end."""

    def __init__(
        self,
        seconds: float = SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        wait_seconds: float = WAIT_SECONDS,
    ):
        """*wait_seconds* are for one of the processes to be free: a crawler has more patience."""
        self._seconds, self._memory_bytes, self._wait = seconds, memory_bytes, wait_seconds
        self._room = BoundedSemaphore(MOST_CHILDREN)
        self._lock = Lock()
        self._idle: list[_Child] = []
        self._owner = os.getpid()

    def content(self, html: str, url: str) -> Content:
        """Return what *html*, the page at *url*, says. Raises Unparseable or PageUnavailable."""
        return _checked(wire.content, self._asked({"task": "content", "text": html, "url": url}))

    def survey(self, html: str, url: str, asks: str) -> Survey:
        """Return which companies *html*, the page at *url*, names, and where it leads.

        *asks* is its X-Robots-Tag header. Raises Unparseable or PageUnavailable.
        """
        task = {"task": "survey", "text": html, "url": url, "asks": asks}
        return _checked(wire.survey, self._asked(task))

    def text_of(self, html: str) -> str:
        """Return the text of *html*, a page or a mail. Raises Unparseable or PageUnavailable."""
        return _checked(wire.text, self._asked({"task": "text_of", "text": html}))

    def verdict(self, robots: str, url: str, agent: str) -> Verdict:
        """Return what the robots.txt *robots* says to *agent* of *url*. Raises Unparseable."""
        task = {"task": "robots", "text": robots, "url": url, "agent": agent}
        return _checked(wire.verdict, self._asked(task))

    def close(self) -> None:
        """End the processes that wait for work."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _asked(self, task: dict[str, Any]) -> Any:
        request = _frame(task)
        if not self._room.acquire(timeout=self._wait):
            raise PageUnavailable("cannot be parsed just now", BUSY_SECONDS)
        try:
            answer = self._answered(request)
        finally:
            self._room.release()
        if "answer" not in answer:
            raise Unparseable
        return answer["answer"]

    def _answered(self, request: bytes) -> dict[str, Any]:
        child, answered = self._taken(), False
        try:
            answer = child.ask(request, self._seconds)
            answered = True
            return answer
        except (OSError, ValueError):
            raise Unparseable from None
        finally:
            self._give_back(child, answered)

    def _taken(self) -> "_Child":
        """Return a child that waits, or a new one."""
        with self._lock:
            if self._owner != os.getpid():  # forked: the children are our parent's
                self._idle, self._owner = [], os.getpid()
            while self._idle:
                child = self._idle.pop()
                if child.alive():
                    return child
                child.end()
        return _Child(self._memory_bytes, self._seconds + 1)

    def _give_back(self, child: "_Child", answered: bool) -> None:
        if not answered or child.tasks >= MOST_TASKS:
            child.end()
            return
        with self._lock:
            self._idle.append(child)


class _Child:
    """One process that parses."""

    def __init__(self, memory_bytes: int, seconds: float):
        """Start it. Raises PageUnavailable if it does not."""
        self.tasks = 0
        self._wire, theirs = socket.socketpair()
        limits = (str(memory_bytes), str(seconds))
        try:
            # No preexec_fn: between fork and exec it could meet a lock that another thread holds.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "shared.pages.child", *limits],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": _path(), "LC_ALL": "C.UTF-8"},
                cwd="/",
            )
        except OSError:
            self._wire.close()
            raise PageUnavailable("cannot be parsed just now") from None
        finally:
            theirs.close()
        self._await_start()

    def ask(self, request: bytes, seconds: float) -> dict[str, Any]:
        """Return the answer to *request*. Raises OSError, TimeoutError, too, or ValueError."""
        self.tasks += 1
        ends_at = time.monotonic() + seconds
        self._wire.settimeout(left(ends_at))
        self._wire.sendall(request)
        return self._answer(ends_at)

    def alive(self) -> bool:
        """True while it runs."""
        return self._process.poll() is None

    def end(self) -> None:
        """Kill it."""
        self._wire.close()
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()

    def _await_start(self) -> None:
        try:
            self._answer(time.monotonic() + START_SECONDS)
        except (OSError, ValueError):
            self.end()
            log.error("a reader of pages did not start: exit %s", self._process.returncode)
            raise PageUnavailable("cannot be parsed just now") from None

    def _answer(self, ends_at: float) -> dict[str, Any]:
        (size,) = wire.LENGTH.unpack(self._exactly(wire.LENGTH.size, ends_at))
        if size > wire.MOST_ANSWERED_BYTES:
            raise ValueError("the answer is too long")
        answer = orjson.loads(self._exactly(size, ends_at))
        if not isinstance(answer, dict):
            raise ValueError("the answer is no object")
        return answer

    def _exactly(self, size: int, ends_at: float) -> bytes:
        got = bytearray()
        while len(got) < size:
            self._wire.settimeout(left(ends_at))
            some = self._wire.recv(min(size - len(got), 1 << 16))
            if not some:
                raise ConnectionError("the child is gone")
            got += some
        return bytes(got)


def _path() -> str:
    """Return where the child finds our packages, and theirs where that was said to us."""
    return os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))


def _frame(task: dict[str, Any]) -> bytes:
    """Return *task* as a frame. Raises Unparseable for what no frame can hold."""
    try:
        request = wire.frame(task)
    except TypeError:  # lone surrogates: no page that was decoded holds them
        task["text"] = task["text"].encode("utf-8", "replace").decode()
        request = wire.frame(task)
    if len(request) > wire.MOST_ASKED_BYTES:
        raise Unparseable
    return request


def _checked(read: Any, answer: Any) -> Any:
    try:
        return read(answer)
    except ValueError:
        raise Unparseable from None
