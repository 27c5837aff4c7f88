"""The SQL of what people changed about leads, on a connection it is handed."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from shared.privacy.gate import Gate

NEWEST = UUID(int=2**128 - 1)
"""An id after all others."""


def stored(conn: Connection, tenant_id: str, lead_id: UUID) -> bool:
    """Return True if the account has that lead, listed or not."""
    row = conn.execute(
        "SELECT FROM public.leads WHERE tenant_id = %(tenant)s AND id = %(lead)s",
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    return row is not None


def locked(conn: Connection, tenant_id: str, lead_id: UUID) -> str | None:
    """Return the status of a lead that nobody changes before the transaction ends.

    None if it is not stored, or not listed yet.
    """
    row = conn.execute(
        """
        SELECT lead.status
        FROM leads.listing AS listed
        JOIN public.leads AS lead ON lead.tenant_id = %(tenant)s AND lead.id = listed.lead_id
        WHERE listed.tenant_id = %(tenant)s AND listed.lead_id = %(lead)s
        FOR NO KEY UPDATE OF lead, listed
        """,
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    return row[0] if row else None


def history(
    conn: Connection, gate: Gate, tenant_id: str, lead_id: UUID, after: UUID | None, most: int
) -> list[Mapping[str, Any]]:
    """Return up to *most* changes of a lead as callers read them, newest first, after *after*."""
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            """
            SELECT id, field, before, after, changed_at, changed_by, bulk_id,
                   taken_back AS undo, reason
            FROM leads.changes
            WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND id < %(after)s
            ORDER BY id DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "lead": lead_id, "after": after or NEWEST, "most": most},
        ).fetchall()
    return [_opened(gate, tenant_id, lead_id, row) for row in rows]


def reason_place(lead_id: UUID) -> str:
    """Return what the reason of a change is sealed for."""
    return f"leads/changes/{lead_id}"


def _opened(gate: Gate, tenant_id: str, lead_id: UUID, row: Mapping[str, Any]) -> Mapping[str, Any]:
    sealed = row["reason"]
    text = gate.unseal(tenant_id, bytes(sealed), reason_place(lead_id)).decode() if sealed else None
    return {**row, "changed_at": row["changed_at"].astimezone(UTC), "reason": text}
