"""The process that parses: reads a task, answers it, and reads the next, until nobody asks.

It holds no secret, opens no file and has no more memory than it was given; a task that takes too
long ends it, even if nobody is left to kill it. `reader` starts it with its limits as arguments.
"""

import resource
import signal
import socket
import sys
from typing import Any

import orjson

from shared.pages.faults import Unparseable
from shared.pages.parsing.content import content, text_of
from shared.pages.parsing.robots import verdict
from shared.pages.parsing.survey import survey
from shared.pages.wire import LENGTH, frame


def main() -> None:
    """Answer the tasks that come in on standard input, a socket, until it is closed."""
    memory_bytes, seconds = int(sys.argv[1]), float(sys.argv[2])
    _confine(memory_bytes)
    with socket.socket(fileno=0) as wire:
        wire.sendall(frame({"ready": True}))
        while (body := _received(wire)) is not None:
            signal.setitimer(signal.ITIMER_REAL, seconds)
            answer = frame(_answer(orjson.loads(body)))
            signal.setitimer(signal.ITIMER_REAL, 0)
            wire.sendall(answer)


def _answer(task: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to *task*, or that there is none."""
    try:
        return {"answer": _TASKS[task["task"]](task)}
    except (Unparseable, ValueError, RecursionError, MemoryError):
        return {"unparseable": True}


def _received(wire: socket.socket) -> bytes | None:
    """Return what the next frame holds, None if there is none."""
    head = _exactly(wire, LENGTH.size)
    return None if head is None else _exactly(wire, LENGTH.unpack(head)[0])


def _exactly(wire: socket.socket, size: int) -> bytes | None:
    got = bytearray()
    while len(got) < size:
        some = wire.recv(min(size - len(got), 1 << 20))
        if not some:
            return None
        got += some
    return bytes(got)


def _confine(memory_bytes: int) -> None:
    """Give up what parsing does not need: memory beyond the limit, files, a core dump."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is the parent's business
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform.startswith("linux"):  # elsewhere addresses cannot be limited
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


_TASKS = {
    "content": lambda task: content(task["text"], task["url"]),
    "survey": lambda task: survey(task["text"], task["url"], task["asks"]),
    "text_of": lambda task: text_of(task["text"]),
    "robots": lambda task: verdict(task["text"], task["url"], task["agent"]),
}

if __name__ == "__main__":
    main()
