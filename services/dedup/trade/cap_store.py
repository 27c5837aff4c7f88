"""The SQL of caps: counts, and the places that leads have in them.

Locks are taken in one order over all transactions: places before counts, and the counts of a
transaction in one statement, sorted.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection

from services.dedup.trade.capping import Count
from services.dedup.trade.deal import CONFIRMED, HELD
from services.dedup.trade.terms import Scope
from shared.db import LOCK_SECONDS

MOST_EXPIRED = 2_000
"""Places of expired holds that one transaction frees; the next one frees more. Those of one cap may
stand behind those of others: too few freed, and a lead is told of a cap that is not reached."""


MOST_PURGED = 10_000
"""Rows of each kind that are forgotten at a time: a tenth of a second of the database's work."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a lead was counted in."""

    lead_id: UUID
    counted: list[dict[str, Any]]
    """As `capping.places` has them."""
    held_until: datetime | None
    ends_at: datetime | None


def locked(conn: Connection, tenant_id: str, counts: Collection[Count]) -> None:
    """Hold *counts* until the transaction ends; those that do not exist yet begin at 0.

    A waiting lock is not a hung statement: it may take LOCK_SECONDS, as the keys of leads may.
    """
    conn.execute(
        """
        SELECT set_config('leadfly.statement_timeout', current_setting('statement_timeout'), true),
               set_config('statement_timeout', %(ms)s, true)
        """,
        {"ms": str(int(LOCK_SECONDS * 1000))},
    )
    conn.execute(
        """
        INSERT INTO dedup.counts (tenant_id, source_id, buyer_id, campaign_id, per, begins_at,
                                  leads)
        SELECT %(tenant)s, source_id, buyer_id, campaign_id, per, begins_at, 0
        FROM json_to_recordset(%(counts)s::json) AS asked (
            source_id text, buyer_id text, campaign_id text, per text, begins_at timestamptz)
        ORDER BY source_id, buyer_id, campaign_id, per, begins_at
        ON CONFLICT (tenant_id, source_id, buyer_id, campaign_id, per, begins_at)
            DO UPDATE SET leads = excluded.leads WHERE false -- locks the row, and changes nothing
        """,
        {"tenant": tenant_id, "counts": _json(counts)},
    )
    conn.execute(
        """
        SELECT set_config('statement_timeout', current_setting('leadfly.statement_timeout'), true)
        """
    )


def counted(conn: Connection, tenant_id: str, counts: Collection[Count]) -> dict[Count, int]:
    """Return how many leads each of *counts* has; what has none may be missing."""
    rows: Any = conn.execute(
        """
        SELECT c.source_id, c.buyer_id, c.campaign_id, c.per, c.begins_at, c.leads
        FROM json_to_recordset(%(counts)s::json) AS asked (
            source_id text, buyer_id text, campaign_id text, per text, begins_at timestamptz)
        CROSS JOIN LATERAL (
            SELECT * FROM dedup.counts AS c
            WHERE c.tenant_id = %(tenant)s AND c.source_id = asked.source_id
              AND c.buyer_id = asked.buyer_id AND c.campaign_id = asked.campaign_id
              AND c.per = asked.per AND c.begins_at = asked.begins_at
            LIMIT 1
        ) AS c
        """,
        {"tenant": tenant_id, "counts": _json(counts)},
    )
    return {Count(Scope(*row[:3]), row[3], row[4]): row[5] for row in rows}


def add(conn: Connection, tenant_id: str, more: Mapping[Count, int]) -> None:
    """Change counts by *more*, which may be less; one that does not exist is left alone.

    They are locked in the order in which `locked` does it. No count falls below 0.
    """
    conn.execute(
        """
        WITH asked AS MATERIALIZED (
            SELECT * FROM json_to_recordset(%(more)s::json) AS asked (
                source_id text, buyer_id text, campaign_id text, per text, begins_at timestamptz,
                more bigint)
        ), held AS MATERIALIZED (
            SELECT c.source_id, c.buyer_id, c.campaign_id, c.per, c.begins_at
            FROM dedup.counts AS c
            WHERE c.tenant_id = %(tenant)s
              AND (c.source_id, c.buyer_id, c.campaign_id, c.per, c.begins_at) IN (
                  SELECT source_id, buyer_id, campaign_id, per, begins_at FROM asked)
            ORDER BY c.source_id, c.buyer_id, c.campaign_id, c.per, c.begins_at
            FOR UPDATE
        )
        UPDATE dedup.counts AS c SET leads = greatest(0, c.leads + asked.more)
        FROM asked
        WHERE c.tenant_id = %(tenant)s AND c.source_id = asked.source_id
          AND c.buyer_id = asked.buyer_id AND c.campaign_id = asked.campaign_id
          AND c.per = asked.per AND c.begins_at = asked.begins_at
          AND (SELECT count(*) FROM held) >= 0
        """,
        {"tenant": tenant_id, "more": _json(more, more)},
    )


