"""The SQL of matches, their scorings and what became of them, on a connection it is handed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection
from psycopg.rows import class_row

from shared.ids import uuid7
from shared.privacy.gate import Sealed


@dataclass(frozen=True, slots=True)
class Scored:
    """One match as the latest scoring found it."""

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
    reasons: Sealed
    told_score: float | None
    """With which it was told of last; None: never."""


@dataclass(frozen=True, slots=True)
class Former:
    """What is known of a match before a scoring."""

    id: UUID
    service_id: UUID
    service_version: int
    match_score: float
    score_low: float
    score_high: float
    ended: bool
    told_score: float | None


@dataclass(frozen=True, slots=True)
class Stored:
    """One match as it is stored."""

    id: UUID
    lead_id: UUID
    service_id: UUID
    service_name: str
    service_type: str
    provider_name: str | None
    service_version: int
    outdated: bool
    """True if the service was changed since."""
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
    reasons: bytes
    status: str
    first_matched_at: datetime
    matched_at: datetime
    status_changed_at: datetime
    ended_at: datetime | None


def reasons_place(match_id: UUID) -> str:
    """Return what the reasons of a match are sealed for."""
    return f"matching/matches/{match_id}"


def notes_place(change_id: UUID) -> str:
    """Return what the notes of a change of status are sealed for."""
    return f"matching/status_changes/{change_id}"


def has_lead(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> bool:
    """Return True if the account has that lead."""
    row = conn.execute(
        "SELECT FROM public.leads WHERE tenant_id = %(tenant)s AND id = %(lead)s",
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    return row is not None


def former(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> dict[UUID, Former]:
    """Return the matches that a lead has, by service; the lead must be locked."""
    with conn.cursor(row_factory=class_row(Former)) as cursor:
        rows = cursor.execute(
            """
            SELECT id, service_id, service_version, match_score, score_low, score_high,
                   ended_at IS NOT NULL AS ended, told_score
            FROM matching.matches WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s
            """,
            {"tenant": tenant_id, "lead": lead_id},
        ).fetchall()
    return {row.service_id: row for row in rows}


def save(
    conn: Connection[Any], tenant_id: str, lead_id: UUID, matches: Sequence[Scored], at: datetime
) -> None:
    """Store what a scoring found; a match that is known keeps its id and its status."""
    conn.execute(
        _SAVE,
        {
            "tenant": tenant_id,
            "lead": lead_id,
            "at": at,
            "rows": orjson.dumps([_row(one) for one in matches]).decode(),
        },
    )


def end(
    conn: Connection[Any], tenant_id: str, lead_id: UUID, ids: Sequence[UUID], at: datetime
) -> None:
    """Note that matches *ids* of a lead are out of question."""
    conn.execute(
        """
        UPDATE matching.matches SET ended_at = %(at)s, matched_at = %(at)s
        WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND id = ANY (%(ids)s)
        """,
        {"tenant": tenant_id, "lead": lead_id, "ids": list(ids), "at": at},
    )


def add_scorings(
    conn: Connection[Any],
    tenant_id: str,
    lead_id: UUID,
    scorings: Sequence[Mapping[str, Any]],
    at: datetime,
) -> None:
    """Add to the history of matches: `match_id`, `service_version`, and scores or none."""
    rows = [{"id": uuid7(), **one} for one in scorings]
    conn.execute(
        """
        INSERT INTO matching.scorings (tenant_id, id, lead_id, match_id, service_version,
                                       match_score, score_low, score_high, scored_at)
        SELECT %(tenant)s, new.id, %(lead)s, match_id, service_version, match_score, score_low,
               score_high, %(at)s
        FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
            id uuid, match_id uuid, service_version integer, match_score double precision,
            score_low double precision, score_high double precision)
        """,
        {"tenant": tenant_id, "lead": lead_id, "at": at, "rows": orjson.dumps(rows).decode()},
    )


def of_lead(
    conn: Connection[Any], tenant_id: str, lead_id: UUID, ended: bool, most: int
) -> list[Stored]:
    """Return up to *most* matches of a lead, the best first; *ended* ones only if asked for."""
    with conn.cursor(row_factory=class_row(Stored)) as cursor:
        return cursor.execute(
            _OF_LEAD, {"tenant": tenant_id, "lead": lead_id, "ended": ended, "most": most}
        ).fetchall()


def one(
    conn: Connection[Any], tenant_id: str, match_id: UUID, locked: bool = False
) -> Stored | None:
    """Return one match; *locked*, nobody changes it before the transaction ends."""
    with conn.cursor(row_factory=class_row(Stored)) as cursor:
        return cursor.execute(
            _ONE_LOCKED if locked else _ONE, {"tenant": tenant_id, "id": match_id}
        ).fetchone()


def _row(match: Scored) -> dict[str, Any]:
    row = {name: getattr(match, name) for name in Scored.__slots__}
    return row | {"reasons": match.reasons.hex()}


_SAVE = """
    INSERT INTO matching.matches AS known (
        tenant_id, id, lead_id, service_id, service_version, match_score, score_low, score_high,
        geographic_points, industry_points, need_points, profile_points, behavioral_points,
        confidence_level, priority, reasons, told_score, status, first_matched_at, matched_at,
        status_changed_at)
    SELECT %(tenant)s, new.id, %(lead)s, service_id, service_version, match_score, score_low,
           score_high, geographic_points, industry_points, need_points, profile_points,
           behavioral_points, confidence_level, priority, decode(reasons, 'hex'), told_score,
           'pending', %(at)s, %(at)s, %(at)s
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
        id uuid, service_id uuid, service_version integer, match_score double precision,
        score_low double precision, score_high double precision,
        geographic_points double precision, industry_points double precision,
        need_points double precision, profile_points double precision,
        behavioral_points double precision, confidence_level text, priority text, reasons text,
        told_score double precision)
    ON CONFLICT (tenant_id, lead_id, service_id) DO UPDATE
        SET service_version = excluded.service_version, match_score = excluded.match_score,
            score_low = excluded.score_low, score_high = excluded.score_high,
            geographic_points = excluded.geographic_points,
            industry_points = excluded.industry_points, need_points = excluded.need_points,
            profile_points = excluded.profile_points,
            behavioral_points = excluded.behavioral_points,
            confidence_level = excluded.confidence_level, priority = excluded.priority,
            reasons = excluded.reasons, told_score = excluded.told_score,
            matched_at = excluded.matched_at, ended_at = NULL
    """
_MATCH = """
    SELECT match.id, match.lead_id, match.service_id, service.service_name, service.service_type,
           service.definition ->> 'provider_name' AS provider_name, match.service_version,
           match.service_version < service.version AS outdated,
           match.match_score, match.score_low, match.score_high, match.geographic_points,
           match.industry_points, match.need_points, match.profile_points,
           match.behavioral_points, match.confidence_level, match.priority, match.reasons,
           match.status, match.first_matched_at, match.matched_at, match.status_changed_at,
           match.ended_at
    FROM matching.matches AS match
    JOIN matching.services AS service
        ON service.tenant_id = %(tenant)s AND service.id = match.service_id
    WHERE match.tenant_id = %(tenant)s
    """
_OF_LEAD = (
    _MATCH
    + """
    AND match.lead_id = %(lead)s AND (%(ended)s OR match.ended_at IS NULL)
    ORDER BY match.ended_at IS NOT NULL, match.match_score DESC, match.service_id
    LIMIT %(most)s
    """
)
_ONE = _MATCH + "AND match.id = %(id)s"
_ONE_LOCKED = _ONE + " FOR UPDATE OF match"
