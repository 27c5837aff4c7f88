"""The SQL of what people did, as the signals service publishes it, on a connection it is handed."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection
from psycopg.rows import dict_row

from shared.privacy.gate import Gate


def of_lead(
    conn: Connection[Any], gate: Gate, tenant_id: str, lead_id: UUID, most: int
) -> list[dict[str, Any]]:
    """Return the *most* latest things that whom a lead is about did, newest first."""
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            """
            SELECT done.behavior_type, done.occurred_at, done.details, done.sealed_for
            FROM (
                SELECT subject_id FROM public.leads
                WHERE tenant_id = %(tenant)s AND id BETWEEN %(lead)s AND %(lead)s
                ORDER BY id LIMIT 1
            ) AS lead
            CROSS JOIN LATERAL (
                SELECT id FROM public.leads
                WHERE tenant_id = %(tenant)s
                  AND subject_id BETWEEN lead.subject_id AND lead.subject_id
                ORDER BY subject_id
            ) AS record
            CROSS JOIN LATERAL (
                SELECT * FROM signals.behaviours_kept
                WHERE tenant_id = %(tenant)s AND lead_id BETWEEN record.id AND record.id
                ORDER BY lead_id
            ) AS done
            ORDER BY done.occurred_at DESC, done.event_key LIMIT %(most)s
            """,
            {"tenant": tenant_id, "lead": lead_id, "most": most},
        ).fetchall()
    return [_shown(gate, tenant_id, row) for row in rows]


def _shown(gate: Gate, tenant_id: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one event as callers read it: the page and, opened, whatever else was said of it."""
    sealed = row["details"]
    opened = gate.unseal(tenant_id, bytes(sealed), row["sealed_for"]) if sealed else b"{}"
    details: dict[str, str] = orjson.loads(opened)
    return {
        "behavior_type": row["behavior_type"],
        "occurred_at": row["occurred_at"].astimezone(UTC),
        "site_url": details.pop("url", "") or None,
        "behavior_data": {name: text for name, text in details.items() if text},
    }
