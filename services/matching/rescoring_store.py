"""The SQL by which the matches of many leads are scored anew, on a connection it is handed.

Rows come and go as arrays in one statement each. Whoever writes has locked the leads.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection, sql

from services.matching.profile import Profile
from shared.array_text import array


class Former(NamedTuple):
    """A match before a scoring."""

    lead_id: UUID
    id: UUID
    service_id: UUID
    service_version: int
    match_score: float
    score_low: float
    score_high: float
    confidence_level: str
    priority: str
    scored_at: datetime
    told_score: float | None
    ended: bool


class New(NamedTuple):
    """What a scoring found of a lead and a service."""

    lead_id: UUID
    id: UUID
    service_id: UUID
    service_version: int
    match_score: float
    score_low: float
    score_high: float
    geographic_points: float
    industry_points: float
    need_points: float
    profile_points: float
    behavioral_points: float
    confidence_level: str
    priority: str
    told_score: float | None
    scored_at: datetime


def profiles(
    conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID]
) -> list[tuple[UUID, Profile]]:
    """Return what matching knows of those of *lead_ids* that lists show, in their order."""
    rows: Any = conn.execute(
        """
        SELECT lead_id, latitude, longitude, country, admin1, industry, company_size, lead_type,
               lead_category, needs, loan_amount, currency, signal_strength, intent_score,
               last_activity_at, revenue, founded_year, purposes
        FROM matching.profiles
        WHERE tenant_id = %(tenant)s AND lead_id = ANY (%(leads)s::uuid[]) AND shown
        ORDER BY lead_id
        """,
        {"tenant": tenant_id, "leads": array(lead_ids)},
        binary=True,
    ).fetchall()
    return [(row[0], _profile(*row)) for row in rows]


def stale(
    conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID], revision: int
) -> set[UUID]:
    """Return those of *lead_ids* whose profile is newer than *revision*."""
    rows = conn.execute(
        """
        SELECT lead_id FROM matching.profiles
        WHERE tenant_id = %(tenant)s AND lead_id = ANY (%(leads)s::uuid[])
          AND revision > %(revision)s
        """,
        {"tenant": tenant_id, "leads": array(lead_ids), "revision": revision},
    )
    return {lead_id for (lead_id,) in rows}


def matched(conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID]) -> list[UUID]:
    """Return those of *lead_ids* that have any match."""
    rows = conn.execute(
        """
        SELECT DISTINCT lead_id FROM matching.matches
        WHERE tenant_id = %(tenant)s AND lead_id = ANY (%(leads)s::uuid[]) ORDER BY lead_id
        """,
        {"tenant": tenant_id, "leads": array(lead_ids)},
    )
    return [lead_id for (lead_id,) in rows]


def lock(conn: Connection[Any], tenant_id: str, lead_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of *lead_ids* that are there; nobody else stores matches of them meanwhile."""
    rows = conn.execute(
        """
        SELECT id FROM public.leads
        WHERE tenant_id = %(tenant)s AND id = ANY (%(leads)s::uuid[])
        ORDER BY id FOR NO KEY UPDATE
        """,
        {"tenant": tenant_id, "leads": array(lead_ids)},
    )
    return {lead_id for (lead_id,) in rows}


def formers(conn: Connection[Any], tenant_id: str, lead_ids: Iterable[UUID]) -> list[Former]:
    """Return all matches of *lead_ids*."""
    rows = conn.execute(
        """
        SELECT lead_id, id, service_id, service_version, match_score, score_low, score_high,
               confidence_level, priority, scored_at, told_score, ended_at IS NOT NULL
        FROM matching.matches
        WHERE tenant_id = %(tenant)s AND lead_id = ANY (%(leads)s::uuid[])
        """,
        {"tenant": tenant_id, "leads": array(lead_ids)},
        binary=True,
    )
    return [Former(*row) for row in rows]


def add(conn: Connection[Any], tenant_id: str, found: Sequence[New], at: datetime) -> None:
    """Store matches that there were not; their reasons are worked out for whoever asks."""
    conn.execute(_ADD, _rows(tenant_id, found, at))


def change(conn: Connection[Any], tenant_id: str, found: Sequence[New], at: datetime) -> None:
    """Store what matches score now; they keep their ids and their status."""
    conn.execute(_CHANGE, _rows(tenant_id, found, at))


