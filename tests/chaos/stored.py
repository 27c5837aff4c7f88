"""What PostgreSQL has in the end, read as the owner; and waiting for the spool to drain into it."""

import time
from collections.abc import Collection

import psycopg

from tests.chaos.ledger import Ledger, Row

SETTLE_SECONDS = 2.0
"""Two equal readings this far apart count as the end: a second copy would come in between."""


def rows(conninfo: str, tenants: Collection[str]) -> list[Row]:
    """Return every lead of *tenants* with its newest decision.

    The privacy mode must be `standard`, which keeps addresses in clear.
    """
    with psycopg.connect(conninfo, connect_timeout=5) as conn:
        found = conn.execute(
            """
            SELECT lead.tenant_id || '/' || (lead.fields ->> 'email'), lead.id::text,
                   (SELECT decision.action FROM dedup.decisions AS decision
                    WHERE decision.tenant_id = lead.tenant_id AND decision.lead_id = lead.id
                    ORDER BY decision.decided_at DESC, decision.id DESC LIMIT 1)
            FROM public.leads AS lead WHERE lead.tenant_id = ANY (%s)
            """,
            [list(tenants)],
        )
        return [Row(*row) for row in found]


def drained(conninfo: str, ledger: Ledger, seconds: float) -> tuple[list[Row], float]:
    """Return the rows once every acknowledged lead is among them, and the seconds that took.

    After *seconds* they are returned as they are: the ledger says what is missing.
    """
    tenants = {lead.tenant for lead in ledger.leads.values()}
    wanted, began = ledger.acknowledged(), time.monotonic()
    took, before = None, None
    while True:
        now = _readable_rows(conninfo, tenants)
        elapsed = time.monotonic() - began
        if now is not None and took is None and wanted <= {row.marker for row in now if row.action}:
            took = elapsed
        if (took is not None and now == before) or elapsed > seconds:
            return now or [], took if took is not None else elapsed
        before = now
        time.sleep(SETTLE_SECONDS if took is not None else 0.2)


def _readable_rows(conninfo: str, tenants: Collection[str]) -> list[Row] | None:
    try:
        return sorted(rows(conninfo, tenants), key=lambda row: (row.marker, row.lead_id))
    except psycopg.OperationalError:  # it is being restarted
        return None
