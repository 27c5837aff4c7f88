"""The SQL of leads that are given to services, on a connection it is handed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

NEWEST = UUID(int=2**128 - 1)
"""An id after all others."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A lead that was given to a service."""

    id: UUID
    lead_id: UUID
    match_id: UUID
    service_id: UUID
    match_score: float
    day: date
    """The provider's."""
    capacity_left: int | None
    """That it then had left that day; None: no limit."""
    given_at: datetime
    given_by: str
    service_name: str
    provider_name: str | None


def take_turn(conn: Connection[Any], turn: int) -> None:
    """Wait until nobody else gives leads of the account, to the end of the transaction.

    The statement after it sees what the former one gave (READ COMMITTED).
    """
    conn.execute("SELECT pg_advisory_xact_lock(%(turn)s)", {"turn": turn}).fetchone()


def fit(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> bool:
    """Return True if a lead is neither a duplicate nor invalid."""
    row = conn.execute(
        """
        SELECT duplicate_of IS NULL AND status <> 'invalid' FROM public.leads
        WHERE tenant_id = %(tenant)s AND id = %(lead)s
        """,
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    return bool(row and row[0])


def of_lead(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> list[Assignment]:
    """Return what a lead was given to, the latest first; the lead must be locked."""
    with conn.cursor(row_factory=class_row(Assignment)) as cursor:
        return cursor.execute(
            _OF_LEAD,
            {"tenant": tenant_id, "lead": lead_id},
        ).fetchall()


def refused(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> set[UUID]:
    """Return the services that a lead was not interested in, or that were not in it."""
    rows = conn.execute(
        """
        SELECT service_id FROM matching.matches
        WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND status = 'not_interested'
        """,
        {"tenant": tenant_id, "lead": lead_id},
    )
    return {service_id for (service_id,) in rows}


def given(conn: Connection[Any], tenant_id: str, days: Mapping[UUID, date]) -> dict[UUID, int]:
    """Return how many leads services were given on a day each; one without any is left out."""
    if not days:
        return {}
    rows = conn.execute(
        """
        SELECT asked.service_id, counted.given
        FROM unnest(%(services)s::uuid[], %(days)s::date[]) AS asked (service_id, day)
        CROSS JOIN LATERAL (
            SELECT given FROM matching.days_given
            WHERE tenant_id = %(tenant)s AND service_id = asked.service_id AND day = asked.day
            LIMIT 1
        ) AS counted
        """,
        {"tenant": tenant_id, "services": list(days), "days": list(days.values())},
    )
    return dict(rows.fetchall())


def last_given(
    conn: Connection[Any], tenant_id: str, service_ids: Collection[UUID]
) -> dict[UUID, datetime]:
    """Return when services were last given a lead; one that never was is left out."""
    rows = conn.execute(
        """
        SELECT asked.service_id, latest.last_given_at
        FROM unnest(%(services)s::uuid[]) AS asked (service_id)
        CROSS JOIN LATERAL (
            SELECT last_given_at FROM matching.days_given
            WHERE tenant_id = %(tenant)s AND service_id = asked.service_id
            ORDER BY day DESC LIMIT 1
        ) AS latest
        """,
        {"tenant": tenant_id, "services": list(service_ids)},
    )
    return dict(rows.fetchall())


def give(conn: Connection[Any], tenant_id: str, new: Assignment) -> None:
    """Store that a lead was given to a service, and count it; it must be our turn."""
    conn.execute(
        """
        WITH counted AS (
            INSERT INTO matching.days_given AS known (tenant_id, service_id, day, given,
                                                      last_given_at)
            VALUES (%(tenant)s, %(service)s, %(day)s, 1, %(at)s)
            ON CONFLICT (tenant_id, service_id, day) DO UPDATE
                SET given = known.given + 1, last_given_at = excluded.last_given_at
        )
        INSERT INTO matching.assignments (tenant_id, id, lead_id, match_id, service_id,
                                          match_score, day, capacity_left, given_at, given_by)
        VALUES (%(tenant)s, %(id)s, %(lead)s, %(match)s, %(service)s, %(score)s, %(day)s,
                %(left)s, %(at)s, %(by)s)
        """,
        {
            "tenant": tenant_id,
            "id": new.id,
            "lead": new.lead_id,
            "match": new.match_id,
            "service": new.service_id,
            "score": new.match_score,
            "day": new.day,
            "left": new.capacity_left,
            "at": new.given_at,
            "by": new.given_by,
        },
    )


def hand_over(
    conn: Connection[Any], tenant_id: str, lead_id: UUID, match_id: UUID, at: datetime, blind: bool
) -> None:
    """Remember what a match scores now that its service gets the lead; the first time counts.

    *blind*: nobody can know yet what comes of it. Else what it scored when it was first made is
    remembered, for what came since may know of the outcome; where that is not known, it is not
    blind.
    """
    conn.execute(
        """
        INSERT INTO matching.handed_over (tenant_id, lead_id, match_id, service_id, points,
                                          handed_at, blind)
        SELECT match.tenant_id, match.lead_id, match.id, match.service_id,
               coalesce(first.points,
                        ARRAY[geographic_points, industry_points, need_points, profile_points,
                              behavioral_points]),
               %(at)s,
               %(blind)s OR match.scored_at = match.first_matched_at OR first.points IS NOT NULL
        FROM matching.matches AS match
        LEFT JOIN LATERAL (
            SELECT points FROM matching.scorings
            WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND match_id = %(match)s
              AND NOT %(blind)s
            ORDER BY id LIMIT 1
        ) AS first ON true
        WHERE match.tenant_id = %(tenant)s AND match.lead_id = %(lead)s AND match.id = %(match)s
        ON CONFLICT (tenant_id, lead_id, match_id) DO NOTHING
        """,
        {"tenant": tenant_id, "lead": lead_id, "match": match_id, "at": at, "blind": blind},
    )


def of_day(
    conn: Connection[Any],
    tenant_id: str,
    service_id: UUID,
    day: date,
    before: UUID | None,
    most: int,
) -> list[Assignment]:
    """Return up to *most* leads that a service was given on a day, the latest first."""
    with conn.cursor(row_factory=class_row(Assignment)) as cursor:
        return cursor.execute(
            _OF_DAY,
            {
                "tenant": tenant_id,
                "service": service_id,
                "day": day,
                "before": before or NEWEST,
                "most": most,
            },
        ).fetchall()


_ASSIGNMENT = """
    SELECT given.id, given.lead_id, given.match_id, given.service_id, given.match_score, given.day,
           given.capacity_left, given.given_at, given.given_by, service.service_name,
           service.definition ->> 'provider_name' AS provider_name
    FROM matching.assignments AS given
    JOIN matching.services AS service
        ON service.tenant_id = %(tenant)s AND service.id = given.service_id
    WHERE given.tenant_id = %(tenant)s
    """
_OF_LEAD = _ASSIGNMENT + "AND given.lead_id = %(lead)s ORDER BY given.id DESC"
_OF_DAY = (
    _ASSIGNMENT
    + """
    AND given.service_id = %(service)s AND given.day = %(day)s AND given.id < %(before)s
    ORDER BY given.id DESC LIMIT %(most)s
    """
)
