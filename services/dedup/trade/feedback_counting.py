"""Counting: the leads that an account took, by the day, so that nobody looks at all of them.

Each lead is looked at until nothing about its deal can change by time, and then it is in a number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from services.dedup.trade import feedback_rates_store
from services.dedup.trade.deal import LONGEST_HOLD_SECONDS
from services.dedup.trade.feedback_rates import Asked, Tallied
from shared.db import Database
from shared.privacy.gate import Gate

SETTLED_AFTER = timedelta(seconds=LONGEST_HOLD_SECONDS, hours=1)
"""After a lead came: every hold is confirmed or over, and what was slow to commit is there."""

BATCH = 5_000
"""Leads that one statement adds: a fifth of a second on a busy machine."""

MOST_SECONDS = 1.0
"""How long one request goes on adding; the next one goes on from there."""

MOST_SINCE = 50_000
"""Leads not in a number yet that one request looks at: a second on a busy machine."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of leads, by source, or by source and buyer."""

    rows: Sequence[Tallied]
    """Those with the most leads first."""
    complete: bool
    """False if the account has more leads than were counted so far: asked again, there are more."""


def tally(
    database: Database,
    gate: Gate,
    tenant_id: str,
    asked: Asked,
    now: datetime,
    clock: Callable[[], float] = monotonic,
) -> Tally:
    """Return what became of the leads that were received on the days *asked*."""
    turn = gate.keyring.pseudonym(tenant_id, "feedback rates", "")
    before, ends = _id_at(now - SETTLED_AFTER), clock() + MOST_SECONDS
    more = True
    while more and clock() < ends:
        with database.transaction(tenant_id, [turn]) as conn:
            after = feedback_rates_store.until(conn, tenant_id)
            more = feedback_rates_store.count_on(conn, tenant_id, after, before, BATCH)
    with database.transaction(tenant_id, [turn]) as conn:
        after = feedback_rates_store.until(conn, tenant_id)
        leads = feedback_rates_store.taken(conn, tenant_id, asked)
        since, complete = feedback_rates_store.taken_since(
            conn, tenant_id, asked, after, MOST_SINCE
        )
        said = feedback_rates_store.said(conn, tenant_id, asked)
    rows = [
        Tallied(
            source_id,
            buyer_id if asked.by_buyer else asked.buyer_id,
            leads.get((source_id, buyer_id), 0) + since.get((source_id, buyer_id), 0),
            said.get((source_id, buyer_id), {}),
        )
        for source_id, buyer_id in leads.keys() | since.keys() | said.keys()
    ]
    rows.sort(key=lambda row: (-row.taken, row.source_id, row.buyer_id or ""))
    return Tally(rows, complete)


def _id_at(moment: datetime) -> UUID:
    """Return an id before all that were made at *moment* or later (RFC 9562, section 5.7)."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)
