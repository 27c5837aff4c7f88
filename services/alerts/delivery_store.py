"""The SQL of deliveries, on a connection it is handed: what is on its way to whom, how it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from services.alerts import sealing
from services.alerts.channels.channel import Outcome
from services.alerts.notification import MOST_SHOWN, Contact, Notification, Shown
from shared import leads
from shared.privacy.gate import Gate

Status = Literal["pending", "sent", "failed", "dropped"]
"""`failed`: a dead letter, which can be replayed. `dropped`: there was nobody, or nothing, left."""

Why = Literal["gone", "failing"]


@dataclass(frozen=True, slots=True)
class Addressed:
    """Where a notification goes, as its receiver stands now."""

    channel: str
    address: str
    secret: str | None
    is_active: bool
    held_until: datetime | None


def addressed(conn: Connection, gate: Gate, tenant_id: str, receiver_id: UUID) -> Addressed | None:
    """Return where a receiver is reached, or None if it was removed."""
    row = _row(
        conn,
        """
        SELECT channel, address, secret, is_active, held_until FROM alerts.receivers
        WHERE tenant_id = %(tenant)s AND id = %(receiver)s
        """,
        {"tenant": tenant_id, "receiver": receiver_id},
    )
    if row is None:
        return None
    return Addressed(
        channel=row["channel"],
        address=sealing.opened_address(gate, tenant_id, receiver_id, row["address"]),
        secret=sealing.opened_secret(gate, tenant_id, receiver_id, row["secret"]),
        is_active=row["is_active"],
        held_until=row["held_until"],
    )


def waiting(
    conn: Connection, gate: Gate, tenant_id: str, notification_id: UUID
) -> Notification | None:
    """Return a notification that is on its way, with its alerts that are still open.

    None for one that has arrived or is not there. One of reason `test` has no alerts.
    """
    row = _row(
        conn,
        """
        SELECT told.reason, told.receiver_id, told.created_at, receiver.name AS receiver_name
        FROM alerts.notifications AS told
        JOIN alerts.receivers AS receiver
            ON receiver.tenant_id = told.tenant_id AND receiver.id = told.receiver_id
        WHERE told.tenant_id = %(tenant)s AND told.id = %(id)s
          AND told.status IN ('pending', 'failed')
        """,
        {"tenant": tenant_id, "id": notification_id},
    )
    if row is None:
        return None
    alerts = _alerts(conn, tenant_id, notification_id)
    shown = tuple(_shown(conn, gate, tenant_id, alert) for alert in alerts)
    return Notification(notification_id, alerts=shown, count=_count(alerts), **row)


def _alerts(conn: Connection, tenant_id: str, notification_id: UUID) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            """
            SELECT alert.id, alert.alert_type, alert.event, alert.priority, alert.words,
                   alert.fingerprint, alert.lead_id, alert.first_at, alert.last_at, alert.times,
                   alert.facts, count(*) OVER () AS of_all
            FROM alerts.notified AS told
            JOIN alerts.alerts AS alert
                ON alert.tenant_id = told.tenant_id AND alert.id = told.alert_id
            WHERE told.tenant_id = %(tenant)s AND told.notification_id = %(id)s
              AND alert.status IN ('new', 'read')
            ORDER BY array_position(ARRAY['urgent', 'high', 'medium', 'low'], alert.priority),
                     alert.last_at DESC, alert.id
            LIMIT %(most)s
            """,
            {"tenant": tenant_id, "id": notification_id, "most": MOST_SHOWN},
        ).fetchall()


def _count(alerts: Sequence[dict[str, Any]]) -> int:
    return alerts[0]["of_all"] if alerts else 0


def _shown(conn: Connection, gate: Gate, tenant_id: str, row: dict[str, Any]) -> Shown:
    words = sealing.opened_words(gate, tenant_id, row["fingerprint"], row["words"])
    plain = {name: row[name] for name in Shown.__slots__ if name in row}
    facts = {n: tuple(v) if isinstance(v, list) else v for n, v in row["facts"].items()}
    contact = _contact(conn, gate, tenant_id, row["lead_id"])
    return Shown(**plain | {"facts": facts}, **words._asdict(), contact=contact)


def _contact(conn: Connection, gate: Gate, tenant_id: str, lead_id: UUID | None) -> Contact | None:
    """Return whom an alert is about; nobody who withdrew, and nothing the mode lets nobody have."""
    if lead_id is None or "email" in gate.mode.sealed_fields:
        return None
    said = leads.find(conn, gate, tenant_id, lead_id)
    if said is None or said.withdrawn:
        return None
    fields = said.fields
    names = (fields.get("first_name"), fields.get("last_name"))
    name = fields.get("name") or " ".join(str(part) for part in names if part)
    return Contact(
        *(str(one) if one else None for one in (name, fields.get("email"), fields.get("phone")))
    )


def note(
    conn: Connection,
    tenant_id: str,
    notification_id: UUID,
    outcome: Outcome,
    status: Status,
    now: datetime,
    next_try_at: datetime | None = None,
) -> int:
    """Store what one attempt came to; return the how many-th it was."""
    row = conn.execute(
        """
        UPDATE alerts.notifications
        SET attempts = attempts + 1, last_status = %(answered)s, last_error = %(failure)s,
            status = %(status)s, next_try_at = %(next)s,
            ended_at = CASE WHEN %(status)s <> 'pending' THEN %(now)s::timestamptz END
        WHERE tenant_id = %(tenant)s AND id = %(id)s RETURNING attempts
        """,
        {
            "tenant": tenant_id,
            "id": notification_id,
            "answered": outcome.answered,
            "failure": outcome.failure,
            "status": status,
            "next": next_try_at,
            "now": now,
        },
    ).fetchone()
    return row[0] if row else 0


def drop(conn: Connection, tenant_id: str, notification_id: UUID, why: str, now: datetime) -> None:
    """Note that a notification is not sent after all, and *why* in words."""
    conn.execute(
        """
        UPDATE alerts.notifications
        SET status = 'dropped', last_error = %(why)s, ended_at = %(now)s, next_try_at = NULL
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND status IN ('pending', 'failed')
        """,
        {"tenant": tenant_id, "id": notification_id, "why": why, "now": now},
    )


def postpone(conn: Connection, tenant_id: str, notification_id: UUID, until: datetime) -> None:
    """Note that a notification is not sent before *until*."""
    conn.execute(
        """
        UPDATE alerts.notifications SET next_try_at = %(until)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        {"tenant": tenant_id, "id": notification_id, "until": until},
    )


