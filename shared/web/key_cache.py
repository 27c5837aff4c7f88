"""Which API key did the caller send? Asked of the database at most every few seconds.

Only found and usable keys are remembered, by the digest of their text: the
memory of a process holds no key. A signing key is named by its prefix, and
remembered as it is stored: sealed. A revoked key stops working after SECONDS at
the latest; an expired one at once. While the database is away the snapshot is
asked, every time.
"""

import hmac
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from shared.api_key import PREFIX, SHAPE, SIGNING, ApiKey, KnownKey, digest
from shared.errors import Unavailable

SECONDS = 5.0
"""How long a revocation may go unnoticed; the price of no look-up on most requests."""

MOST = 1024
"""Keys remembered by one process, about 0.5 MB."""


class KeyCache:
    """Finds the key that a caller sent; safe for threads."""

    def __init__(
        self,
        find: Callable[[str], ApiKey | None],
        clock: Callable[[], float] = time.monotonic,
        known: Callable[[str], KnownKey] | None = None,
    ):
        """*find* returns the stored key of a prefix; *clock* counts seconds.

        *known* is asked when *find* raises Unavailable; both raise that for a key that they can
        neither find nor rule out.
        """
        self._find, self._known = find, known
        self._clock = clock
        self._found: dict[bytes, tuple[float, ApiKey]] = {}
        self._lock = threading.Lock()

    def holder(self, text: str) -> ApiKey | KnownKey | None:
        """Return the usable key that *text* is, or None for every other text.

        Raises Unavailable if nobody can say just now.
        """
        shape = SHAPE.fullmatch(text)
        if shape is None:
            return None
        hashed = digest(text)
        key = self._remembered(hashed) or self._looked_up(shape[1], hashed)
        return key if key and key.usable(datetime.now(UTC)) else None

    def recognised(self, text: str) -> ApiKey | KnownKey | None:
        """Return the usable key that *text* is, as far as that is known without the database."""
        shape = SHAPE.fullmatch(text)
        if shape is None:
            return None
        hashed = digest(text)
        key = self._remembered(hashed) or self._known_as(shape[1], hashed)
        return key if key and key.usable(datetime.now(UTC)) else None

    def _known_as(self, prefix: str, hashed: bytes) -> KnownKey | None:
        try:
            key = self._known(prefix) if self._known else None
        except Unavailable:
            return None
        return key if key and hmac.compare_digest(key.digest, hashed) else None

    def signer(self, prefix: str) -> ApiKey | KnownKey | None:
        """Return the usable signing key that *prefix* names, or None for every other text.

        Raises Unavailable if nobody can say just now.
        """
        if PREFIX.fullmatch(prefix) is None:
            return None
        key = self._remembered(prefix.encode()) or self._named(prefix)
        return key if key and key.usable(datetime.now(UTC)) else None

    def _named(self, prefix: str) -> ApiKey | KnownKey | None:
        asked_at = self._clock()
        key = self._found_or_known(prefix)
        if key is None or key.kind != SIGNING:
            return None
        if isinstance(key, ApiKey) and key.usable(datetime.now(UTC)):
            self._remember(prefix.encode(), asked_at, key)  # 8 bytes: no digest is as short
        return key

    def _remembered(self, hashed: bytes) -> ApiKey | None:
        found = self._found.get(hashed)
        if found and self._clock() - found[0] < SECONDS:
            return found[1]
        return None

    def _looked_up(self, prefix: str, hashed: bytes) -> ApiKey | KnownKey | None:
        asked_at = self._clock()  # before the query: a revocation during it must count
        key = self._found_or_known(prefix)
        if not hmac.compare_digest(key.digest if key else bytes(32), hashed) or key is None:
            return None
        # What the snapshot knows is up to its own age old, and costs nothing to ask again.
        if isinstance(key, ApiKey) and key.usable(datetime.now(UTC)):
            self._remember(hashed, asked_at, key)
        return key

    def _found_or_known(self, prefix: str) -> ApiKey | KnownKey | None:
        try:
            return self._find(prefix)
        except Unavailable:
            if self._known is None:
                raise
            return self._known(prefix)

    def _remember(self, hashed: bytes, asked_at: float, key: ApiKey) -> None:
        with self._lock:
            self._found.pop(hashed, None)
            self._found[hashed] = (asked_at, key)
            if len(self._found) > MOST:
                del self._found[next(iter(self._found))]
