"""The SQL of what people did, on a connection it is handed. Pages and searches are sealed here."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from psycopg import Connection

from services.signals.behaviour_event import Event
from services.signals.engagement import OBJECTIONS
from shared.leads import base64_or_none
from shared.privacy.gate import Permit, Sealed

TRACKING = "behavioural_tracking"
"""The purpose for which what people did is kept (`shared.privacy.purposes`)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One event as it is stored."""

    lead_id: UUID
    event_key: int
    """A pseudonym of what makes this event the same when it comes again."""
    behavior_type: str
    at: datetime | None
    """None: now; a time of the future is now, too."""
    details: Sealed | None = None
    kept: timedelta | None = None
    """How long after it happened; None for an objection, which is kept with its lead."""


def place(lead_id: UUID, event_key: int) -> str:
    """Return what the particulars of an event are sealed for; the view says the same."""
    return f"signals/behaviours/{lead_id}/{event_key}"


def row(permit: Permit, lead_id: UUID, event: Event, name: str = "") -> Row:
    """Return *event* as it may be stored of a lead; *name* is its sender's own, else its content's.

    The permit is one for TRACKING. Two visits to one page are one where nobody said when. Of an
    objection the fact and its time are kept, as long as the lead.
    """
    details = {"url": event.url, "query": event.query, "title": event.title, "name": event.name}
    said = orjson.dumps(asdict(event)).decode()
    key = permit.pseudonym("behaviour", name or said)
    if event.type in OBJECTIONS:
        return Row(lead_id, key, event.type, event.at)
    sealed = permit.seal(orjson.dumps(details), place(lead_id, key))
    kept = timedelta(days=permit.gate.mode.retention.tracking)
    return Row(lead_id, key, event.type, event.at, sealed, kept)


def recorded(conn: Connection, permit: Permit, lead_id: UUID, events: Iterable[Event]) -> int:
    """Store what a lead did; return how many events are new.

    *permit* is the gate's for the purpose TRACKING. Done again, it changes nothing; an
    event older than the mode keeps any, and one of a lead that is not there, is not stored.
    """
    return len(save(conn, permit.tenant_id, [row(permit, lead_id, event) for event in events]))


def save(conn: Connection, tenant_id: str, rows: Sequence[Row]) -> list[UUID]:
    """Store *rows*; return the lead of each that was new.

    In one order, so that two retries never deadlock.
    """
    if not rows:
        return []
    stored = conn.execute(
        """
        WITH new AS MATERIALIZED (
            SELECT lead_id, event_key, behavior_type, details, kept_days,
                   least(coalesce(at, now()), now()) AS at
            FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
                lead_id uuid, event_key bigint, behavior_type text, at timestamptz, details text,
                kept_days double precision)
        ), held AS MATERIALIZED (
            SELECT id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id IN (SELECT lead_id FROM new)
            ORDER BY id FOR KEY SHARE
        ), stored AS (
            INSERT INTO signals.behaviours (tenant_id, lead_id, event_key, behavior_type,
                                            occurred_at, recorded_at, expires_at, details)
            SELECT %(tenant)s, lead_id, event_key, behavior_type, at, now(),
                   at + make_interval(secs => kept_days * 86400), decode(details, 'base64')
            FROM new JOIN held ON held.id = new.lead_id
            WHERE kept_days IS NULL OR at + make_interval(secs => kept_days * 86400) > now()
            ORDER BY lead_id, event_key
            ON CONFLICT (tenant_id, lead_id, event_key) DO NOTHING
            RETURNING lead_id
        )
        SELECT lead_id FROM stored
        """,
        {"tenant": tenant_id, "rows": orjson.dumps([_json(one) for one in rows]).decode()},
    ).fetchall()
    return [lead_id for (lead_id,) in stored]


def purge_expired(conn: Connection) -> int:
    """Delete every event past its time, of all tenants; return how many.

    The connection must have named no tenant: then the policy `expired` is the only one that lets
    rows go, which is why no WHERE stands here.
    """
    return conn.execute("DELETE FROM signals.behaviours").rowcount


def _json(one: Row) -> dict[str, object]:
    """Return *one* as JSON can carry it; whole numbers of 64 bits survive orjson and PostgreSQL."""
    return {
        "lead_id": one.lead_id,
        "event_key": one.event_key,
        "behavior_type": one.behavior_type,
        "at": one.at,
        "details": base64_or_none(one.details),
        "kept_days": one.kept and one.kept / timedelta(days=1),
    }
