"""Frames of the stream: Server-Sent Events as bytes. Pure.

https://html.spec.whatwg.org/multipage/server-sent-events.html.
"""

from collections.abc import Mapping
from typing import Any

import orjson

RETRY_MS = 1_000
"""When a browser comes back by itself."""

PROGRESS, DONE = "progress", "done"
"""What events are called: a job as it is, and as it stays."""

HEARTBEAT = b": still here\n\n"
"""A comment: readers pass over it."""

BEGIN = f"retry: {RETRY_MS}\n\n".encode()


def frame(name: str, revision: int, job: Mapping[str, Any]) -> bytes:
    """Return *job* at a *revision* as an event, in one line of JSON."""
    data = orjson.dumps(job, option=orjson.OPT_UTC_Z)
    return f"event: {name}\nid: {revision}\ndata: ".encode() + data + b"\n\n"
