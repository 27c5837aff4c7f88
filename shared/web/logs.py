"""Structured logs on stderr: one JSON object a line, and nobody's data in it.

Our own messages carry ids and counts, so they are written in full. What other
libraries say may quote a caller: of theirs only the template and numbers are
kept. Of an exception the type and the places it passed are kept, never its message.
"""

import logging
import os
import sys
import traceback
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import orjson
from flask import Flask, Response, has_request_context

from shared.web.context import context, notes, running
from shared.web.request_id import request_id
from shared.web.routes import elapsed_seconds, method, route

OURS = ("shared", "services", "leadfly", "lead_discovery")
"""Packages whose log messages hold only what this house allows."""

MOST_FRAMES = 20
"""Stack frames of one exception, the innermost."""

requests = logging.getLogger("leadfly.requests")


def configure(service: str, level: int = logging.INFO) -> None:
    """Send every log record of this process to stderr through `Lines`; may be called again."""
    logging.raiseExceptions = False  # logging's own complaint would print a record's arguments
    # What no line of ours holds need not be found out for each.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, _Stderr):
            root.removeHandler(handler)
    handler = _Stderr()
    handler.setFormatter(Lines(service))
    root.addHandler(handler)
    root.setLevel(level)


def install(app: Flask) -> None:
    """Log every request of *app* in one line, once its answer is known."""

    @app.after_request
    def line(response: Response) -> Response:
        # A supervisor asks every few seconds how we are: that it was fine is not worth a line.
        asked = running().endpoint in _PROBES and response.status_code < 400
        level = logging.DEBUG if asked else logging.INFO
        if requests.isEnabledFor(level):
            # Made by hand: logging would look through the stack for a place nobody prints.
            record = logging.LogRecord(requests.name, level, "", 0, "request", None, None)
            record.fields = _request_fields(response)
            requests.handle(record)
        return response


_PROBES = frozenset({"health.healthz", "health.readyz", "health.metrics"})


def _request_fields(response: Response) -> dict[str, Any]:
    fields = {
        "method": method(),
        "route": route(),
        "status": response.status_code,
        "duration_ms": round(elapsed_seconds() * 1000, 3),
    }
    tenant_id = notes().get("tenant_id")
    if tenant_id is not None:
        fields["tenant"] = tenant_hash(tenant_id, context().log_key)
    return fields


def tenant_hash(tenant_id: str, key: bytes) -> str:
    """Return 12 hexadecimal digits that stand for the tenant; an account id may be an address."""
    return blake2b(tenant_id.encode(), key=key, digest_size=6).hexdigest()


class Lines(logging.Formatter):
    """A log record as one line of JSON."""

    def __init__(self, service: str):
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for *record*."""
        line = {
            "ts": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "message": _message(record),
        }
        if has_request_context():
            line["request_id"] = request_id()
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = described(record.exc_info[1])
        return orjson.dumps(line, default=_unsaid, option=_OPTIONS).decode()


def described(error: BaseException) -> dict[str, Any]:
    """Return the type of *error*, the types behind it, and where it was raised; no message."""
    frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    return {
        "type": _type_name(error),
        "causes": [_type_name(cause) for cause in _causes(error)],
        "frames": [
            f"{_short(code.co_filename)}:{line}:{code.co_name}"
            for code, line in frames[-MOST_FRAMES:]
        ],
    }


def _message(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] not in OURS:
        return _foreign_message(record)
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return str(record.msg)


def _foreign_message(record: logging.LogRecord) -> str:
    """Return a library's template with its numbers; without arguments, only where it spoke.

    A message without arguments may have been put together before it came here.
    """
    place = f"{_short(record.pathname)}:{record.lineno}:{record.funcName}"
    if not isinstance(record.args, tuple) or not record.args or not isinstance(record.msg, str):
        return place
    numbers = tuple(arg if isinstance(arg, (int, float)) else "…" for arg in record.args)
    try:
        return record.msg % numbers
    except (TypeError, ValueError):
        return place


def _causes(error: BaseException) -> list[BaseException]:
    causes: list[BaseException] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and cause not in causes and len(causes) < MOST_FRAMES:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    return causes


def _type_name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _short(path: str) -> str:
    return "/".join(path.rsplit("/", 3)[-3:])


def _unsaid(value: object) -> str:
    return f"({type(value).__name__})"


class _Stderr(logging.Handler):
    """Writes to whatever sys.stderr is at the time, each line at once.

    Without a lock: a thread that writes lets others run, who would all wait for it.
    """

    def createLock(self) -> None:
        """Have none."""
        self.lock = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line of *record*; what cannot be written is dropped."""
        try:
            _write(self.format(record) + "\n")
        except Exception:
            self.handleError(record)


def _write(line: str) -> None:
    stream = sys.stderr
    try:
        descriptor = stream.fileno()
    except OSError:  # somebody listens in this process
        stream.write(line)
        return
    left = line.encode()
    while left:
        left = left[os.write(descriptor, left) :]


_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
