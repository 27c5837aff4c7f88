"""Copies of rows that must be known while the database cannot be asked.

Every few seconds a process reads all of them and keeps them in a file too, so that one that is
started in the middle of an outage knows them. The file is sealed under the installation's key, so
that a damaged or a foreign one is none.
"""

import logging
import os
import secrets
import threading
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar

import orjson
from psycopg import Connection

from shared.db import Database
from shared.errors import ServiceError, Unavailable
from shared.privacy.pseudonym import Keyring

REFRESH_SECONDS = 5.0
"""As long as a change may go unnoticed while the database answers (`key_cache.SECONDS`)."""

VALID_FOR = timedelta(hours=1)
"""How old a copy may be: nobody can revoke or change anything during an outage, so it must end."""

MOST_AHEAD = timedelta(seconds=1)
"""How far in the future a copy may claim to have been made: processes share this host's clock."""

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What is copied, and how it stands in the file: each thing as a list that JSON can say."""

    name: str
    """Of its thread and in logs; the file is sealed for it alone."""
    file_name: str
    read: Callable[[Connection], Iterable[T]]
    """All there are, on a connection that named no tenant."""
    key: Callable[[T], Hashable]
    row: Callable[[T], list[object]]
    known: Callable[..., T]
    """What a row's parts say. Raises ValueError or TypeError for what is none."""


@dataclass(frozen=True, slots=True)
class Copy(Generic[T]):
    """All that there was at one time."""

    taken_at: datetime
    by_key: dict[Hashable, T] = field(repr=False)

    def valid(self, now: datetime) -> bool:
        """True if it is neither too old at *now* (aware) nor from the future."""
        return -MOST_AHEAD <= now - self.taken_at < VALID_FOR


class SealedCopy(Generic[T]):
    """The latest copy of one kind; safe for threads."""

    def __init__(
        self,
        kind: Kind[T],
        database: Database,
        keyring: Keyring,
        folder: Path,
        pause: float = REFRESH_SECONDS,
    ):
        """Read what an earlier process left in *folder*; nothing is asked of the database yet.

        *pause* is what passes between two copies, in seconds.
        """
        self._kind, self._database, self._keyring = kind, database, keyring
        self._pause = pause
        self._path = folder / kind.file_name
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._failing = False
        self._copy = self._kept()

    def find(self, key: Hashable) -> T | None:
        """Return what has *key*; None if the copy holds none, or is not valid."""
        copy = self._copy
        if copy is None or not copy.valid(datetime.now(UTC)):
            return None
        return copy.by_key.get(key)

    def holds(self, key: Hashable) -> bool | None:
        """Return whether there is something that has *key*; None if the copy is not valid."""
        copy = self._copy
        if copy is None or not copy.valid(datetime.now(UTC)):
            return None
        return key in copy.by_key

    def start(self) -> None:
        """Refresh from now on in a thread of its own, until the database is closed."""
        self._thread = threading.Thread(target=self._go_on, name=self._kind.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Refresh no more."""
        self._stopped.set()
        if self._thread:
            self._thread.join()

    def refresh(self) -> None:
        """Take a new copy and keep it. Raises Unavailable or OSError, and then leaves the old."""
        taken_at = datetime.now(UTC)  # before the query: what changes during it must go next time
        with self._database.lookup() as conn:
            found = list(self._kind.read(conn))
        self._copy = Copy(taken_at, {self._kind.key(one): one for one in found})
        self._keep(taken_at, found)

    def _go_on(self) -> None:
        while not (self._stopped.is_set() or self._database.closed):
            try:
                self.refresh()
                self._failing = False
            except Unavailable:
                pass  # the old copy is there for just that
            except Exception as error:
                if not self._failing:
                    log.error("the %s could not be taken", self._kind.name, exc_info=error)
                self._failing = True
            self._stopped.wait(self._pause)

    def _keep(self, taken_at: datetime, found: Iterable[T]) -> None:
        """Write the copy, complete or not at all, unless another process keeps a newer one."""
        earlier = self._kept()
        if earlier and earlier.valid(datetime.now(UTC)) and earlier.taken_at > taken_at:
            return
        rows = [self._kind.row(one) for one in found]
        sealed = self._keyring.seal(orjson.dumps([taken_at, rows]), self._kind.name)
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(sealed)
            draft.replace(self._path)  # unsynced: what a power cut damages is no copy
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise

    def _kept(self) -> Copy[T] | None:
        """Return the copy in the file, or None for no file and for any damage of it."""
        try:
            opened = self._keyring.unseal(self._path.read_bytes(), self._kind.name)
            taken_at, rows = orjson.loads(opened)
            kept = [self._kind.known(*row) for row in rows]
            return Copy(moment(taken_at), {self._kind.key(one): one for one in kept})
        except (OSError, ServiceError, ValueError, TypeError):
            return None


def moment(text: Any) -> datetime:
    """Return the time that *text* says. Raises ValueError unless it names its zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("no time zone")
    return at
