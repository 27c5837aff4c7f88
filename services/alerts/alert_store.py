"""The SQL of alerts, on a connection it is handed. Their words are sealed here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection
from psycopg.rows import dict_row

from services.alerts import sealing
from services.alerts.alert import Alert
from services.alerts.raised import New
from shared.privacy.gate import Gate

NEWEST = UUID(int=2**128 - 1)
"""An id after all others."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An alert as it is stored, its words opened."""

    alert: Alert
    title: str
    message: str
    event: str
    event_id: UUID | None
    """Of the first happening."""
    rule_version: int | None
    """Of the latest one."""
    read_at: datetime | None
    acknowledged_by: str | None
    ended_at: datetime | None

    @property
    def id(self) -> UUID:
        """The alert's."""
        return self.alert.id


def raise_all(
    conn: Connection[Any], gate: Gate, tenant_id: str, alerts: Iterable[New]
) -> dict[str, Alert]:
    """Store *alerts*, of different fingerprints, and return them as they are now, by fingerprint.

    One whose fingerprint is open already is counted again: it becomes as urgent as the more urgent
    of both, and says what is said now.
    """
    rows = sorted((_row(gate, tenant_id, one) for one in alerts), key=_by_fingerprint)
    found = _rows(conn, _RAISE, {"tenant": tenant_id, "rows": orjson.dumps(rows).decode()})
    return {row["fingerprint"]: _alert(row) for row in found}


def one(
    conn: Connection[Any], gate: Gate, tenant_id: str, alert_id: UUID, locked: bool = False
) -> Stored | None:
    """Return the alert of that id, or None; *locked*, nobody else changes it meanwhile."""
    statement = _ONE_LOCKED if locked else _ONE
    rows = _rows(conn, statement, {"tenant": tenant_id, "id": alert_id})
    return _opened(gate, tenant_id, rows[0]) if rows else None


def several(
    conn: Connection[Any], gate: Gate, tenant_id: str, alert_ids: Sequence[UUID]
) -> list[Stored]:
    """Return those of *alert_ids* that there are, in the order of their ids."""
    rows = _rows(
        conn,
        """
        SELECT * FROM alerts.alerts
        WHERE tenant_id = %(tenant)s AND id = ANY (%(ids)s) ORDER BY id
        """,
        {"tenant": tenant_id, "ids": list(alert_ids)},
    )
    return [_opened(gate, tenant_id, row) for row in rows]


def page(
    conn: Connection[Any], gate: Gate, tenant_id: str, asked: Mapping[str, Any], most: int
) -> list[Stored]:
    """Return up to *most* alerts, newest first, that are all that *asked* says.

    *asked*: `status`, `alert_type`, `priority`, `lead_id`, `rule_id`, `acknowledged`,
    `assigned_to`, `is_open` and `after`, each absent or None where nothing is asked. An alert
    keeps its place as long as it lives, so a page that follows another misses none.
    """
    rows = _rows(conn, _PAGE, {"tenant": tenant_id, **_asked(asked), "most": most})
    return [_opened(gate, tenant_id, row) for row in rows]


def save(conn: Connection[Any], tenant_id: str, alert: Alert, now: datetime, by: str) -> None:
    """Store what somebody's act made of an alert that this transaction has locked."""
    conn.execute(
        _SAVE,
        {
            "tenant": tenant_id,
            "id": alert.id,
            "status": alert.status,
            "open": alert.is_open,
            "acknowledged_at": alert.acknowledged_at,
            "assigned_to": alert.assigned_to,
            "snoozed_until": alert.snoozed_until,
            "escalate_at": alert.escalate_at,
            "now": now,
            "by": by,
        },
    )


def hold(conn: Connection[Any], tenant_id: str, alert_ids: Sequence[UUID]) -> None:
    """Lock alerts that somebody is about to act on, before any of them is read.

    In the order in which those that happen again are counted, or each would wait for the other.
    """
    conn.execute(
        """
        SELECT FROM alerts.alerts
        WHERE tenant_id = %(tenant)s AND id = ANY (%(ids)s)
        ORDER BY fingerprint, id FOR NO KEY UPDATE
        """,
        {"tenant": tenant_id, "ids": list(alert_ids)},
    )


