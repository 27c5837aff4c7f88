"""The SQL of rates: numbers by the day on which leads were received.

Every lead is looked at once: up to `taken_until`, in the order of ids, it is in a number of a day,
and what came later is counted when somebody asks.
"""

from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.sql import SQL

from services.dedup.trade import deal
from services.dedup.trade.feedback import ALLOWED
from services.dedup.trade.feedback_rates import Asked

START = UUID(int=0)
"""An id before all others."""


def until(conn: Connection, tenant_id: str) -> UUID:
    """Return up to which lead the account's are in numbers of days."""
    row = conn.execute(
        "SELECT last_id FROM dedup.taken_until WHERE tenant_id = %(tenant)s",
        {"tenant": tenant_id},
    ).fetchone()
    return row[0] if row else START


def count_on(conn: Connection, tenant_id: str, after: UUID, before: UUID, most: int) -> bool:
    """Add the next *most* leads between two ids to the numbers of their days.

    Returns True if there may be more. Whoever calls it holds the account's turn.
    """
    row: Any = conn.execute(
        _COUNT_ON,
        {
            "tenant": tenant_id,
            "after": after,
            "before": before,
            "most": most,
            "allowed": ALLOWED,
            "not_taken": list(NOT_TAKEN),
        },
    ).fetchone()
    return row[0] == most


def taken(conn: Connection, tenant_id: str, asked: Asked) -> dict[tuple[str, str], int]:
    """Return by source and buyer how many leads the numbers of days have."""
    rows: Any = conn.execute(
        """
        SELECT source_id, CASE WHEN %(by_buyer)s THEN buyer_id ELSE '' END AS buyer, sum(leads)
        FROM dedup.days_taken
        WHERE tenant_id = %(tenant)s AND day BETWEEN %(first)s AND %(last)s
          AND (%(source)s::text IS NULL OR source_id = %(source)s)
          AND (%(buyer)s::text IS NULL OR buyer_id = %(buyer)s)
        GROUP BY 1, 2
        """,
        _named(tenant_id, asked),
    )
    return {(source_id, buyer_id): int(leads) for source_id, buyer_id, leads in rows}


def taken_since(
    conn: Connection, tenant_id: str, asked: Asked, after: UUID, most: int
) -> tuple[dict[tuple[str, str], int], bool]:
    """Return the same of leads that came after one, and whether those were all that came.

    No more than the first *most* are looked at.
    """
    rows: Any = conn.execute(
        _SINCE,
        _named(tenant_id, asked)
        | {
            "after": after,
            "before": None,
            "most": most,
            "allowed": ALLOWED,
            "not_taken": list(NOT_TAKEN),
        },
    ).fetchall()
    looked_at = rows[0][3] if rows else 0
    found = {(row[0], row[1]): int(row[2]) for row in rows if row[0] is not None}
    return found, looked_at < most


def said(
    conn: Connection, tenant_id: str, asked: Asked
) -> dict[tuple[str, str], dict[str, dict[str, int]]]:
    """Return by source and buyer, type and reason, of how many leads something was said."""
    rows: Any = conn.execute(
        """
        SELECT source_id, CASE WHEN %(by_buyer)s THEN buyer_id ELSE '' END AS buyer, type, reason,
               sum(leads)
        FROM dedup.days_of_feedback
        WHERE tenant_id = %(tenant)s AND day BETWEEN %(first)s AND %(last)s AND leads > 0
          AND (%(source)s::text IS NULL OR source_id = %(source)s)
          AND (%(buyer)s::text IS NULL OR buyer_id = %(buyer)s)
        GROUP BY 1, 2, 3, 4
        """,
        _named(tenant_id, asked),
    )
    found: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
    for source_id, buyer_id, kind, reason, leads in rows:
        found.setdefault((source_id, buyer_id), {}).setdefault(kind, {})[reason] = int(leads)
    return found


