"""The desk: what the flows of seen keys need of one installation."""

from dataclasses import dataclass

from shared.db import Database
from shared.privacy.pseudonym import Keyring


@dataclass(frozen=True, slots=True)
class Desk:
    """One for a request: it holds nothing of its own but what it is given."""

    database: Database
    keyring: Keyring