def rival(conn: Connection[Any], tenant_id: str, alert_id: UUID) -> UUID | None:
    """Return the open alert that happened instead of this one since it ended; None: there is none.

    While there is one, this one cannot be opened again.
    """
    row = conn.execute(
        """
        SELECT other.id FROM alerts.alerts AS ended
        JOIN alerts.alerts AS other
            ON other.tenant_id = ended.tenant_id AND other.fingerprint = ended.fingerprint
           AND other.status IN ('new', 'read') AND other.id <> ended.id
        WHERE ended.tenant_id = %(tenant)s AND ended.id = %(id)s
        """,
        {"tenant": tenant_id, "id": alert_id},
    ).fetchone()
    return row[0] if row else None


def open_of_leads(conn: Connection[Any], tenant_id: str, lead_ids: Iterable[UUID]) -> list[Alert]:
    """Return the open alerts about *lead_ids*: those that may inhibit others."""
    rows = _rows(
        conn,
        """
        SELECT * FROM alerts.alerts
        WHERE tenant_id = %(tenant)s AND lead_id = ANY (%(leads)s) AND status IN ('new', 'read')
        ORDER BY id
        """,
        {"tenant": tenant_id, "leads": sorted(set(lead_ids))},
    )
    return [_alert(row) for row in rows]


def note_escalated(
    conn: Connection[Any], tenant_id: str, alert_ids: Sequence[UUID], now: datetime
) -> None:
    """Note that receivers heard of alerts by escalation, of those that had not yet."""
    conn.execute(
        """
        UPDATE alerts.alerts SET escalated_at = %(now)s
        WHERE tenant_id = %(tenant)s AND id = ANY (ARRAY(
            SELECT id FROM alerts.alerts
            WHERE tenant_id = %(tenant)s AND id = ANY (%(ids)s)
              AND escalate_at <= %(now)s AND escalated_at IS NULL
            ORDER BY id FOR NO KEY UPDATE))
        """,
        {"tenant": tenant_id, "ids": list(alert_ids), "now": now},
    )


def _by_fingerprint(row: Mapping[str, Any]) -> str:
    return str(row["fingerprint"])


def _row(gate: Gate, tenant_id: str, new: New) -> dict[str, object]:
    sealed = sealing.sealed_words(gate, tenant_id, new.fingerprint, new.words)
    return {
        "id": new.id,
        "rule_id": new.rule_id,
        "rule_version": new.rule_version,
        "alert_type": new.alert_type,
        "event": new.event,
        "event_id": new.event_id,
        "fingerprint": new.fingerprint,
        "group_key": new.group_key,
        "lead_id": new.lead_id,
        "priority": new.priority,
        "words": sealed.hex(),
        "facts": dict(new.facts),
        "times": new.times,
        "first_at": new.first_at,
        "last_at": new.last_at,
        "escalate_at": new.escalate_at,
    }


_OF_ALERT = (
    *("id", "rule_id", "alert_type", "fingerprint", "group_key", "lead_id", "priority", "status"),
    *("first_at", "last_at", "times", "facts", "acknowledged_at", "assigned_to"),
    *("snoozed_until", "escalate_at", "escalated_at"),
)
_BESIDE = ("event", "event_id", "rule_version", "read_at", "acknowledged_by", "ended_at")


def _alert(row: Mapping[str, Any]) -> Alert:
    return Alert(**{name: row[name] for name in _OF_ALERT})


def _opened(gate: Gate, tenant_id: str, row: Mapping[str, Any]) -> Stored:
    words = sealing.opened_words(gate, tenant_id, row["fingerprint"], row["words"])
    beside = {name: row[name] for name in _BESIDE}
    return Stored(_alert(row), title=words.title, message=words.message, **beside)