def take(conn: Connection, tenant_id: str, places: Sequence[Place]) -> None:
    """Store the *places* of leads that are stored; one that has places already keeps them."""
    conn.execute(
        """
        INSERT INTO dedup.places (tenant_id, lead_id, counted, held_until, ends_at)
        SELECT %(tenant)s, lead_id, counted, held_until, ends_at
        FROM json_to_recordset(%(places)s::json) AS new (
            lead_id uuid, counted jsonb, held_until timestamptz, ends_at timestamptz)
        ON CONFLICT (tenant_id, lead_id) DO NOTHING
        """,
        {"tenant": tenant_id, "places": orjson.dumps([asdict(each) for each in places]).decode()},
    )


def leave(conn: Connection, tenant_id: str, lead_ids: Collection[UUID]) -> list[Place]:
    """Remove and return the places of leads, those that there are."""
    rows: Any = conn.execute(
        """
        WITH held AS MATERIALIZED (
            SELECT lead_id FROM dedup.places
            WHERE tenant_id = %(tenant)s AND lead_id = ANY (%(leads)s::uuid[])
            ORDER BY lead_id FOR UPDATE
        )
        DELETE FROM dedup.places
        WHERE tenant_id = %(tenant)s AND lead_id = ANY (ARRAY(SELECT lead_id FROM held))
        RETURNING lead_id, counted, held_until, ends_at
        """,
        {"tenant": tenant_id, "leads": sorted(lead_ids)},
    ).fetchall()
    return [Place(*row) for row in rows]


def keep(conn: Connection, tenant_id: str, lead_ids: Collection[UUID]) -> None:
    """Have leads keep their places for good: their holds are over, and not by their time."""
    conn.execute(
        """
        UPDATE dedup.places SET held_until = NULL
        WHERE tenant_id = %(tenant)s AND lead_id = ANY (%(leads)s::uuid[])
        """,
        {"tenant": tenant_id, "leads": sorted(lead_ids)},
    )


def expired(conn: Connection, tenant_id: str, now: datetime) -> list[Place]:
    """Return places whose hold was over before *now*, the oldest first, MOST_EXPIRED at most.

    Some of them may have been confirmed: `held` knows.
    """
    rows: Any = conn.execute(
        """
        SELECT lead_id, counted, held_until, ends_at FROM dedup.places
        WHERE tenant_id = %(tenant)s AND held_until <= %(now)s
        ORDER BY held_until LIMIT %(most)s
        """,
        {"tenant": tenant_id, "now": now, "most": MOST_EXPIRED},
    ).fetchall()
    return [Place(*row) for row in rows]


def lock_expired(conn: Connection, tenant_id: str, now: datetime) -> list[Place]:
    """Return what `expired` does, locked; what another transaction is at is left to that one."""
    rows: Any = conn.execute(
        """
        SELECT lead_id, counted, held_until, ends_at FROM dedup.places
        WHERE tenant_id = %(tenant)s AND held_until <= %(now)s
        ORDER BY held_until LIMIT %(most)s FOR UPDATE SKIP LOCKED
        """,
        {"tenant": tenant_id, "now": now, "most": MOST_EXPIRED},
    ).fetchall()
    return [Place(*row) for row in rows]


def settled(conn: Connection, tenant_id: str, lead_ids: Collection[UUID]) -> dict[UUID, bool]:
    """Return of leads with a hold whether it was confirmed; False: it is over by its time."""
    rows: Any = conn.execute(
        """
        SELECT lead_id, state FROM dedup.deals
        WHERE tenant_id = %(tenant)s AND lead_id = ANY (%(leads)s::uuid[])
        """,
        {"tenant": tenant_id, "leads": sorted(lead_ids)},
    ).fetchall()
    return _confirmed(rows)


def lock_settled(conn: Connection, tenant_id: str, lead_ids: Collection[UUID]) -> dict[UUID, bool]:
    """Return what `settled` does, locked; a hold that is being settled just now is left out."""
    rows: Any = conn.execute(
        """
        SELECT lead_id, state FROM dedup.deals
        WHERE tenant_id = %(tenant)s AND lead_id = ANY (%(leads)s::uuid[])
        FOR UPDATE SKIP LOCKED
        """,
        {"tenant": tenant_id, "leads": sorted(lead_ids)},
    ).fetchall()
    return _confirmed(rows)


def _confirmed(rows: Iterable[tuple[UUID, str]]) -> dict[UUID, bool]:
    return {lead_id: state == CONFIRMED for lead_id, state in rows if state in (HELD, CONFIRMED)}


def purge(conn: Connection, now: datetime) -> int:
    """Delete counts, places and numbers of pings that are of no use any more, of all tenants.

    At most MOST_PURGED of each kind; return how many rows. The connection must have named no
    tenant: the function of migration 0025 knows what may go.
    """
    row: Any = conn.execute(
        "SELECT dedup.purge_trade(%(now)s, %(most)s)", {"now": now, "most": MOST_PURGED}
    ).fetchone()
    return int(row[0])


def _json(counts: Iterable[Count], more: Mapping[Count, int] | None = None) -> str:
    """Return *counts* as JSON, each with how much *more* it is to have."""
    rows = [
        count.scope._asdict()
        | {"per": count.per, "begins_at": count.begins_at}
        | ({"more": more[count]} if more else {})
        for count in counts
    ]
    return orjson.dumps(rows).decode()
