"""The desk: what the flows of suppression lists need of one installation."""

from dataclasses import dataclass
from functools import partial

from shared import suppression
from shared.db import Database
from shared.privacy.pseudonym import Keyring
from shared.suppression import Value


@dataclass(frozen=True, slots=True)
class Desk:
    """One for a request: it holds nothing of its own but what it is given."""

    database: Database
    keyring: Keyring
    country: str
    """Of the installation, ISO 3166-1 alpha-2: reads national numbers."""

    def key(self, tenant_id: str, value: Value) -> int:
        """Return the key of an entry of that account that says *value*."""
        return suppression.key(partial(self.keyring.pseudonym, tenant_id), value)