def succeeded(conn: Connection, tenant_id: str, receiver_id: UUID) -> None:
    """Note that a receiver was reached: what failed before counts no more."""
    conn.execute(
        """
        UPDATE alerts.receivers SET failures = 0, failing_since = NULL, held_until = NULL
        WHERE tenant_id = %(tenant)s AND id = %(receiver)s
          AND (failures > 0 OR held_until IS NOT NULL)
        """,
        {"tenant": tenant_id, "receiver": receiver_id},
    )


def failed(
    conn: Connection, tenant_id: str, receiver_id: UUID, now: datetime
) -> tuple[int, datetime] | None:
    """Note that a receiver was not reached; return how often in a row, since when. None: gone."""
    return conn.execute(
        """
        UPDATE alerts.receivers
        SET failures = failures + 1, failing_since = coalesce(failing_since, %(now)s)
        WHERE tenant_id = %(tenant)s AND id = %(receiver)s RETURNING failures, failing_since
        """,
        {"tenant": tenant_id, "receiver": receiver_id, "now": now},
    ).fetchone()


def hold(conn: Connection, tenant_id: str, receiver_id: UUID, until: datetime | None) -> None:
    """Send nothing to a receiver before *until*."""
    conn.execute(
        """
        UPDATE alerts.receivers SET held_until = %(until)s
        WHERE tenant_id = %(tenant)s AND id = %(receiver)s
        """,
        {"tenant": tenant_id, "receiver": receiver_id, "until": until},
    )


def end(
    conn: Connection, tenant_id: str, receiver_id: UUID, why: str, now: datetime
) -> dict[str, Any] | None:
    """Deactivate a receiver and return its name and channel; None if it was inactive before."""
    return _row(
        conn,
        """
        UPDATE alerts.receivers
        SET is_active = false, inactive_because = %(why)s, changed_at = %(now)s,
            changed_by = 'delivery'
        WHERE tenant_id = %(tenant)s AND id = %(receiver)s AND is_active
        RETURNING name, channel
        """,
        {"tenant": tenant_id, "receiver": receiver_id, "why": why, "now": now},
    )


def unsubscribe(conn: Connection, tenant_id: str, receiver_id: UUID, now: datetime) -> None:
    """Deactivate a receiver because whoever reads it asked for that; once is enough."""
    conn.execute(
        """
        UPDATE alerts.receivers
        SET is_active = false, inactive_because = 'unsubscribed', changed_at = %(now)s,
            changed_by = 'the reader', version = version + 1
        WHERE tenant_id = %(tenant)s AND id = %(receiver)s
          AND inactive_because IS DISTINCT FROM 'unsubscribed'
        """,
        {"tenant": tenant_id, "receiver": receiver_id, "now": now},
    )


def forget_dead(conn: Connection, tenant_id: str, notification_id: UUID) -> None:
    """Delete the dead letters of a notification that has arrived after all."""
    conn.execute(
        """
        DELETE FROM public.jobs
        WHERE tenant_id = %(tenant)s AND dead_at IS NOT NULL
          AND arguments ->> 'notification_id' = %(id)s
        """,
        {"tenant": tenant_id, "id": str(notification_id)},
    )


def _row(conn: Connection, statement: str, parameters: dict[str, object]) -> dict[str, Any] | None:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, parameters).fetchone()
