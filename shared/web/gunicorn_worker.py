"""Gunicorn's threads with our words: `worker_class = "shared.web.gunicorn_worker.Worker"`.

A request that is no HTTP never reaches the app. Gunicorn refuses it with a page of HTML that
repeats what was sent; ours is the envelope of every other refusal, with its headers.
"""

from contextlib import suppress
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import orjson
from gunicorn import util  # type: ignore[import-untyped] # no stubs
from gunicorn.http import errors as http  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from shared.errors import Malformed, ServiceError, TooLarge
from shared.web.replies import SECURITY_HEADERS, timestamp

REFUSALS: tuple[tuple[type[Exception], HTTPStatus, type[ServiceError]], ...] = (
    (http.InvalidResponseHeader, HTTPStatus.INTERNAL_SERVER_ERROR, ServiceError),
    (http.InvalidResponseHeaderName, HTTPStatus.INTERNAL_SERVER_ERROR, ServiceError),
    (http.ConfigurationProblem, HTTPStatus.INTERNAL_SERVER_ERROR, ServiceError),
    (http.UnsupportedTransferCoding, HTTPStatus.NOT_IMPLEMENTED, Malformed),
    (http.LimitRequestLine, HTTPStatus.REQUEST_URI_TOO_LONG, TooLarge),
    (http.LimitRequestHeaders, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, TooLarge),
    (http.ExpectationFailed, HTTPStatus.EXPECTATION_FAILED, Malformed),
    (http.ParseException, HTTPStatus.BAD_REQUEST, Malformed),
    (Exception, HTTPStatus.INTERNAL_SERVER_ERROR, ServiceError),
)
"""What each fault is answered with, by gunicorn's own choice of status; the first that fits."""

MESSAGES = {Malformed: "This is no HTTP request.", TooLarge: "The address or a header is too long."}


class Worker(ThreadWorker):
    """A worker of gunicorn's kind `gthread`."""

    def set_accept_enabled(self, enabled: bool) -> None:
        """Take connections, or not; one that stops lets in who waits, and shuts the door at once.

        Gunicorn leaves it open while kept-alive connections linger, two seconds: who comes then
        is neither refused nor answered, and a proxy may not ask the next service.
        """
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            waiting = True
            while waiting:
                before = self.nr_conns
                self.accept(listener)
                waiting = self.nr_conns > before
            listener.close()

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Refuse what could not be read; the log gets the kind of fault alone."""
        status, kind = next((s, k) for fault, s, k in REFUSALS if isinstance(exc, fault))
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.error("request failed", exc_info=exc)
        else:
            self.log.warning("request refused: %d", status)
        with suppress(OSError):  # who sent it is gone
            util.write_nonblock(client, refusal(status, kind(MESSAGES.get(kind))))


def refusal(status: HTTPStatus, error: ServiceError) -> bytes:
    """Return the answer that says *error*, after which the connection is closed."""
    request_id = uuid4().hex
    fault = {"code": error.code, "message": error.message, "details": error.details}
    stamp = {"request_id": request_id, "timestamp": timestamp()}
    body = orjson.dumps({"success": False, "error": fault} | stamp)
    headers = [
        ("Connection", "close"),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("X-Request-ID", request_id),
        *SECURITY_HEADERS,
    ]
    head = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{n}: {v}" for n, v in headers)]
    return "\r\n".join(head).encode("ascii") + b"\r\n\r\n" + body