def add(
    conn: Connection,
    tenant_id: str,
    day: date,
    concerns: tuple[str, str],
    words: tuple[str, str],
    more: int,
) -> None:
    """Change how often *words* (type, reason) were said of leads of one day by *more*.

    *concerns* is the source and the deal's buyer.
    """
    conn.execute(
        """
        INSERT INTO dedup.days_of_feedback AS known (tenant_id, day, source_id, buyer_id, type,
                                                     reason, leads)
        VALUES (%(tenant)s, %(day)s, %(source)s, %(buyer)s, %(type)s, %(reason)s,
                greatest(0, %(more)s::bigint))
        ON CONFLICT (tenant_id, day, source_id, buyer_id, type, reason) DO UPDATE
            SET leads = greatest(0, known.leads + %(more)s)
        """,
        {
            "tenant": tenant_id,
            "day": day,
            "source": concerns[0],
            "buyer": concerns[1],
            "type": words[0],
            "reason": words[1],
            "more": more,
        },
    )


def _named(tenant_id: str, asked: Asked) -> dict[str, object]:
    return {
        "tenant": tenant_id,
        "first": asked.first,
        "last": asked.last,
        "source": asked.source_id,
        "buyer": asked.buyer_id,
        "by_buyer": asked.by_buyer,
    }


NOT_TAKEN = (deal.REJECTED, deal.HELD, deal.RELEASED)
"""States of deals whose leads nobody has got, or not yet."""

_LOOKED_AT = SQL("""
    WITH seen AS MATERIALIZED (
        SELECT id, source_id, (received_at AT TIME ZONE 'UTC')::date AS day
        FROM public.leads
        WHERE tenant_id = %(tenant)s AND id > %(after)s
          AND (%(before)s::uuid IS NULL OR id < %(before)s)
        ORDER BY id LIMIT %(most)s
    ), taken AS MATERIALIZED (
        SELECT seen.source_id, seen.day, coalesce(dealt.buyer_id, '') AS buyer_id
        FROM seen
        CROSS JOIN LATERAL (
            SELECT action FROM dedup.decisions
            WHERE tenant_id = %(tenant)s AND lead_id = seen.id
            ORDER BY decided_at DESC, id DESC LIMIT 1
        ) AS decided
        LEFT JOIN LATERAL (
            SELECT buyer_id, state FROM dedup.deals
            WHERE tenant_id = %(tenant)s AND lead_id = seen.id LIMIT 1
        ) AS dealt ON true
        WHERE decided.action = %(allowed)s AND substr(seen.id::text, 15, 1) = '7'
          AND (dealt.state IS NULL OR dealt.state <> ALL (%(not_taken)s::text[]))
    )
""")
"""What a lead is to rates: counted if the check let it through and nobody let go of it. As
`feedback.Concerned.counted` has it; the digit is the version of its id."""

_COUNT_ON = _LOOKED_AT + SQL("""
    , counted AS (
        INSERT INTO dedup.days_taken AS known (tenant_id, day, source_id, buyer_id, leads)
        SELECT %(tenant)s, day, source_id, buyer_id, count(*) FROM taken
        GROUP BY day, source_id, buyer_id
        ON CONFLICT (tenant_id, day, source_id, buyer_id) DO UPDATE
            SET leads = known.leads + excluded.leads
    ), moved AS (
        INSERT INTO dedup.taken_until (tenant_id, last_id)
        SELECT %(tenant)s, id FROM (SELECT id FROM seen ORDER BY id DESC LIMIT 1) AS latest
        ON CONFLICT (tenant_id) DO UPDATE SET last_id = excluded.last_id
    )
    SELECT count(*) FROM seen
""")

_SINCE = _LOOKED_AT + SQL("""
    SELECT found.source_id, found.buyer_id, found.leads, looked.at
    FROM (SELECT count(*) AS at FROM seen) AS looked
    LEFT JOIN (
        SELECT source_id, CASE WHEN %(by_buyer)s THEN buyer_id ELSE '' END AS buyer_id,
               count(*) AS leads
        FROM taken
        WHERE day BETWEEN %(first)s AND %(last)s
          AND (%(source)s::text IS NULL OR source_id = %(source)s)
          AND (%(buyer)s::text IS NULL OR buyer_id = %(buyer)s)
        GROUP BY 1, 2
    ) AS found ON true
""")
