"""What analytics reads, on a connection it is handed: counts, never a lead."""

from datetime import date
from typing import Any

from psycopg import Connection

from services.leads.analytics import MOST_SOURCES, Counted, OfStatus, Period


def by_status(conn: Connection, tenant_id: str) -> list[OfStatus]:
    """Return the leads of each status, duplicates apart."""
    rows = conn.execute(
        """
        SELECT status, duplicate, count(*), sum(signal_strength)::float8, sum(intent_score)::float8
        FROM leads.listing WHERE tenant_id = %(tenant)s
        GROUP BY status, duplicate
        """,
        {"tenant": tenant_id},
    )
    return [OfStatus(*row) for row in rows]


def investigations(conn: Connection, tenant_id: str) -> int:
    """Return how many investigations there are."""
    row: Any = conn.execute(
        "SELECT count(*) FROM leads.investigations WHERE tenant_id = %(tenant)s",
        {"tenant": tenant_id},
    ).fetchone()
    return int(row[0])


def counted(conn: Connection, tenant_id: str, period: Period) -> list[Counted]:
    """Return the leads received in *period* by bucket and source; lesser sources as one.

    Reviews are grouped with the leads instead of joined: of an account that has just grown
    PostgreSQL knows nothing yet, and compared each lead with each (docs/decisions/0056).
    """
    rows = conn.execute(
        """
        WITH received AS MATERIALIZED (
            SELECT lead_id, source_id, status, duplicate,
                   date_trunc(%(step)s, received_at AT TIME ZONE %(zone)s)::date AS begins
            FROM leads.listing
            WHERE tenant_id = %(tenant)s
              AND received_at >= %(begins)s AND received_at < %(ends)s
        ), main AS (
            SELECT source_id FROM received
            GROUP BY source_id ORDER BY count(*) DESC, source_id LIMIT %(most)s
        ), seen AS (
            SELECT lead_id, min(source_id) AS source_id, min(status) AS status,
                   bool_or(duplicate) AS duplicate, min(begins) AS begins,
                   bool_or(is_flagged) AS is_flagged
            FROM (
                SELECT lead_id, source_id, status, duplicate, begins, false AS is_flagged
                FROM received
                UNION ALL
                SELECT lead_id, NULL, NULL, NULL, NULL, true FROM dedup.flagged
                WHERE tenant_id = %(tenant)s AND opened_at >= %(begins)s
            ) AS said
            GROUP BY lead_id
        )
        SELECT seen.begins, main.source_id, count(*),
               count(*) FILTER (WHERE duplicate),
               count(*) FILTER (WHERE NOT duplicate AND status = 'invalid'),
               count(*) FILTER (WHERE is_flagged)
        FROM seen
        LEFT JOIN main ON main.source_id = seen.source_id
        WHERE seen.begins IS NOT NULL
        GROUP BY seen.begins, main.source_id
        """,
        _values(tenant_id, period) | {"most": MOST_SOURCES},
    )
    return [Counted(*row) for row in rows]


def response_hours(conn: Connection, tenant_id: str, period: Period) -> dict[date, float]:
    """Return by bucket the median of the hours from a lead's arrival to the first contact.

    A contact is the first change of its status to one that has been spoken with. Leads that nobody
    has contacted yet are in no median.
    """
    rows: Any = conn.execute(
        """
        WITH contacted AS (
            SELECT lead_id, min(changed_at) AS at FROM leads.changes
            WHERE tenant_id = %(tenant)s AND field = 'status' AND changed_at >= %(begins)s
              AND after #>> '{}' IN ('contacted', 'interested', 'converted')
            GROUP BY lead_id
        )
        SELECT date_trunc(%(step)s, listed.received_at AT TIME ZONE %(zone)s)::date,
               percentile_cont(0.5) WITHIN GROUP (
                   ORDER BY extract(epoch FROM contacted.at - listed.received_at) / 3600)
        FROM contacted
        CROSS JOIN LATERAL (
            SELECT received_at FROM leads.listing
            WHERE tenant_id = %(tenant)s
              AND lead_id BETWEEN contacted.lead_id AND contacted.lead_id
            ORDER BY lead_id LIMIT 1
        ) AS listed
        WHERE listed.received_at >= %(begins)s AND listed.received_at < %(ends)s
        GROUP BY 1
        """,
        _values(tenant_id, period),
    )
    return dict(rows)


def _values(tenant_id: str, period: Period) -> dict[str, object]:
    return {
        "tenant": tenant_id,
        "step": period.step,
        "zone": period.zone.key,
        "begins": period.begins,
        "ends": period.ends,
    }