def end(conn: Connection[Any], tenant_id: str, ended: Sequence[Former], at: datetime) -> None:
    """Note that matches are out of question."""
    conn.execute(
        """
        UPDATE matching.matches AS match
        SET ended_at = %(at)s, matched_at = %(at)s, scored_at = %(at)s
        FROM unnest(%(leads)s::uuid[], %(ids)s::uuid[]) AS gone (lead_id, id)
        WHERE match.tenant_id = %(tenant)s AND match.lead_id = gone.lead_id AND match.id = gone.id
          AND match.lead_id BETWEEN %(first)s AND %(last)s
        """,
        {
            "tenant": tenant_id,
            "at": at,
            "leads": array(one.lead_id for one in ended),
            "ids": array(one.id for one in ended),
            **_between([one.lead_id for one in ended]),
        },
    )


def _profile(lead_id: UUID, *said: Any) -> Profile:
    named = dict(zip(_PROFILE, said, strict=True))
    for name, kind in (("needs", tuple), ("purposes", frozenset)):
        named[name] = None if named[name] is None else kind(named[name])
    return Profile(lead_id, **named)


def _rows(tenant_id: str, found: Sequence[New], at: datetime) -> dict[str, Any]:
    columns = dict(zip(New._fields, zip(*found, strict=True), strict=True))
    told, scored_at = columns.pop("told_score"), columns.pop("scored_at")
    return {
        **{name: array(values) for name, values in columns.items()},
        "tenant": tenant_id,
        "at": at,
        "told_score": _nullable(told),
        "scored_at": _moments(scored_at),
        **_between(columns["lead_id"]),
    }


def _between(lead_ids: Sequence[UUID]) -> dict[str, UUID]:
    # However little PostgreSQL knows of a table that has just grown, it looks at no other part.
    return {"first": min(lead_ids), "last": max(lead_ids)}


def _nullable(values: Iterable[float | None]) -> str:
    return "{" + ",".join("NULL" if value is None else repr(value) for value in values) + "}"


def _moments(values: Iterable[datetime]) -> str:
    return "{" + ",".join(f'"{value.isoformat()}"' for value in values) + "}"


_PROFILE = (
    *("latitude", "longitude", "country", "admin1", "industry", "company_size", "lead_type"),
    *("lead_category", "needs", "loan_amount", "currency", "signal_strength", "intent_score"),
    *("last_activity_at", "revenue", "founded_year", "purposes"),
)
_NEW = sql.SQL("""unnest(
        %(lead_id)s::uuid[], %(id)s::uuid[], %(service_id)s::uuid[], %(service_version)s::integer[],
        %(match_score)s::double precision[], %(score_low)s::double precision[],
        %(score_high)s::double precision[], %(geographic_points)s::double precision[],
        %(industry_points)s::double precision[], %(need_points)s::double precision[],
        %(profile_points)s::double precision[], %(behavioral_points)s::double precision[],
        %(confidence_level)s::text[], %(priority)s::text[],
        %(told_score)s::double precision[], %(scored_at)s::timestamptz[])
    AS new (lead_id, id, service_id, service_version, match_score, score_low, score_high,
            geographic_points, industry_points, need_points, profile_points, behavioral_points,
            confidence_level, priority, told_score, scored_at)
    """)
_ADD = sql.SQL("""
    INSERT INTO matching.matches (
        tenant_id, lead_id, id, service_id, service_version, match_score, score_low, score_high,
        geographic_points, industry_points, need_points, profile_points, behavioral_points,
        confidence_level, priority, told_score, scored_at, status, first_matched_at, matched_at,
        status_changed_at)
    SELECT %(tenant)s, new.*, 'pending', %(at)s, %(at)s, %(at)s FROM {}
    """).format(_NEW)
_CHANGE = sql.SQL("""
    UPDATE matching.matches AS match
    SET service_version = new.service_version, match_score = new.match_score,
        score_low = new.score_low, score_high = new.score_high,
        geographic_points = new.geographic_points, industry_points = new.industry_points,
        need_points = new.need_points, profile_points = new.profile_points,
        behavioral_points = new.behavioral_points, confidence_level = new.confidence_level,
        priority = new.priority, reasons = NULL, told_score = new.told_score,
        scored_at = new.scored_at, matched_at = %(at)s, ended_at = NULL
    FROM {}
    WHERE match.tenant_id = %(tenant)s AND match.lead_id = new.lead_id AND match.id = new.id
      AND match.lead_id BETWEEN %(first)s AND %(last)s
    """).format(_NEW)
