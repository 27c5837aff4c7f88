"""Which accounts keep suppression lists, also while the database cannot be asked.

A copy (`shared.sealed_copy`) of the accounts' names: no entry of a list stands there.
"""

from pathlib import Path

from services.dedup.trade import lists_store
from shared.db import Database
from shared.privacy.pseudonym import Keyring
from shared.sealed_copy import Kind, SealedCopy

FILE_NAME = "lists.snapshot"
"""In the folder of the spool, mode 0600."""


class ListKeepers(SealedCopy[str]):
    """The latest copy of the accounts with lists; safe for threads."""

    def __init__(self, database: Database, keyring: Keyring, folder: Path):
        """Read what an earlier process left in *folder*; nothing is asked of the database yet."""
        super().__init__(KEEPERS, database, keyring, folder)

    def keeps(self, tenant_id: str) -> bool | None:
        """Return whether the account keeps lists; None if there is no valid copy."""
        return self.holds(tenant_id)


def _row(tenant_id: str) -> list[object]:
    return [tenant_id]


KEEPERS = Kind("list snapshot", FILE_NAME, lists_store.keepers, str, _row, str)
