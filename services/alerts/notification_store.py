"""The SQL of notifications as they are made: what goes to which receiver, about which alerts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.alerts.telling import Reason


def save(
    conn: Connection[Any],
    tenant_id: str,
    notification_id: UUID,
    receiver_id: UUID,
    reason: Reason,
    group_keys: Sequence[str],
    alert_ids: Sequence[UUID],
    now: datetime,
) -> None:
    """Store a notification of alerts that this transaction holds, on its way from *now*."""
    parameters = {
        "tenant": tenant_id,
        "id": notification_id,
        "receiver": receiver_id,
        "reason": reason,
        "group": group_keys[0] if len(group_keys) == 1 else None,
        "alerts": list(alert_ids),
        "count": len(alert_ids),
        "now": now,
    }
    conn.execute(
        """
        INSERT INTO alerts.notifications (tenant_id, id, receiver_id, group_key, reason,
                                          alert_count, status, created_at, next_try_at)
        VALUES (%(tenant)s, %(id)s, %(receiver)s, %(group)s, %(reason)s, %(count)s, 'pending',
                %(now)s, %(now)s)
        """,
        parameters,
    )
    conn.execute(
        """
        INSERT INTO alerts.notified (tenant_id, notification_id, alert_id)
        SELECT %(tenant)s, %(id)s, told.alert_id
        FROM unnest(%(alerts)s::uuid[]) AS told (alert_id) ORDER BY told.alert_id
        """,
        parameters,
    )


def lately(
    conn: Connection[Any], tenant_id: str, receiver_id: UUID, now: datetime, within: timedelta
) -> list[datetime]:
    """Return when a receiver was told anything *within* that time before *now*, oldest first.

    Tests count for nothing.
    """
    rows = conn.execute(
        """
        SELECT created_at FROM alerts.notifications
        WHERE tenant_id = %(tenant)s AND receiver_id = %(receiver)s AND created_at > %(since)s
          AND reason <> 'test'
        ORDER BY created_at
        """,
        {"tenant": tenant_id, "receiver": receiver_id, "since": now - within},
    )
    return [at for (at,) in rows]
