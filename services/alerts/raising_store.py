"""The SQL of what happened and was not looked at, of what was, and of what is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection

from shared.events import Event


@dataclass(frozen=True, slots=True)
class Met:
    """That one happening met the conditions of a rule that counts."""

    rule_id: UUID
    counted_by: str
    event_id: UUID
    lead_id: UUID | None
    met_at: datetime
    since: datetime
    """Those that met them after this count with it."""


def tenants(conn: Connection[Any], most: int) -> list[str]:
    """Return up to *most* tenants with events to look at.

    The connection must have named no tenant: the function looks across them.
    """
    rows = conn.execute("SELECT tenant_id FROM alerts.to_be_raised(%(most)s)", {"most": most})
    return [tenant_id for (tenant_id,) in rows]


def waiting(conn: Connection[Any], tenant_id: str, most: int, newest: bool) -> list[Event]:
    """Return up to *most* events to look at, the oldest first or the newest.

    Nobody else looks at them before the transaction ends, and nobody erases their leads. Those
    whose lead is being erased are passed over, or each would wait for the other.
    """
    rows = conn.execute(_NEWEST if newest else _OLDEST, {"tenant": tenant_id, "most": most})
    return [Event(*row) for row in rows]


def done(conn: Connection[Any], tenant_id: str, event_ids: Sequence[UUID]) -> None:
    """Delete the notes of events that were looked at."""
    conn.execute(
        """
        DELETE FROM alerts.waiting WHERE tenant_id = %(tenant)s AND event_id = ANY (%(ids)s)
        """,
        {"tenant": tenant_id, "ids": list(event_ids)},
    )


def unseen(
    conn: Connection[Any], tenant_id: str, event_ids: Sequence[UUID], now: datetime
) -> set[UUID]:
    """Return those of *event_ids* that were not looked at before, and remember them all."""
    rows = conn.execute(
        """
        INSERT INTO alerts.seen (tenant_id, event_id, seen_at)
        SELECT %(tenant)s, new.id, %(now)s FROM unnest(%(ids)s::uuid[]) AS new (id)
        ON CONFLICT DO NOTHING RETURNING event_id
        """,
        {"tenant": tenant_id, "ids": sorted(set(event_ids)), "now": now},
    )
    return {event_id for (event_id,) in rows}


def hold_counts(conn: Connection[Any], tenant_id: str, rule_ids: Sequence[UUID]) -> None:
    """Let nobody else count for these rules before the transaction ends.

    Two that count at once would each see too few.
    """
    conn.execute(
        """
        SELECT pg_advisory_xact_lock(hashtextextended(%(tenant)s || rule.id, 0))
        FROM (SELECT unnest(%(rules)s::text[]) AS id ORDER BY id) AS rule
        """,
        {"tenant": f"{tenant_id}/alerts.met/", "rules": sorted(str(id) for id in set(rule_ids))},
    )


def counted(conn: Connection[Any], tenant_id: str, met: Sequence[Met]) -> list[int]:
    """Store *met* and return, for each of them, how many there are from `since` to its moment.

    Its own included, `since` excluded. Whoever calls holds the counts of the rules.
    """
    rows = [
        {
            "place": place,
            "rule_id": one.rule_id,
            "counted_by": one.counted_by,
            "event_id": one.event_id,
            "lead_id": one.lead_id,
            "met_at": one.met_at,
            "since": one.since,
        }
        for place, one in enumerate(met)
    ]
    parameters = {"tenant": tenant_id, "rows": orjson.dumps(rows).decode()}
    conn.execute(_MET, parameters)
    return [number for (number,) in conn.execute(_COUNTED, parameters)]


_WAITING = """
    SELECT told.event, told.lead_id, told.occurred_at, told.data, told.id
    FROM alerts.waiting AS note
    JOIN public.events AS told ON told.tenant_id = note.tenant_id
        AND told.lead_id = note.lead_id AND told.id = note.event_id
    JOIN public.leads AS lead ON lead.tenant_id = note.tenant_id AND lead.id = note.lead_id
    WHERE note.tenant_id = %(tenant)s
    """
_OLDEST = (
    _WAITING
    + """
    ORDER BY note.event_id LIMIT %(most)s
    FOR UPDATE OF note SKIP LOCKED FOR KEY SHARE OF lead SKIP LOCKED
    """
)
_NEWEST = (
    _WAITING
    + """
    ORDER BY note.event_id DESC LIMIT %(most)s
    FOR UPDATE OF note SKIP LOCKED FOR KEY SHARE OF lead SKIP LOCKED
    """
)
_MET = """
    INSERT INTO alerts.met (tenant_id, rule_id, counted_by, event_id, lead_id, met_at)
    SELECT %(tenant)s, new.rule_id, new.counted_by, new.event_id, new.lead_id, new.met_at
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
        rule_id uuid, counted_by text, event_id uuid, lead_id uuid, met_at timestamptz)
    ON CONFLICT DO NOTHING
    """
_COUNTED = """
    SELECT (
        SELECT count(*) FROM alerts.met AS met
        WHERE met.tenant_id = %(tenant)s AND met.rule_id = new.rule_id
          AND met.counted_by = new.counted_by
          AND met.met_at > new.since AND met.met_at <= new.met_at)
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
        place integer, rule_id uuid, counted_by text, met_at timestamptz, since timestamptz)
    ORDER BY new.place
    """
