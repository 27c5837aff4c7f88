"""The SQL of outcomes and of weights learned from them, on a connection it is handed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from services.matching.catalogue_store import Stored as Service

OUTCOMES = ("converted", "interested", "not_interested")
"""Statuses that say what became of a match. Pending and contacted do not: most leads that nobody
heard of again are leads of which nobody wrote down what they said."""

GOOD = ("converted", "interested")
"""Those that speak for the match."""

MOST_SHOWN = 100
"""Sets of weights, and changes of those in force, that are answered, the latest first."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one match, as it is stored."""

    points: Sequence[float]
    """Of each of CRITERIA, in the usual points, as they were when the service got the lead."""
    status: str
    """One of OUTCOMES."""
    by: str


@dataclass(frozen=True, slots=True)
class Weights:
    """One set that was learned."""

    version: int
    weights: list[float] | None
    """Points for each of CRITERIA; None where no part speaks for a good outcome."""
    verdict: str
    accepted: bool
    outcomes: int
    good: int
    usual_log_loss: float
    usual_pair_order: float
    learned_log_loss: float
    learned_pair_order: float
    gain: float
    gain_error: float
    learned_at: datetime
    learned_by: str


@dataclass(frozen=True, slots=True)
class InForce:
    """Which weights came to hold; None are the usual ones."""

    weights_version: int | None
    service_version: int
    changed_at: datetime
    changed_by: str


def tenants(conn: Connection[Any], after: str, most: int) -> list[str]:
    """Return up to *most* tenants after *after* of whose leads something became.

    The connection must have named no tenant: the function looks across them.
    """
    rows = conn.execute(
        "SELECT tenant_id FROM matching.to_learn(%(after)s, %(most)s)",
        {"after": after, "most": most},
    )
    return [tenant_id for (tenant_id,) in rows]


def due(conn: Connection[Any], tenant_id: str, more: float, least: int) -> list[UUID]:
    """Return active services to learn of that nobody turned off, at least *least* handed over.

    Those count that have *more* (a share) leads handed over than outcomes when it was last learned.
    """
    rows = conn.execute(
        """
        SELECT counted.service_id
        FROM (SELECT service_id, count(*) AS handed FROM matching.handed_over
              WHERE tenant_id = %(tenant)s AND blind GROUP BY service_id) AS counted
        JOIN matching.services AS service
            ON service.tenant_id = %(tenant)s AND service.id = counted.service_id
        LEFT JOIN matching.learning AS learning
            ON learning.tenant_id = %(tenant)s AND learning.service_id = counted.service_id
        LEFT JOIN LATERAL (
            SELECT outcomes FROM matching.weights
            WHERE tenant_id = %(tenant)s AND service_id = counted.service_id
            ORDER BY version DESC LIMIT 1
        ) AS latest ON true
        WHERE service.is_active AND learning.mode IS DISTINCT FROM 'off'
          AND counted.handed >= %(least)s
          AND counted.handed > coalesce(latest.outcomes, 0) * (1 + %(more)s)
        ORDER BY counted.service_id
        """,
        {"tenant": tenant_id, "more": more, "least": least},
    )
    return [service_id for (service_id,) in rows]


def outcomes(conn: Connection[Any], tenant_id: str, service_id: UUID, most: int) -> list[Told]:
    """Return the latest *most* outcomes of a service, oldest first, with who said so last.

    Only those whose score is from before anybody could know of the outcome.
    """
    with conn.cursor(row_factory=class_row(Told)) as cursor:
        found = cursor.execute(
            """
            SELECT handed.points, match.status, said.changed_by AS by
            FROM matching.handed_over AS handed
            CROSS JOIN LATERAL (
                SELECT status, status_changed_at FROM matching.matches
                WHERE tenant_id = %(tenant)s AND lead_id = handed.lead_id AND id = handed.match_id
                LIMIT 1
            ) AS match
            CROSS JOIN LATERAL (
                SELECT changed_by FROM matching.status_changes
                WHERE tenant_id = %(tenant)s AND lead_id = handed.lead_id
                  AND match_id = handed.match_id AND after = match.status
                ORDER BY id DESC LIMIT 1
            ) AS said
            WHERE handed.tenant_id = %(tenant)s AND handed.service_id = %(service)s
              AND handed.blind AND match.status = ANY (%(outcomes)s)
            ORDER BY match.status_changed_at DESC, handed.match_id DESC LIMIT %(most)s
            """,
            {
                "tenant": tenant_id,
                "service": service_id,
                "outcomes": list(OUTCOMES),
                "most": most,
            },
        ).fetchall()
    return found[::-1]


