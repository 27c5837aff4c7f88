"""The SQL of what happened in the last days, for rules to be tried on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection

from shared.events import Event

__all__ = ["Event", "events"]


def events(
    conn: Connection[Any], tenant_id: str, names: Sequence[str], since: datetime, most: int
) -> list[Event]:
    """Return up to *most* events of these *names* from *since* on, the latest first."""
    rows = conn.execute(
        """
        SELECT event, lead_id, occurred_at, data, id FROM public.events
        WHERE tenant_id = %(tenant)s AND event = ANY (%(names)s) AND occurred_at >= %(since)s
        ORDER BY occurred_at DESC, id DESC LIMIT %(most)s
        """,
        {"tenant": tenant_id, "names": list(names), "since": since, "most": most},
    )
    return [Event(*row) for row in rows]
