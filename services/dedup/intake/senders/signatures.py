"""What senders' signatures have in common: HMAC-SHA-256, compared in constant time."""

import base64
import hmac
from datetime import datetime, timedelta

from services.dedup.intake.sender import Forged
from services.dedup.intake.senders.json_values import MILLISECONDS_FROM

PATIENCE = timedelta(minutes=5)
"""How far a signed time may be from ours, both ways (Webflow, HubSpot and Calendly name it)."""

LONGEST_COUNT = 15
"""Digits of a time; more is none."""


def same(expected: bytes | str, sent: str) -> bool:
    """Return whether the header *sent* says *expected*, in a time that tells nothing.

    Any text is an answer, also one that is not ASCII; an empty *expected* equals nothing.
    """
    known = expected.encode() if isinstance(expected, str) else expected
    return hmac.compare_digest(known, sent.encode("utf-8", "replace")) and bool(known)


def recent(at: str | int, now: datetime, patience: timedelta = PATIENCE) -> bool:
    """Return whether *at* (milliseconds or seconds since 1970) is within *patience* of *now*.

    False for a text that is no such count.
    """
    text = str(at)
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_COUNT):
        return False
    count = int(text)
    seconds = count / 1000 if count >= MILLISECONDS_FROM else float(count)
    return abs(now.timestamp() - seconds) <= patience.total_seconds()


def base64_hmac(secret: str, message: bytes) -> str:
    """Return the signature of *message* in base64. Raises Forged if the secret is empty."""
    return base64.b64encode(_mac(secret, message)).decode()


def hex_hmac(secret: str, message: bytes) -> str:
    """Return the signature of *message* in lower-case hex. Raises Forged if the secret is empty."""
    return _mac(secret, message).hex()


def _mac(secret: str, message: bytes) -> bytes:
    # Anybody can sign with an empty key: a source without its secret lets nobody in.
    if not secret:
        raise Forged
    return hmac.digest(secret.encode("utf-8", "replace"), message, "sha256")
