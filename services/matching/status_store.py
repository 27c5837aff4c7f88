"""The SQL of what became of matches, on a connection it is handed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from shared.privacy.gate import Sealed

MOST_SHOWN = 100
"""Changes and scorings of one match that are answered beside it, the latest first."""


@dataclass(frozen=True, slots=True)
class Change:
    """One word of somebody's on what became of a match."""

    id: UUID
    before: str
    after: str
    notes: bytes | None
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Scoring:
    """What a match scores or once scored; without scores it is out of question."""

    service_version: int
    match_score: float | None
    score_low: float | None
    score_high: float | None
    scored_at: datetime


def add(
    conn: Connection[Any],
    tenant_id: str,
    match: tuple[UUID, UUID],
    change: Change,
    notes: Sealed | None,
) -> None:
    """Store a change of the lead and match *match*, and the status that it leads to."""
    conn.execute(
        """
        WITH changed AS (
            UPDATE matching.matches SET status = %(after)s, status_changed_at = %(at)s
            WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND id = %(match)s
        )
        INSERT INTO matching.status_changes (tenant_id, id, lead_id, match_id, before, after,
                                             notes, changed_at, changed_by)
        VALUES (%(tenant)s, %(id)s, %(lead)s, %(match)s, %(before)s, %(after)s, %(notes)s,
                %(at)s, %(by)s)
        """,
        {
            "tenant": tenant_id,
            "lead": match[0],
            "match": match[1],
            "id": change.id,
            "before": change.before,
            "after": change.after,
            "notes": notes,
            "at": change.changed_at,
            "by": change.changed_by,
        },
    )


def changes(conn: Connection[Any], tenant_id: str, lead_id: UUID, match_id: UUID) -> list[Change]:
    """Return the changes of a match's status, the latest first, MOST_SHOWN."""
    with conn.cursor(row_factory=class_row(Change)) as cursor:
        return cursor.execute(
            """
            SELECT id, before, after, notes, changed_at, changed_by FROM matching.status_changes
            WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND match_id = %(match)s
            ORDER BY id DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "lead": lead_id, "match": match_id, "most": MOST_SHOWN},
        ).fetchall()


def scorings(conn: Connection[Any], tenant_id: str, lead_id: UUID, match_id: UUID) -> list[Scoring]:
    """Return the former scorings of a match, the latest first, MOST_SHOWN."""
    with conn.cursor(row_factory=class_row(Scoring)) as cursor:
        return cursor.execute(
            """
            SELECT service_version, match_score, score_low, score_high, scored_at
            FROM matching.scorings
            WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND match_id = %(match)s
            ORDER BY id DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "lead": lead_id, "match": match_id, "most": MOST_SHOWN},
        ).fetchall()
