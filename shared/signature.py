"""Signed messages by Standard Webhooks: sign what we send, verify what we are sent.

The specification (version 1.0.0, https://github.com/standard-webhooks/standard-webhooks,
`spec/standard-webhooks.md`): HMAC-SHA-256 over `id.timestamp.body`, written `v1,<base64>`. The
test vector beside this file's test is the one of that repository's own libraries
(`libraries/python/tests/test_webhooks.py`).
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

from shared.errors import Unauthenticated

PREFIX = "whsec_"
"""What a secret begins with, so that people and scanners know one."""

SECRET_BYTES = 32
"""Random bytes of a new secret: as many as the hash has."""

SHORTEST, LONGEST = 24, 64
"""Bytes of a secret (specification: 192 to 512 bits)."""

TOLERANCE_SECONDS = 300
"""How far a message's time may be from ours, both ways (the reference libraries' 5 minutes)."""

LONGEST_ID = 255
"""Characters of a message id: it names a stored answer (`shared.idempotency.LONGEST_KEY`)."""

MOST_SIGNATURES = 8
"""Signatures looked at in one header; a sender in the midst of a rotation writes two."""


class BadSignature(Unauthenticated):
    """The message was not signed with this secret, just now."""


def new_secret() -> str:
    """Return a new secret as it is shown to people."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(secret: str, message_id: str, at: datetime | int, body: bytes) -> str:
    """Return the signature to send as `webhook-signature`.

    *at* is when the message is sent: an aware time or seconds since 1970, as `webhook-timestamp`
    says too. Raises ValueError for a secret that is none, or an id with a full stop in it.
    """
    if not _readable(message_id):
        raise ValueError("a message id has 1 to 255 printable ASCII characters and no full stop")
    seconds = int(at.timestamp()) if isinstance(at, datetime) else at
    return "v1," + base64.b64encode(_mac(secret, message_id, str(seconds), body)).decode()


def verified(
    secrets: Iterable[str],
    message_id: str,
    timestamp: str,
    signature: str,
    body: bytes,
    now: datetime,
) -> None:
    """Return if one of *secrets* signed *body* (as it was sent, byte for byte) around *now*.

    The three texts are the headers webhook-id, -timestamp and -signature. Signatures of versions
    other than v1 are passed over. Raises BadSignature otherwise, and never says why.
    """
    if not _readable(message_id) or not _current(timestamp, now):
        raise BadSignature
    sent = [text[3:] for text in signature.split(" ")[:MOST_SIGNATURES] if text.startswith("v1,")]
    expected = [base64.b64encode(_mac(one, message_id, timestamp, body)) for one in secrets]
    # Every pair is compared, each in constant time: how long it takes says nothing.
    same = [
        hmac.compare_digest(one.encode("utf-8", "replace"), other)
        for one in sent
        for other in expected
    ]
    if not any(same):
        raise BadSignature


def _readable(message_id: str) -> bool:
    """True unless the id is empty, too long, odd, or has the full stop that ends an id."""
    plain = message_id.isascii() and message_id.isprintable()
    return 1 <= len(message_id) <= LONGEST_ID and plain and "." not in message_id


def _current(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= TOLERANCE_SECONDS


def _mac(secret: str, message_id: str, timestamp: str, body: bytes) -> bytes:
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return hmac.digest(_bytes(secret), signed, "sha256")


def _bytes(secret: str) -> bytes:
    """Return the bytes that a secret stands for. Raises ValueError if it is none."""
    try:
        raw = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a secret is base64") from None
    if not SHORTEST <= len(raw) <= LONGEST:
        raise ValueError(f"a secret has {SHORTEST} to {LONGEST} bytes")
    return raw
