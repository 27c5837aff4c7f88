"""The SQL of groups: what each receiver was told of them, and when to look again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from psycopg import Connection
from psycopg.rows import class_row, dict_row

from services.alerts.alert import Alert
from services.alerts.grouping import REPEATED_FOR
from services.alerts.telling import Word

MOST_GROUPS = 10_000
"""Groups of one receiver that are looked at together, so that what was held up is one message."""

STILL_WATCHED = REPEATED_FOR + timedelta(days=1)
"""An alert that was told, that did not happen again for so long, and that nobody snoozed is not
told again by itself, and is left out."""


class Due(NamedTuple):
    """A receiver with groups to look at."""

    tenant_id: str
    receiver_id: UUID


class Woken(NamedTuple):
    """A group that something happened to, for one receiver."""

    group_key: str
    receiver_id: UUID
    rule_id: UUID | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A group that this transaction looks at for a receiver."""

    group_key: str
    rule_id: UUID | None
    opened_at: datetime
    told_at: datetime | None


class Standing(NamedTuple):
    """An alert of a group as it stands with the receiver."""

    alert: Alert
    word: Word | None
    """The latest decision; None: there was none."""
    told_at: datetime | None


class Settled(NamedTuple):
    """What came of looking at a group."""

    group_key: str
    due_at: datetime | None
    told: bool


class Decided(NamedTuple):
    """A decision about one alert."""

    id: UUID
    alert_id: UUID
    word: Word
    again_at: datetime | None
    is_told: bool


def due(conn: Connection[Any], now: datetime, most: int) -> list[Due]:
    """Return receivers with a group to look at, of *most* groups of any tenants.

    The connection must have named no tenant: the function looks across them.
    """
    rows = conn.execute(
        "SELECT tenant_id, receiver_id FROM alerts.to_be_told(%(now)s, %(most)s)",
        {"now": now, "most": most},
    )
    return [Due(*row) for row in rows]


def wake(conn: Connection[Any], tenant_id: str, woken: Iterable[Woken], now: datetime) -> None:
    """Have groups looked at now, those that are new as well.

    Rows are locked in one order, so that two who wake the same never wait for each other.
    """
    rows = [one._asdict() for one in sorted(set(woken), key=lambda one: one[:2])]
    if not rows:
        return
    conn.execute(
        """
        INSERT INTO alerts.groups AS known (tenant_id, group_key, receiver_id, rule_id, opened_at,
                                            due_at)
        SELECT %(tenant)s, new.group_key, new.receiver_id, new.rule_id, %(now)s, %(now)s
        FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
            group_key text, receiver_id uuid, rule_id uuid)
        ORDER BY new.group_key COLLATE "C", new.receiver_id
        ON CONFLICT (tenant_id, group_key, receiver_id) DO UPDATE
            SET due_at = least(known.due_at, excluded.due_at)
        """,
        {"tenant": tenant_id, "rows": orjson.dumps(rows).decode(), "now": now},
    )


def wake_of(
    conn: Connection[Any], tenant_id: str, alert_ids: Sequence[UUID], now: datetime
) -> None:
    """Have the groups of alerts looked at now, and those of their leads' other open alerts.

    The latter, because an alert may inhibit others of its lead.
    """
    conn.execute(
        """
        UPDATE alerts.groups SET due_at = least(due_at, %(now)s)
        WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM alerts.groups
            WHERE tenant_id = %(tenant)s AND group_key = ANY (ARRAY(
                SELECT group_key FROM alerts.alerts
                WHERE tenant_id = %(tenant)s AND id = ANY (%(ids)s)
                UNION
                SELECT other.group_key FROM alerts.alerts AS changed
                JOIN alerts.alerts AS other
                    ON other.tenant_id = changed.tenant_id AND other.lead_id = changed.lead_id
                   AND other.status IN ('new', 'read')
                WHERE changed.tenant_id = %(tenant)s AND changed.id = ANY (%(ids)s)))
            ORDER BY group_key COLLATE "C", receiver_id FOR NO KEY UPDATE))
          AND tenant_id = %(tenant)s
        """,
        {"tenant": tenant_id, "ids": list(alert_ids), "now": now},
    )


def wake_all(
    conn: Connection[Any],
    tenant_id: str,
    now: datetime,
    receiver_id: UUID | None = None,
    rule_id: UUID | None = None,
) -> None:
    """Have all groups with open alerts looked at now, or those of a receiver or a rule.

    For what changes what is told of all of them: a silence that was ended, a receiver or a rule
    that is another now.
    """
    conn.execute(
        """
        UPDATE alerts.groups SET due_at = least(due_at, %(now)s)
        WHERE ctid = ANY (ARRAY(
            SELECT own.ctid FROM alerts.groups AS own
            WHERE own.tenant_id = %(tenant)s
              AND (%(receiver)s::uuid IS NULL OR own.receiver_id = %(receiver)s)
              AND (%(rule)s::uuid IS NULL OR own.rule_id = %(rule)s)
              AND EXISTS (
                SELECT FROM alerts.alerts AS a
                WHERE a.tenant_id = own.tenant_id AND a.group_key = own.group_key
                  AND a.status IN ('new', 'read'))
            ORDER BY own.group_key COLLATE "C", own.receiver_id FOR NO KEY UPDATE OF own))
          AND tenant_id = %(tenant)s
        """,
        {"tenant": tenant_id, "now": now, "receiver": receiver_id, "rule": rule_id},
    )


