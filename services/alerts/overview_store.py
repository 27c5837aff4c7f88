"""The SQL of alerts seen together: counts of a week, and how the alerts of a rule turned out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from services.alerts.alert import Status
from services.alerts.happening import Fact

WEEK = timedelta(days=7)
"""What a summary looks at (contract, section 3)."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Alerts of a week, by the contract's names."""

    total_alerts: int
    new_alerts: int
    read_alerts: int
    actioned_alerts: int
    urgent_alerts: int
    high_priority_alerts: int


class Outcome(NamedTuple):
    """One alert of a rule, as it turned out."""

    alert_id: UUID
    status: Status
    first_at: datetime
    facts: dict[str, Fact]
    statuses: list[tuple[str, datetime]]
    """Those that its lead came to have since, with when."""


def summary(conn: Connection[Any], tenant_id: str, now: datetime) -> Summary:
    """Return how many alerts happened in the week before *now*, by status and priority."""
    with conn.cursor(row_factory=class_row(Summary)) as cursor:
        found = cursor.execute(
            """
            SELECT count(*) AS total_alerts,
                   count(*) FILTER (WHERE status = 'new') AS new_alerts,
                   count(*) FILTER (WHERE status = 'read') AS read_alerts,
                   count(*) FILTER (WHERE status = 'actioned') AS actioned_alerts,
                   count(*) FILTER (WHERE priority = 'urgent') AS urgent_alerts,
                   count(*) FILTER (WHERE priority = 'high') AS high_priority_alerts
            FROM alerts.alerts WHERE tenant_id = %(tenant)s AND last_at > %(since)s
            """,
            {"tenant": tenant_id, "since": now - WEEK},
        ).fetchone()
    return found or Summary(0, 0, 0, 0, 0, 0)


def by_type(conn: Connection[Any], tenant_id: str, now: datetime, most: int) -> dict[str, int]:
    """Return how many alerts of each type happened in the week before *now*, the *most* first."""
    rows = conn.execute(
        """
        SELECT alert_type, count(*) FROM alerts.alerts
        WHERE tenant_id = %(tenant)s AND last_at > %(since)s
        GROUP BY alert_type ORDER BY count(*) DESC, alert_type LIMIT %(most)s
        """,
        {"tenant": tenant_id, "since": now - WEEK, "most": most},
    )
    return dict(rows.fetchall())


def outcomes(conn: Connection[Any], tenant_id: str, rule_id: UUID, most: int) -> list[Outcome]:
    """Return the latest alerts of a rule with what became of their leads, newest first.

    That is known from the events of the lead: `lead.qualified` and `lead.converted`.
    """
    rows = conn.execute(
        """
        SELECT alert.id, alert.status, alert.first_at, alert.facts,
               coalesce(became.statuses, '{}'), coalesce(became.moments, '{}')
        FROM alerts.alerts AS alert
        LEFT JOIN LATERAL (
            SELECT array_agg(split_part(told.event, '.', 2) ORDER BY told.id) AS statuses,
                   array_agg(told.occurred_at ORDER BY told.id) AS moments
            FROM public.events AS told
            WHERE told.tenant_id = alert.tenant_id AND told.lead_id = alert.lead_id
              AND told.event IN ('lead.qualified', 'lead.converted')
        ) AS became ON true
        WHERE alert.tenant_id = %(tenant)s AND alert.rule_id = %(rule)s
        ORDER BY alert.id DESC LIMIT %(most)s
        """,
        {"tenant": tenant_id, "rule": rule_id, "most": most},
    )
    return [
        Outcome(id, status, first_at, facts, list(zip(statuses, moments, strict=True)))
        for id, status, first_at, facts, statuses, moments in rows
    ]
