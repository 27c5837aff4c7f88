"""The ledger of erasures: kept outside the database, so that a restore of it undoes none.

An *entry* names the leads that one erasure took: their ids, and nothing that anybody said. It is
*asked* on the disk before the database is touched, and *done* once the database has committed; one
that stays asked, because its process died, is finished by the worker. A database has seen an entry
if its id stands in `privacy.erasures`; one that lacks a done entry was restored to an earlier
moment, and nobody works with it until `leadfly reapply-erasures` has caught up.

Each entry is a file of its own, `ID.asked` or `ID.done`, whose name sorts by time: it is there
whole or not at all, on any file system, and hosts may share the folder.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from shared.errors import ServiceError, Unavailable
from shared.ids import uuid7

KEPT_FOR = timedelta(days=400)
"""How long an entry is kept: longer than any backup may be (a year, deploy/restore.sh)."""

NEWEST = 100
"""Entries that a connection asks the database about: one restored to an earlier moment lacks the
newest, so a few would do."""

ASKED, DONE = ".asked", ".done"


class LedgerUnavailable(Unavailable):
    """The ledger of erasures cannot be written, so nothing was erased; ask again."""


class LedgerDamaged(ServiceError):
    """An entry of the ledger of erasures cannot be read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One erasure."""

    id: UUID
    """Version 7: the order of ids is the order of erasures."""
    tenant_id: str
    reach: str
    """`lead` or `person`; *leads* lists all of the person's then."""
    erased_by: str
    erased_at: datetime
    leads: tuple[UUID, ...]


def entry(tenant_id: str, reach: str, erased_by: str, leads: Sequence[UUID]) -> Entry:
    """Return a new entry, of now."""
    return Entry(uuid7(), tenant_id, reach, erased_by, datetime.now(UTC), tuple(leads))


class ErasureLedger:
    """The entries in *folder*, shared by threads, processes and, if it is shared, hosts."""

    def __init__(self, folder: Path):
        """Nothing is opened; the first entry makes the folder."""
        self.folder = folder

    @contextmanager
    def noting(self, made: Entry) -> Iterator[None]:
        """Have *made* asked before the block and done after it, which commits the erasure.

        Where the block fails for sure nothing is kept of it. Where the database gave up, nobody
        knows whether it had committed: the entry stays asked, and the worker finishes it.
        """
        self.ask(made)
        try:
            yield
        except Unavailable:
            raise
        except Exception:
            self._path(made.id, ASKED).unlink(missing_ok=True)
            raise
        self.finished(made.id)

    def ask(self, made: Entry) -> None:
        """Keep *made*; when this returns it outlasts a power cut. Raises LedgerUnavailable."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = self.folder / f".{made.id}"
            with open(draft, "x", encoding="utf-8", opener=_private) as file:
                file.write(json.dumps(_written(made)) + "\n")
                file.flush()
                os.fsync(file.fileno())
            draft.rename(self._path(made.id, ASKED))
            self._sync()
        except OSError as error:
            raise LedgerUnavailable from error

    def finished(self, entry_id: UUID) -> None:
        """Have an asked entry done; one that stays asked is looked at again, which is no harm."""
        with suppress(OSError):
            self._path(entry_id, ASKED).rename(self._path(entry_id, DONE))

    def newest(self) -> list[UUID]:
        """Return the ids of the newest done entries. Raises LedgerUnavailable."""
        done = [name for name in self._names() if name.endswith(DONE)][-NEWEST:]
        return [UUID(name.removesuffix(DONE)) for name in done]

    def entries(self) -> Iterator[Entry]:
        """Yield every entry, oldest first. Raises LedgerDamaged, LedgerUnavailable."""
        for entry_id, suffix in self._ids():
            if made := self._read(entry_id, suffix):
                yield made

    def overdue(self, before: datetime) -> list[Entry]:
        """Return the entries that were asked before *before* (aware) and never done."""
        old = [found for found in self._ids() if found[1] == ASKED and _made_at(found[0]) < before]
        return [made for found in old if (made := self._read(*found))]

    def forget(self, before: datetime) -> int:
        """Delete the entries of before *before* (aware); return how many."""
        old = [found for found in self._ids() if _made_at(found[0]) < before]
        for entry_id, suffix in old:
            self._path(entry_id, suffix).unlink(missing_ok=True)
        return len(old)

    def _ids(self) -> list[tuple[UUID, str]]:
        """Return id and suffix of every entry, oldest first."""
        paths = map(Path, self._names())
        return [(UUID(path.stem), path.suffix) for path in paths]

    def _names(self) -> list[str]:
        """Return the names of the entries' files, oldest first."""
        try:
            names = os.listdir(self.folder)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise LedgerUnavailable("The ledger of erasures cannot be read.") from error
        return sorted(name for name in names if name.endswith((ASKED, DONE)))

    def _read(self, entry_id: UUID, suffix: str) -> Entry | None:
        """Return an entry, which may be done by now; None if it was withdrawn."""
        path = self._path(entry_id, suffix)
        try:
            return _understood(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return self._read(entry_id, DONE) if suffix == ASKED else None
        except (OSError, ValueError, KeyError, TypeError):
            raise LedgerDamaged(f"The entry {path} cannot be read.") from None

    def _path(self, entry_id: UUID, suffix: str) -> Path:
        return self.folder / f"{entry_id}{suffix}"

    def _sync(self) -> None:
        """Have the disk know the folder's names."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _made_at(entry_id: UUID) -> datetime:
    """Return the moment in a UUID of version 7."""
    return datetime.fromtimestamp((entry_id.int >> 80) / 1000, UTC)


def _written(made: Entry) -> dict[str, object]:
    return {
        "id": str(made.id),
        "tenant_id": made.tenant_id,
        "reach": made.reach,
        "erased_by": made.erased_by,
        "erased_at": made.erased_at.isoformat(),
        "leads": [str(lead_id) for lead_id in made.leads],
    }


def _understood(kept: dict[str, Any]) -> Entry:
    return Entry(
        UUID(kept["id"]),
        kept["tenant_id"],
        kept["reach"],
        kept["erased_by"],
        datetime.fromisoformat(kept["erased_at"]),
        tuple(map(UUID, kept["leads"])),
    )
