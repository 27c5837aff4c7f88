"""The SQL of what became of an alert: what people did, what was decided, what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from shared.privacy.gate import Gate

MOST = 1000
"""Entries of each sort that are shown of one alert, the latest."""


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody did with an alert."""

    id: UUID
    action: str
    """A name of `acting.DONE`."""
    details: Mapping[str, Any]
    """Whom it was assigned to, until when it was snoozed."""
    note: str | None
    done_at: datetime
    done_by: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a receiver was to be told of an alert, and why not."""

    id: UUID
    receiver_id: UUID
    receiver_name: str | None
    """None: it was removed since."""
    word: str
    """One of `telling.Word`."""
    again_at: datetime | None
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notification that told of an alert, and how it went."""

    id: UUID
    receiver_id: UUID
    receiver_name: str
    channel: str
    reason: str
    alert_count: int
    status: str
    attempts: int
    last_status: int | None
    last_error: str | None
    created_at: datetime
    next_try_at: datetime | None
    ended_at: datetime | None


def act(conn: Connection[Any], gate: Gate, tenant_id: str, alert_id: UUID, action: Action) -> None:
    """Store what somebody did with an alert; its note is sealed."""
    sealed = None
    if action.note is not None:
        place = f"{tenant_id}/{_place(action.id)}"
        sealed = gate.keyring.seal(action.note.encode(), place)
    conn.execute(
        """
        INSERT INTO alerts.actions (tenant_id, id, alert_id, action, note, details, done_at,
                                    done_by)
        VALUES (%(tenant)s, %(id)s, %(alert)s, %(action)s, %(note)s, %(details)s, %(at)s, %(by)s)
        """,
        {
            "tenant": tenant_id,
            "id": action.id,
            "alert": alert_id,
            "action": action.action,
            "note": sealed,
            "details": Jsonb(dict(action.details)),
            "at": action.done_at,
            "by": action.done_by,
        },
    )


def actions(conn: Connection[Any], gate: Gate, tenant_id: str, alert_id: UUID) -> list[Action]:
    """Return what people did with an alert, the latest first."""
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            """
            SELECT id, action, details, note, done_at, done_by FROM alerts.actions
            WHERE tenant_id = %(tenant)s AND alert_id = %(alert)s ORDER BY id DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "alert": alert_id, "most": MOST},
        ).fetchall()
    return [Action(**row | {"note": _opened(gate, tenant_id, row)}) for row in rows]


def decisions(conn: Connection[Any], tenant_id: str, alert_id: UUID) -> list[Decision]:
    """Return what was decided about telling of an alert, the latest first."""
    with conn.cursor(row_factory=class_row(Decision)) as cursor:
        return cursor.execute(
            """
            SELECT said.id, said.receiver_id, receiver.name AS receiver_name, said.word,
                   said.again_at, said.decided_at
            FROM alerts.decisions AS said
            LEFT JOIN alerts.receivers AS receiver
                ON receiver.tenant_id = said.tenant_id AND receiver.id = said.receiver_id
            WHERE said.tenant_id = %(tenant)s AND said.alert_id = %(alert)s
            ORDER BY said.id DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "alert": alert_id, "most": MOST},
        ).fetchall()


def deliveries(conn: Connection[Any], tenant_id: str, alert_id: UUID) -> list[Delivery]:
    """Return the notifications that told of an alert, the latest first."""
    with conn.cursor(row_factory=class_row(Delivery)) as cursor:
        return cursor.execute(
            """
            SELECT sent.id, sent.receiver_id, receiver.name AS receiver_name, receiver.channel,
                   sent.reason, sent.alert_count, sent.status, sent.attempts, sent.last_status,
                   sent.last_error, sent.created_at, sent.next_try_at, sent.ended_at
            FROM alerts.notified AS told
            JOIN alerts.notifications AS sent
                ON sent.tenant_id = told.tenant_id AND sent.id = told.notification_id
            JOIN alerts.receivers AS receiver
                ON receiver.tenant_id = sent.tenant_id AND receiver.id = sent.receiver_id
            WHERE told.tenant_id = %(tenant)s AND told.alert_id = %(alert)s
            ORDER BY sent.id DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "alert": alert_id, "most": MOST},
        ).fetchall()


def deliveries_to(
    conn: Connection[Any], tenant_id: str, receiver_id: UUID, before: UUID, most: int
) -> list[Delivery]:
    """Return up to *most* notifications to a receiver, the latest first, from *before* that one."""
    with conn.cursor(row_factory=class_row(Delivery)) as cursor:
        return cursor.execute(
            """
            SELECT sent.id, sent.receiver_id, receiver.name AS receiver_name, receiver.channel,
                   sent.reason, sent.alert_count, sent.status, sent.attempts, sent.last_status,
                   sent.last_error, sent.created_at, sent.next_try_at, sent.ended_at
            FROM alerts.notifications AS sent
            JOIN alerts.receivers AS receiver
                ON receiver.tenant_id = sent.tenant_id AND receiver.id = sent.receiver_id
            WHERE sent.tenant_id = %(tenant)s AND sent.receiver_id = %(receiver)s
              AND sent.id < %(before)s
            ORDER BY sent.id DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "receiver": receiver_id, "before": before, "most": most},
        ).fetchall()


def _place(action_id: UUID) -> str:
    return f"alerts/actions/{action_id}/note"


def _opened(gate: Gate, tenant_id: str, row: Mapping[str, Any]) -> str | None:
    if row["note"] is None:
        return None
    return gate.unseal(tenant_id, bytes(row["note"]), _place(row["id"])).decode()
