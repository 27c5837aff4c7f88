"""Asking a host for JSON: whatever it does in its place ends in words, in bounded time and memory.

It is asked through the door, so it leads nowhere inside. A redirect is followed on the same site
alone: what a request carries, a key perhaps, is for nobody else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from services.discovery.sources.source import SourceUnavailable
from shared.destination import Refused
from shared.outbound import Answer, Door, Forbidding, TooSlow, Unreachable
from shared.pages import addresses
from shared.pages.asking import AGENT, REDIRECTS, retry_seconds
from shared.pages.faults import PageRefused

MOST_BYTES = 10_000_000
"""Of one answer."""

SECONDS = 20.0
"""For one answer, from the lookup to its last byte."""

MOST_REDIRECTS = 3

BUSY = (408, 425, 429, 502, 503, 504)
"""What passes by itself."""

MOST_RETRY_SECONDS = 60
"""The longest Retry-After that is waited for."""

RETRY_SECONDS = 5
"""Where a busy host does not say."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a host is asked."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = SECONDS
    most_bytes: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class Json:
    """A document, with the answer's header fields and its size."""

    document: Any
    headers: Mapping[str, str]
    size: int


class JsonHost:
    """Asks one host, in the words of a source: *what* names it in messages."""

    def __init__(self, door: Door, what: str, about: str | None, rest: Callable[[float], None]):
        """*about* tells hosts who asks; *rest* waits for some seconds, or raises Stopped."""
        self._door, self._what, self._rest = door, what, rest
        self._agent = f"{AGENT}/1 (+{about})" if about else f"{AGENT}/1"

    def ask(self, request: Request) -> Json:
        """Return the JSON that answers *request*; a busy host is asked once again.

        Raises SourceUnavailable with words that quote nothing of the answer.
        """
        answer = self._followed(request)
        if answer.status in BUSY:
            wait = retry_seconds(answer.retry_after, datetime.now(UTC)) or RETRY_SECONDS
            if wait > MOST_RETRY_SECONDS:
                raise self.fault(f"asks to be left alone for {wait} seconds")
            self._rest(wait)
            answer = self._followed(request)
        return self._read(answer, request)

    def fault(self, problem: str) -> SourceUnavailable:
        """Return what to raise for *problem*, in words of ours."""
        return SourceUnavailable(f"{self._what} {problem}.")

    def _followed(self, request: Request) -> Answer:
        url = request.url
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._sent(request, url)
            if answer.status not in REDIRECTS:
                return answer
            try:
                to = addresses.redirected(url, answer.headers.get("location"), self._door.allowed)
            except PageRefused:
                raise self.fault("redirects to where we do not follow") from None
            if addresses.site(to) != addresses.site(url) or request.method != "GET":
                raise self.fault("redirects to where we do not follow")
            url = to
        raise self.fault("redirects too often")

    def _sent(self, request: Request, url: str) -> Answer:
        own = {"User-Agent": self._agent, "Accept": "application/json"}
        headers = {**own, **request.headers, "Accept-Encoding": "identity"}
        room = request.most_bytes + 1
        try:
            return self._door.send(
                request.method, url, headers, request.body, request.seconds, room
            )
        except Refused as error:
            raise self.fault(f"has an address that {error.details['url']}") from None
        except Forbidding:
            raise self.fault("leads to an address that is not public") from None
        except TooSlow:
            raise self.fault("did not answer in time") from None
        except Unreachable as error:
            raise self.fault(f"cannot be reached: {error.message.rstrip('.')}") from None

    def _read(self, answer: Answer, request: Request) -> Json:
        if len(answer.body) > request.most_bytes:
            raise self.fault(f"answers with more than {request.most_bytes // 1_000_000} MB")
        if answer.status in BUSY:
            raise self.fault(f"is busy (HTTP {answer.status})")
        if not 200 <= answer.status < 300:
            raise self.fault(f"refuses the question (HTTP {answer.status})")
        if not answer.whole:
            raise self.fault("did not send all of its answer in time")
        kind = answer.headers.get("content-type", "").lower()
        if "html" in kind or answer.body.lstrip()[:1] == b"<":
            raise self.fault("answers with a page in place of JSON")
        try:
            return Json(orjson.loads(answer.body), answer.headers, len(answer.body))
        except orjson.JSONDecodeError:
            raise self.fault("answers with something that is no JSON") from None