def claimed(
    conn: Connection[Any], tenant_id: str, receiver_id: UUID, now: datetime
) -> list[Claimed]:
    """Return the due groups of a receiver, longest due first; nobody else looks at them meanwhile.

    Groups that somebody is waking are passed over: they are due again at once.
    """
    with conn.cursor(row_factory=class_row(Claimed)) as cursor:
        return cursor.execute(
            """
            SELECT group_key, rule_id, opened_at, told_at FROM alerts.groups
            WHERE tenant_id = %(tenant)s AND receiver_id = %(receiver)s AND due_at <= %(now)s
            ORDER BY due_at, group_key LIMIT %(most)s
            FOR NO KEY UPDATE SKIP LOCKED
            """,
            {"tenant": tenant_id, "receiver": receiver_id, "now": now, "most": MOST_GROUPS},
        ).fetchall()


def standings(
    conn: Connection[Any],
    tenant_id: str,
    receiver_id: UUID,
    group_keys: Sequence[str],
    now: datetime,
) -> list[Standing]:
    """Return the open alerts of groups as they stand with a receiver, oldest first.

    Nobody erases them before the transaction ends; those that are being erased are left out.
    """
    parameters = {
        "tenant": tenant_id,
        "receiver": receiver_id,
        "keys": list(group_keys),
        "watched_since": now - STILL_WATCHED,
    }
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_STANDINGS, parameters).fetchall()
    return [
        Standing(word=row.pop("word"), told_at=row.pop("told_at"), alert=Alert(**row))
        for row in rows
    ]


def settle(
    conn: Connection[Any],
    tenant_id: str,
    receiver_id: UUID,
    settled: Iterable[Settled],
    now: datetime,
) -> None:
    """Store when groups that this transaction claimed are to be looked at again."""
    rows = [one._asdict() for one in settled]
    conn.execute(
        """
        UPDATE alerts.groups AS own
        SET due_at = new.due_at, told_at = CASE WHEN new.told THEN %(now)s ELSE own.told_at END
        FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
            group_key text, due_at timestamptz, told boolean)
        WHERE own.tenant_id = %(tenant)s AND own.receiver_id = %(receiver)s
          AND own.group_key = new.group_key
        """,
        {
            "tenant": tenant_id,
            "receiver": receiver_id,
            "rows": orjson.dumps(rows).decode(),
            "now": now,
        },
    )


def decide(
    conn: Connection[Any],
    tenant_id: str,
    receiver_id: UUID,
    decided: Iterable[Decided],
    now: datetime,
) -> None:
    """Store decisions, and how the alerts stand with the receiver after them."""
    rows = [one._asdict() for one in decided]
    if not rows:
        return
    parameters: Mapping[str, object] = {
        "tenant": tenant_id,
        "receiver": receiver_id,
        "rows": orjson.dumps(rows).decode(),
        "now": now,
    }
    conn.execute(_DECISIONS, parameters)
    conn.execute(_STAND, parameters)


_STANDINGS = """
    SELECT alert.id, alert.rule_id, alert.alert_type, alert.fingerprint, alert.group_key,
           alert.lead_id, alert.priority, alert.status, alert.first_at, alert.last_at, alert.times,
           alert.facts, alert.acknowledged_at, alert.assigned_to, alert.snoozed_until,
           alert.escalate_at, alert.escalated_at, standing.word, standing.told_at
    FROM alerts.alerts AS alert
    LEFT JOIN alerts.standings AS standing
        ON standing.tenant_id = alert.tenant_id AND standing.alert_id = alert.id
       AND standing.receiver_id = %(receiver)s
    WHERE alert.tenant_id = %(tenant)s AND alert.group_key = ANY (%(keys)s)
      AND alert.status IN ('new', 'read')
      AND (alert.last_at > %(watched_since)s
           OR alert.snoozed_until > %(watched_since)s
           OR alert.escalate_at > coalesce(standing.told_at, '-infinity')
           OR standing.told_at IS NULL
              AND coalesce(standing.word, '') NOT IN ('below_priority', 'inactive'))
    ORDER BY alert.first_at, alert.id
    FOR KEY SHARE OF alert SKIP LOCKED
    """
_DECISIONS = """
    INSERT INTO alerts.decisions (tenant_id, id, alert_id, receiver_id, word, again_at, decided_at)
    SELECT %(tenant)s, new.id, new.alert_id, %(receiver)s, new.word, new.again_at, %(now)s
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
        id uuid, alert_id uuid, word text, again_at timestamptz)
    """
_STAND = """
    INSERT INTO alerts.standings AS known (tenant_id, alert_id, receiver_id, word, told_at)
    SELECT %(tenant)s, new.alert_id, %(receiver)s, new.word,
           CASE WHEN new.is_told THEN %(now)s::timestamptz END
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (alert_id uuid, word text, is_told boolean)
    ON CONFLICT (tenant_id, alert_id, receiver_id) DO UPDATE
        SET word = excluded.word, told_at = coalesce(excluded.told_at, known.told_at)
    """
