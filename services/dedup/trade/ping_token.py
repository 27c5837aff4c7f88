"""Ping ids: signed by us, kept by nobody.

An id holds when it expires, eight random bytes and a signature over these and over whom the ping
was for: account, source, buyer and campaign. It names none of them and nobody's person. Who brings
it back says for whom, and the signature tells whether that is so.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from hmac import compare_digest

import orjson

from services.dedup.trade.ping import PingUnknown
from services.dedup.trade.terms import Scope

SECONDS = 300
"""How long an answer may be followed by its lead. A ping is asked while a form is being filled in
or a price is found, which takes seconds to a few minutes, and it reserves nothing: the older the
answer, the less it says."""

LEAST_SECONDS, MOST_SECONDS = 10, 3600

_TIME, _RANDOM, _SIGNATURE = 6, 8, 16
"""Bytes of each part: 30 in all, which are 40 characters without padding."""

Sign = Callable[[str], bytes]
"""Returns the account's signature of a text, 16 bytes."""


def made(sign: Sign, scope: Scope, expires_at: datetime) -> str:
    """Return an id for a ping of *scope* that expires at a whole second: 40 characters."""
    head = int(expires_at.timestamp()).to_bytes(_TIME, "big") + os.urandom(_RANDOM)
    return urlsafe_b64encode(head + sign(_text(scope, head))).decode()


def expires_at(sign: Sign, scope: Scope, token: str) -> datetime:
    """Return when the id *token* of a ping of *scope* expires.

    Raises PingUnknown if it is another's, or none of ours.
    """
    try:
        data = urlsafe_b64decode(token.encode("ascii"))
    except ValueError:
        raise PingUnknown from None
    head, signature = data[: _TIME + _RANDOM], data[_TIME + _RANDOM :]
    if len(signature) != _SIGNATURE or not compare_digest(sign(_text(scope, head)), signature):
        raise PingUnknown
    return datetime.fromtimestamp(int.from_bytes(head[:_TIME], "big"), UTC)


def _text(scope: Scope, head: bytes) -> str:
    return orjson.dumps([*scope, head.hex()]).decode()


KIND = "ping id"
"""What keeps these signatures apart from all others of the account."""