def _asked(asked: Mapping[str, Any]) -> dict[str, Any]:
    names = (
        *("status", "alert_type", "priority", "lead_id", "rule_id", "acknowledged"),
        *("assigned_to", "is_open"),
    )
    return {name: asked.get(name) for name in names} | {"after": asked.get("after") or NEWEST}


def _rows(
    conn: Connection[Any], statement: str, parameters: Mapping[str, object]
) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, parameters).fetchall()


_ONE = "SELECT * FROM alerts.alerts WHERE tenant_id = %(tenant)s AND id = %(id)s"
# Not FOR UPDATE: whoever tells of the alert meanwhile would pass it over as one that is erased.
_ONE_LOCKED = """
    SELECT * FROM alerts.alerts WHERE tenant_id = %(tenant)s AND id = %(id)s FOR NO KEY UPDATE
    """
_PAGE = """
    SELECT * FROM alerts.alerts
    WHERE tenant_id = %(tenant)s AND id < %(after)s
      AND (%(status)s::text IS NULL OR status = %(status)s)
      AND (%(is_open)s::boolean IS NULL OR (status IN ('new', 'read')) = %(is_open)s)
      AND (%(alert_type)s::text IS NULL OR alert_type = %(alert_type)s)
      AND (%(priority)s::text IS NULL OR priority = %(priority)s)
      AND (%(lead_id)s::uuid IS NULL OR lead_id = %(lead_id)s)
      AND (%(rule_id)s::uuid IS NULL OR rule_id = %(rule_id)s)
      AND (%(acknowledged)s::boolean IS NULL
           OR (acknowledged_at IS NOT NULL) = %(acknowledged)s)
      AND (%(assigned_to)s::text IS NULL OR assigned_to = %(assigned_to)s)
    ORDER BY id DESC LIMIT %(most)s
    """
_SAVE = """
    UPDATE alerts.alerts
    SET status = %(status)s, assigned_to = %(assigned_to)s, snoozed_until = %(snoozed_until)s,
        escalate_at = %(escalate_at)s, acknowledged_at = %(acknowledged_at)s,
        acknowledged_by = CASE WHEN %(acknowledged_at)s::timestamptz IS NULL THEN NULL
                               ELSE coalesce(acknowledged_by, %(by)s) END,
        read_at = CASE WHEN %(status)s = 'new' THEN NULL ELSE coalesce(read_at, %(now)s) END,
        ended_at = CASE WHEN %(open)s THEN NULL ELSE coalesce(ended_at, %(now)s) END
    WHERE tenant_id = %(tenant)s AND id = %(id)s
    """
_RAISE = """
    INSERT INTO alerts.alerts AS known (
        tenant_id, id, rule_id, rule_version, alert_type, event, event_id, fingerprint, group_key,
        lead_id, priority, status, words, facts, times, first_at, last_at, escalate_at)
    SELECT %(tenant)s, new.id, new.rule_id, new.rule_version, new.alert_type, new.event,
           new.event_id, new.fingerprint, new.group_key, new.lead_id, new.priority, 'new',
           decode(new.words, 'hex'), new.facts, new.times, new.first_at, new.last_at,
           new.escalate_at
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
        id uuid, rule_id uuid, rule_version integer, alert_type text, event text, event_id uuid,
        fingerprint text, group_key text, lead_id uuid, priority text, words text, facts jsonb,
        times integer, first_at timestamptz, last_at timestamptz, escalate_at timestamptz)
    ORDER BY new.fingerprint
    ON CONFLICT (tenant_id, fingerprint) WHERE status IN ('new', 'read') DO UPDATE
        SET times = known.times + excluded.times,
            last_at = greatest(known.last_at, excluded.last_at),
            rule_version = excluded.rule_version, event = excluded.event,
            words = excluded.words, facts = excluded.facts,
            priority = CASE
                WHEN array_position(ARRAY['low', 'medium', 'high', 'urgent'], excluded.priority)
                   > array_position(ARRAY['low', 'medium', 'high', 'urgent'], known.priority)
                THEN excluded.priority ELSE known.priority END
    RETURNING *
    """