def add(conn: Connection[Any], tenant_id: str, service_id: UUID, learned: Weights) -> None:
    """Store what was learned; the service must be locked."""
    conn.execute(
        """
        INSERT INTO matching.weights (
            tenant_id, service_id, version, weights, verdict, accepted, outcomes, good,
            usual_log_loss, usual_pair_order, learned_log_loss, learned_pair_order, gain,
            gain_error, learned_at, learned_by)
        VALUES (%(tenant)s, %(service)s, %(version)s, %(weights)s, %(verdict)s, %(accepted)s,
                %(outcomes)s, %(good)s, %(usual_log_loss)s, %(usual_pair_order)s,
                %(learned_log_loss)s, %(learned_pair_order)s, %(gain)s, %(gain_error)s,
                %(learned_at)s, %(learned_by)s)
        """,
        {name: getattr(learned, name) for name in Weights.__slots__}
        | {"tenant": tenant_id, "service": service_id},
    )


def sets(conn: Connection[Any], tenant_id: str, service_id: UUID, most: int) -> list[Weights]:
    """Return up to *most* sets that were learned of a service, the latest first."""
    with conn.cursor(row_factory=class_row(Weights)) as cursor:
        return cursor.execute(
            _LATEST,
            {"tenant": tenant_id, "service": service_id, "most": most},
        ).fetchall()


def one(conn: Connection[Any], tenant_id: str, service_id: UUID, version: int) -> Weights | None:
    """Return one set that was learned of a service."""
    with conn.cursor(row_factory=class_row(Weights)) as cursor:
        return cursor.execute(
            _ONE,
            {"tenant": tenant_id, "service": service_id, "version": version},
        ).fetchone()


def put_in_force(conn: Connection[Any], tenant_id: str, service: Service) -> None:
    """Store a version of a service that differs by its weights; it must be locked."""
    conn.execute(
        """
        WITH changed AS (
            UPDATE matching.services
            SET version = %(version)s, weights = %(weights)s, weights_version = %(set)s,
                changed_at = %(at)s, changed_by = %(by)s
            WHERE tenant_id = %(tenant)s AND id = %(service)s
            RETURNING definition, is_active
        )
        INSERT INTO matching.service_versions (tenant_id, service_id, version, definition,
                                               is_active, changed_at, changed_by, weights,
                                               weights_version)
        SELECT %(tenant)s, %(service)s, %(version)s, definition, is_active, %(at)s, %(by)s,
               %(weights)s, %(set)s
        FROM changed
        """,
        {
            "tenant": tenant_id,
            "service": service.id,
            "version": service.version,
            "weights": service.weights,
            "set": service.weights_version,
            "at": service.changed_at,
            "by": service.changed_by,
        },
    )


def changes(conn: Connection[Any], tenant_id: str, service_id: UUID, most: int) -> list[InForce]:
    """Return the versions of a service that came to have other weights, the latest first."""
    with conn.cursor(row_factory=class_row(InForce)) as cursor:
        return cursor.execute(
            """
            SELECT weights_version, version AS service_version, changed_at, changed_by
            FROM (SELECT version, weights_version, changed_at, changed_by,
                         lag(weights_version) OVER (ORDER BY version) AS before
                  FROM matching.service_versions
                  WHERE tenant_id = %(tenant)s AND service_id = %(service)s) AS each
            WHERE weights_version IS DISTINCT FROM before ORDER BY version DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "service": service_id, "most": most},
        ).fetchall()


def mode(conn: Connection[Any], tenant_id: str, service_id: UUID) -> str | None:
    """Return what the worker may do by itself with a service; None: nobody said."""
    row = conn.execute(
        """
        SELECT mode FROM matching.learning
        WHERE tenant_id = %(tenant)s AND service_id = %(service)s
        """,
        {"tenant": tenant_id, "service": service_id},
    ).fetchone()
    return row[0] if row else None


def set_mode(
    conn: Connection[Any], tenant_id: str, service_id: UUID, mode: str, at: datetime, by: str
) -> None:
    """Store what the worker may do by itself."""
    conn.execute(
        """
        INSERT INTO matching.learning AS known (tenant_id, service_id, mode, changed_at, changed_by)
        VALUES (%(tenant)s, %(service)s, %(mode)s, %(at)s, %(by)s)
        ON CONFLICT (tenant_id, service_id) DO UPDATE
            SET mode = excluded.mode, changed_at = excluded.changed_at,
                changed_by = excluded.changed_by
            WHERE known.mode <> excluded.mode
        """,
        {"tenant": tenant_id, "service": service_id, "mode": mode, "at": at, "by": by},
    )


_SETS = """
    SELECT version, weights, verdict, accepted, outcomes, good, usual_log_loss,
           usual_pair_order, learned_log_loss, learned_pair_order, gain, gain_error, learned_at,
           learned_by
    FROM matching.weights WHERE tenant_id = %(tenant)s AND service_id = %(service)s
    """
_LATEST = _SETS + "ORDER BY version DESC LIMIT %(most)s"
_ONE = _SETS + "AND version = %(version)s"
