"""Withdrawing: a lead that its sender took back is erased, wherever it is by now.

It may be stored, wait in this host's spool, or only be announced; a fetch that is under way is
waited for, or it would bring the lead back.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.dedup import provided_store
from services.dedup.intake.news import pseudonym
from services.dedup.intake.submitting import name_of
from shared.db import Database
from shared.errors import NotFound
from shared.jobs import Job, Later
from shared.privacy.gate import Gate
from shared.spool import Spool, receipt

WHILE_FETCHED = timedelta(seconds=20)
"""Pause while the lead is being fetched: twice what a fetch may take."""

LOOK_AGAIN = timedelta(minutes=1)
"""When an unknown lead is looked for once more: it may wait in the spool of another host, which
stores it within seconds of the database's return."""

Erase = Callable[[str, UUID], object]
"""Erases one lead of an account, completely. Raises NotFound if it is nowhere."""


class BeingFetched(Later):
    """The lead that was taken back is being fetched at this moment."""


class NotKnown(Later):
    """The lead that was taken back is not known here, or not yet."""


@dataclass(frozen=True, slots=True)
class Withdrawing:
    """What leads are erased with."""

    erase: Erase
    spool: Spool

    def __call__(self, database: Database, gate: Gate, job: Job) -> None:
        """Do one job of the kind `news.WITHDRAW`; nothing if the lead is not known.

        Raises BeingFetched, NotKnown the first time, or Unavailable if something of the lead may
        be left.
        """
        source_id, reference = (str(job.arguments[name]) for name in ("source_id", "reference"))
        name = name_of(source_id, reference)
        # The spool first: what leaves it meanwhile is stored by then.
        waiting = self.spool.find(receipt(job.tenant_id, name))
        with database.transaction(job.tenant_id) as conn:
            if provided_store.drop_fetches(conn, job.tenant_id, source_id, reference):
                raise BeingFetched(WHILE_FETCHED, counts=False)
        with database.transaction(job.tenant_id) as conn:
            key = pseudonym(gate, job.tenant_id, name)
            known = provided_store.leads(conn, job.tenant_id, key)
        leads = {*known, *([waiting.lead_id] if waiting else [])}
        if not leads and job.tries == 1:
            raise NotKnown(LOOK_AGAIN)
        for lead_id in leads:
            with suppress(NotFound):
                self.erase(job.tenant_id, lead_id)
