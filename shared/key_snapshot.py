"""Which API keys there are, for as long as the database cannot be asked.

A copy of every usable key's digest, read every few seconds and kept in a file too, so that a
process started in the middle of an outage knows its callers. A digest is the SHA-256 of 256 random
bits: it lets nobody in. A signing key stands there sealed, as in its row. The file is sealed under
the installation's key, so that a damaged or a foreign one is none.
"""

import logging
import os
import secrets
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from shared import keys
from shared.db import Database
from shared.errors import ServiceError, Unavailable
from shared.keys import KnownKey
from shared.privacy.pseudonym import Keyring

FILE_NAME = "keys.snapshot"
"""In the folder of the spool, mode 0600."""

REFRESH_SECONDS = 5.0
"""As long as a revocation may go unnoticed while the database answers (`key_cache.SECONDS`)."""

VALID_FOR = timedelta(hours=1)
"""How old a copy may be: nobody can revoke a key during an outage, so its keys must end."""

MOST_AHEAD = timedelta(seconds=1)
"""How far in the future a copy may claim to have been made: processes share this host's clock."""

_PLACE = "key snapshot"

log = logging.getLogger(__name__)


class NotKnown(Unavailable):
    """This API key cannot be looked up just now; nothing was stored, so try again."""


@dataclass(frozen=True, slots=True)
class Copy:
    """The usable keys as they were at one time."""

    taken_at: datetime
    by_prefix: dict[str, KnownKey] = field(repr=False)

    def valid(self, now: datetime) -> bool:
        """True if it is neither too old at *now* (aware) nor from the future."""
        return -MOST_AHEAD <= now - self.taken_at < VALID_FOR


class KeySnapshot:
    """The latest copy of the usable keys; safe for threads."""

    def __init__(self, database: Database, keyring: Keyring, folder: Path):
        """Read what an earlier process left in *folder*; nothing is asked of the database yet."""
        self._database, self._keyring = database, keyring
        self._path = folder / FILE_NAME
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._failing = False
        self._copy = self._kept()

    def key(self, prefix: str) -> KnownKey:
        """Return the key with *prefix*. Raises NotKnown if there is none, or no valid copy."""
        copy = self._copy
        if copy is None or not copy.valid(datetime.now(UTC)) or prefix not in copy.by_prefix:
            raise NotKnown
        return copy.by_prefix[prefix]

    def start(self) -> None:
        """Refresh from now on, in a thread of its own."""
        self._thread = threading.Thread(target=self._go_on, name="key snapshot", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Refresh no more."""
        self._stopped.set()
        if self._thread:
            self._thread.join()

    def refresh(self) -> None:
        """Take a new copy and keep it. Raises Unavailable or OSError, and then leaves the old."""
        taken_at = datetime.now(UTC)  # before the query: a key revoked during it must go next time
        with self._database.lookup() as conn:
            found = keys.usable(conn)
        self._copy = Copy(taken_at, {key.prefix: key for key in found})
        self._keep(taken_at, found)

    def _go_on(self) -> None:
        while not self._stopped.is_set():
            try:
                self.refresh()
                self._failing = False
            except Unavailable:
                pass  # the old copy is there for just that
            except Exception as error:
                if not self._failing:
                    log.error("API keys could not be copied", exc_info=error)
                self._failing = True
            self._stopped.wait(REFRESH_SECONDS)

    def _keep(self, taken_at: datetime, found: Iterable[KnownKey]) -> None:
        """Write the copy, complete or not at all, unless another process keeps a newer one."""
        earlier = self._kept()
        if earlier and earlier.valid(datetime.now(UTC)) and earlier.taken_at > taken_at:
            return
        rows = [_row(key) for key in found]
        sealed = self._keyring.seal(orjson.dumps([taken_at, rows]), _PLACE)
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._path.with_name(f".{FILE_NAME}.{secrets.token_hex(8)}")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(sealed)
            draft.replace(self._path)  # unsynced: what a power cut damages is no copy
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise

    def _kept(self) -> Copy | None:
        """Return the copy in the file, or None for no file and for any damage of it."""
        try:
            opened = self._keyring.unseal(self._path.read_bytes(), _PLACE)
            taken_at, rows = orjson.loads(opened)
            return Copy(_moment(taken_at), {row[0]: _known(*row) for row in rows})
        except (OSError, ServiceError, ValueError, TypeError):
            return None


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
        _moment(expires_at) if expires_at else None,
        kind,
        source_id,
        frozenset(origins),
        bytes.fromhex(sealed) if sealed else None,
    )


def _moment(text: str) -> datetime:
    """Return the time that *text* says. Raises ValueError unless it names its zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return moment
