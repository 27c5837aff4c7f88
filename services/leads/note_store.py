"""The SQL of notes, on a connection it is handed. Their words are sealed and opened here."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from shared.privacy.gate import Gate, Permit

NEWEST = UUID(int=2**128 - 1)
"""An id after all others."""


def place(note_id: UUID) -> str:
    """Return what the words of a note are sealed for."""
    return f"leads/notes/{note_id}"


def add(
    conn: Connection,
    permit: Permit,
    lead_id: UUID,
    note_id: UUID,
    text: str,
    by: str,
    at: datetime,
) -> None:
    """Store a note; one of that id that is there already stays as it is."""
    conn.execute(
        """
        INSERT INTO leads.notes (tenant_id, id, lead_id, text, written_by, written_at)
        VALUES (%(tenant)s, %(id)s, %(lead)s, %(text)s, %(by)s, %(at)s)
        ON CONFLICT (tenant_id, lead_id, id) DO NOTHING
        """,
        {
            "tenant": permit.tenant_id,
            "id": note_id,
            "lead": lead_id,
            "text": permit.seal(text.encode(), place(note_id)),
            "by": by,
            "at": at,
        },
    )


def page(
    conn: Connection,
    gate: Gate,
    tenant_id: str,
    lead_id: UUID,
    after: UUID | None,
    most: int,
) -> list[Mapping[str, Any]]:
    """Return up to *most* notes on a lead as callers read them, newest first, after *after*.

    In the order in which they were written, and of one moment by their ids: the first note of a
    lead has an id that tells no time.
    """
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            """
            SELECT id, text, written_by, written_at FROM leads.notes
            WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s
              AND (%(after)s::uuid IS NULL OR (written_at, id) < (
                  SELECT written_at, id FROM leads.notes
                  WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND id = %(after)s))
            ORDER BY written_at DESC, id DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "lead": lead_id, "after": after, "most": most},
        ).fetchall()
    return [_opened(gate, tenant_id, row) for row in rows]


def _opened(gate: Gate, tenant_id: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    text = gate.unseal(tenant_id, bytes(row["text"]), place(row["id"])).decode()
    at = row["written_at"].astimezone(UTC)
    return {"id": row["id"], "text": text, "written_by": row["written_by"], "written_at": at}
