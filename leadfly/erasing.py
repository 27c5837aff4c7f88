"""The worker's part when a sender takes a lead back: erasing it, with the login that may."""

from contextlib import closing
from dataclasses import dataclass, replace
from uuid import UUID

from services.privacy.erasure import LEAD, Desk, erase
from shared import db
from shared.db import ERASER
from shared.privacy.gate import Gate
from shared.settings import Settings
from shared.spool import Spool

BY = "sender"
"""Who stands in the audit."""


@dataclass(frozen=True, slots=True)
class Erasing:
    """Erases leads for the worker; there is no connection that may but while it does."""

    settings: Settings
    gate: Gate
    spool: Spool

    def __call__(self, tenant_id: str, lead_id: UUID) -> None:
        """Erase one lead. Raises NotFound if it is nowhere, Unavailable if some may be left."""
        settings = replace(self.settings, threads=1)
        with closing(db.connect(settings, self.gate.keyring.fingerprint, ERASER)) as database:
            erase(Desk(database, self.gate, self.spool), tenant_id, lead_id, LEAD, BY)
