"""The worker's part after an outage: store and check the leads that passed unchecked."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from services.dedup.reconcile import reconcile
from shared.db import Database
from shared.privacy.gate import Gate
from shared.spool import Spool

TURN_SECONDS = 1.0
"""How long to go on before asking whether to stop; requests may drain their tenant in between."""

INTENTS_KEPT_FOR = timedelta(hours=1)
"""A retry that comes later than this does not find the id of an attempt that died: it only
matters if the database went away between the two."""


def reconcile_spool(database: Database, gate: Gate, spool: Spool, stop: Callable[[], bool]) -> None:
    """Store what waits in *spool*, until nothing is left or *stop*; forget old intents."""
    spool.forget_intents(datetime.now(UTC) - INTENTS_KEPT_FOR)
    while not stop() and not database.away and reconcile(database, gate, spool, None, TURN_SECONDS):
        pass
