"""The SQL of matches, their scorings and what became of them, on a connection it is handed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection
from psycopg.rows import class_row

from shared.array_text import array
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
    scored_at: datetime
    """Since when it says so."""


@dataclass(frozen=True, slots=True)
class Former:
    """What is known of a match before a scoring."""

    id: UUID
    service_id: UUID
    service_version: int
    match_score: float
    score_low: float
    score_high: float
    scored_at: datetime
    """When it came to score so, or ended."""
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
    reasons: bytes | None
    """Sealed; None where they are worked out for whoever asks."""
    status: str
    first_matched_at: datetime
    matched_at: datetime
    status_changed_at: datetime
    ended_at: datetime | None
    scored_at: datetime
    """When it came to score so, or ended."""
    weights: list[float] | None = None
    """Of the service's version that was scored; None: the usual."""
    worded: tuple[str, ...] | None = None
    """Reasons that were worked out, where none are stored."""


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
                   scored_at, ended_at IS NOT NULL AS ended, told_score
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
        UPDATE matching.matches SET ended_at = %(at)s, matched_at = %(at)s, scored_at = %(at)s
        WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND id = ANY (%(ids)s)
        """,
        {"tenant": tenant_id, "lead": lead_id, "ids": list(ids), "at": at},
    )


def add_former(conn: Connection[Any], tenant_id: str, matches: Sequence[tuple[UUID, UUID]]) -> None:
    """Add to the history what *matches*, each its lead and its id, score as they are stored.

    Before anything of them changes; their leads must be locked.
    """
    conn.execute(
        """
        INSERT INTO matching.scorings (tenant_id, id, lead_id, match_id, service_version,
                                       match_score, score_low, score_high, points, scored_at)
        SELECT %(tenant)s, new.id, new.lead_id, new.match_id, former.*
        FROM unnest(%(ids)s::uuid[], %(leads)s::uuid[], %(matches)s::uuid[])
            AS new (id, lead_id, match_id)
        CROSS JOIN LATERAL (
            SELECT service_version, CASE WHEN ended_at IS NULL THEN match_score END,
                   CASE WHEN ended_at IS NULL THEN score_low END,
                   CASE WHEN ended_at IS NULL THEN score_high END,
                   CASE WHEN ended_at IS NULL THEN
                       ARRAY[geographic_points, industry_points, need_points, profile_points,
                             behavioral_points] END,
                   scored_at
            FROM matching.matches
            WHERE tenant_id = %(tenant)s AND lead_id = new.lead_id AND id = new.match_id
            LIMIT 1
        ) AS former
        """,
        {
            "tenant": tenant_id,
            "ids": array(uuid7() for _ in matches),
            "leads": array(lead_id for lead_id, _ in matches),
            "matches": array(match_id for _, match_id in matches),
        },
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
        status_changed_at, scored_at)
    SELECT %(tenant)s, new.id, %(lead)s, service_id, service_version, match_score, score_low,
           score_high, geographic_points, industry_points, need_points, profile_points,
           behavioral_points, confidence_level, priority, decode(reasons, 'hex'), told_score,
           'pending', %(at)s, %(at)s, %(at)s, scored_at
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
        id uuid, service_id uuid, service_version integer, match_score double precision,
        score_low double precision, score_high double precision,
        geographic_points double precision, industry_points double precision,
        need_points double precision, profile_points double precision,
        behavioral_points double precision, confidence_level text, priority text, reasons text,
        told_score double precision, scored_at timestamptz)
    ON CONFLICT (tenant_id, lead_id, service_id) DO UPDATE
        SET service_version = excluded.service_version, match_score = excluded.match_score,
            score_low = excluded.score_low, score_high = excluded.score_high,
            geographic_points = excluded.geographic_points,
            industry_points = excluded.industry_points, need_points = excluded.need_points,
            profile_points = excluded.profile_points,
            behavioral_points = excluded.behavioral_points,
            confidence_level = excluded.confidence_level, priority = excluded.priority,
            reasons = excluded.reasons, told_score = excluded.told_score,
            matched_at = excluded.matched_at, scored_at = excluded.scored_at, ended_at = NULL
    """
_MATCH = """
    SELECT match.id, match.lead_id, match.service_id, service.service_name, service.service_type,
           service.definition ->> 'provider_name' AS provider_name, match.service_version,
           match.service_version < service.version AS outdated,
           match.match_score, match.score_low, match.score_high, match.geographic_points,
           match.industry_points, match.need_points, match.profile_points,
           match.behavioral_points, match.confidence_level, match.priority, match.reasons,
           match.status, match.first_matched_at, match.matched_at, match.status_changed_at,
           match.ended_at, match.scored_at, scored.weights
    FROM matching.matches AS match
    JOIN matching.services AS service
        ON service.tenant_id = %(tenant)s AND service.id = match.service_id
    LEFT JOIN matching.service_versions AS scored
        ON scored.tenant_id = %(tenant)s AND scored.service_id = match.service_id
        AND scored.version = match.service_version
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
