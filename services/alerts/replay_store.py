"""The SQL of notifications that failed for good and are to be tried again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

MOST = 1000
"""Notifications that one request puts on their way."""


def waits_again(
    conn: Connection[Any],
    tenant_id: str,
    receiver_id: UUID,
    ids: Sequence[UUID] | None,
    now: datetime,
) -> list[UUID]:
    """Note that failed notifications to a receiver wait again, of *ids* if given; return which.

    The oldest first, MOST at most.
    """
    rows = conn.execute(
        """
        UPDATE alerts.notifications
        SET status = 'pending', next_try_at = %(now)s, ended_at = NULL
        WHERE tenant_id = %(tenant)s AND id = ANY (ARRAY(
            SELECT id FROM alerts.notifications
            WHERE tenant_id = %(tenant)s AND receiver_id = %(receiver)s AND status = 'failed'
              AND (%(ids)s::uuid[] IS NULL OR id = ANY (%(ids)s::uuid[]))
            ORDER BY id LIMIT %(most)s FOR NO KEY UPDATE))
        RETURNING id
        """,
        {
            "tenant": tenant_id,
            "receiver": receiver_id,
            "ids": None if ids is None else list(ids),
            "now": now,
            "most": MOST,
        },
    )
    return sorted(id for (id,) in rows)
