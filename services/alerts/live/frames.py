"""Frames of the stream: Server-Sent Events as bytes.

Pure. https://html.spec.whatwg.org/multipage/server-sent-events.html.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

RETRY_MS = 3_000
"""When a browser comes back by itself."""

ALERT, READY = "alert", "ready"
"""What events are called: an alert as it is now; and that everything up to `cursor` was told, or,
if not `resumed`, that the list is to be asked for anew."""

HEARTBEAT = b": still here\n\n"
"""A comment: readers pass over it."""


def alerts(told: Sequence[Mapping[str, Any]], cursor: str) -> bytes:
    """Return a frame for each of *told* (at least one); the last one carries *cursor*.

    Whoever loses the connection between them is told all of them again.
    """
    bodies = [f"event: {ALERT}\ndata: ".encode() + _json(one) for one in told]
    return b"\n\n".join(bodies) + _end(cursor)


def ready(cursor: str, resumed: bool) -> bytes:
    """Return what a stream begins with once its reader has missed nothing, or is to list anew."""
    data = _json({"cursor": cursor, "resumed": resumed})
    return f"retry: {RETRY_MS}\nevent: {READY}\ndata: ".encode() + data + _end(cursor)


def _end(cursor: str) -> bytes:
    return f"\nid: {cursor}\n\n".encode()


def _json(value: Mapping[str, Any]) -> bytes:
    """Return *value* in one line: JSON escapes every line break in a text."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)
