"""The worker's part in erasing: what senders take back, and what a dead process left half done."""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.privacy.erasure import LEAD, Desk, erase
from services.privacy.reapplying import finish
from shared import db
from shared.db import ERASER
from shared.erasure_ledger import KEPT_FOR, ErasureLedger
from shared.privacy.gate import Gate
from shared.settings import Settings
from shared.spool import Spool

BY = "sender"
"""Who stands in the audit."""

OVERDUE = timedelta(minutes=1)
"""After this an erasure that was asked for is no longer under way: its statements take eight
seconds at most."""

LOOK_SECONDS = 30.0
"""Pause between two looks at the ledger."""


def desk(settings: Settings, gate: Gate, spool: Spool) -> Desk:
    """Return what erasing needs, with a connection that is made for it; close its database."""
    database = db.connect(replace(settings, threads=1), gate.keyring.fingerprint, ERASER)
    return Desk(database, gate, spool, ErasureLedger(settings.ledger_folder))


@dataclass(frozen=True, slots=True)
class Erasing:
    """Erases leads for the worker; there is no connection that may but while it does."""

    settings: Settings
    gate: Gate
    spool: Spool

    def __call__(self, tenant_id: str, lead_id: UUID) -> None:
        """Erase one lead. Raises NotFound if it is nowhere, Unavailable if some may be left."""
        made = desk(self.settings, self.gate, self.spool)
        with closing(made.database):
            erase(made, tenant_id, lead_id, LEAD, BY)


@dataclass(slots=True)
class Finishing:
    """Finishes, now and then, erasures whose process died before it could say how they went."""

    settings: Settings
    gate: Gate
    spool: Spool
    _due: float = field(default=0.0, init=False)

    def __call__(self, stop: Callable[[], bool]) -> None:
        """Finish what is overdue, and forget what is older than any backup. Raises Unavailable."""
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + LOOK_SECONDS
        now = datetime.now(UTC)
        ledger = ErasureLedger(self.settings.ledger_folder)
        ledger.forget(now - KEPT_FOR)
        if overdue := ledger.overdue(now - OVERDUE):
            made = desk(self.settings, self.gate, self.spool)
            with closing(made.database):
                finish(made, overdue)
