"""Which API keys there are, for as long as the database cannot be asked.

A copy (`shared.sealed_copy`) of every usable key's digest. A digest is the SHA-256 of 256 random
bits: it lets nobody in. A signing key stands there sealed, as in its row.
"""

from pathlib import Path

from shared import keys
from shared.db import Database
from shared.errors import Unavailable
from shared.keys import KnownKey
from shared.privacy.pseudonym import Keyring
from shared.sealed_copy import Kind, SealedCopy, moment

FILE_NAME = "keys.snapshot"
"""In the folder of the spool, mode 0600."""


class NotKnown(Unavailable):
    """This API key cannot be looked up just now; nothing was stored, so try again."""


class KeySnapshot(SealedCopy[KnownKey]):
    """The latest copy of the usable keys; safe for threads."""

    def __init__(self, database: Database, keyring: Keyring, folder: Path):
        """Read what an earlier process left in *folder*; nothing is asked of the database yet."""
        super().__init__(KEYS, database, keyring, folder)

    def key(self, prefix: str) -> KnownKey:
        """Return the key with *prefix*. Raises NotKnown if there is none, or no valid copy."""
        found = self.find(prefix)
        if found is None:
            raise NotKnown
        return found


def _prefix(key: KnownKey) -> str:
    return key.prefix


def _row(key: KnownKey) -> list[object]:
    sealed = key.sealed.hex() if key.sealed else None
    who = [key.prefix, key.tenant_id, key.digest.hex(), sorted(key.scopes), key.expires_at]
    return [*who, key.kind, key.source_id, sorted(key.origins), sealed]


def _known(
    prefix: str,
    tenant_id: str,
    digest: str,
    scopes: list[str],
    expires_at: str | None,
    kind: str,
    source_id: str | None,
    origins: list[str],
    sealed: str | None,
) -> KnownKey:
    return KnownKey(
        prefix,
        tenant_id,
        bytes.fromhex(digest),
        frozenset(scopes),
        moment(expires_at) if expires_at else None,
        kind,
        source_id,
        frozenset(origins),
        bytes.fromhex(sealed) if sealed else None,
    )


KEYS = Kind("key snapshot", FILE_NAME, keys.usable, _prefix, _row, _known)
