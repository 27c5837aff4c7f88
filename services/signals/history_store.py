"""The SQL of a lead's history of detections, on a connection it is handed."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from services.signals.feedback_store import note_place
from services.signals.store import content_place
from shared.privacy.gate import Gate

NEWEST = UUID(int=2**128 - 1)
"""An id after all others."""


def page(
    conn: Connection[Any],
    gate: Gate,
    tenant_id: str,
    lead_id: UUID,
    after: UUID | None,
    most: int,
) -> list[dict[str, Any]]:
    """Return up to *most* detections of a lead as callers read them, newest first, after *after*.

    Each with its signals and with what people said of it.
    """
    with conn.cursor(row_factory=dict_row) as cursor:
        detections = cursor.execute(
            """
            SELECT id, detected_at, source, language, individual, signal_strength, intent_score,
                   needs AS needs_identified, model,
                   NOT EXISTS (
                       SELECT FROM signals.detections AS later
                       WHERE later.tenant_id = %(tenant)s AND later.lead_id = %(lead)s
                         AND later.source = detection.source AND later.id > detection.id
                   ) AS holds
            FROM signals.detections AS detection
            WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND id < %(after)s
            ORDER BY id DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "lead": lead_id, "after": after or NEWEST, "most": most},
        ).fetchall()
    ids = [row["id"] for row in detections]
    signals = _signals(conn, gate, tenant_id, lead_id, ids)
    said = _feedback(conn, gate, tenant_id, lead_id, ids)
    for row in detections:
        row["detected_at"] = row["detected_at"].astimezone(UTC)
        row["signals"], row["feedback"] = signals.get(row["id"], []), said.get(row["id"], [])
    return detections


def _signals(
    conn: Connection[Any], gate: Gate, tenant_id: str, lead_id: UUID, ids: Sequence[UUID]
) -> Mapping[UUID, list[dict[str, Any]]]:
    """Return the signals of detections, the strongest first."""
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            """
            SELECT detection_id, id, type, category, source, content, span_start, span_end,
                   strength, confidence, rule
            FROM signals.found
            WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND detection_id = ANY (%(ids)s)
            ORDER BY strength DESC, id
            """,
            {"tenant": tenant_id, "lead": lead_id, "ids": list(ids)},
        ).fetchall()
    by_detection: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        start, end = row.pop("span_start"), row.pop("span_end")
        row["span"] = None if start is None else {"start": start, "end": end}
        sealed = bytes(row["content"])
        row["content"] = gate.unseal(tenant_id, sealed, content_place(row["id"])).decode()
        by_detection.setdefault(row.pop("detection_id"), []).append(row)
    return by_detection


def _feedback(
    conn: Connection[Any], gate: Gate, tenant_id: str, lead_id: UUID, ids: Sequence[UUID]
) -> Mapping[UUID, list[dict[str, Any]]]:
    """Return what people said of detections and their signals, the latest first."""
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            """
            SELECT detection_id, id, signal_id, verdict, labels, note, given_by, given_at
            FROM signals.feedback
            WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND detection_id = ANY (%(ids)s)
            ORDER BY id DESC
            """,
            {"tenant": tenant_id, "lead": lead_id, "ids": list(ids)},
        ).fetchall()
    by_detection: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        sealed = row["note"]
        place = note_place(row["id"])
        row["note"] = gate.unseal(tenant_id, bytes(sealed), place).decode() if sealed else None
        row["given_at"] = row["given_at"].astimezone(UTC)
        by_detection.setdefault(row.pop("detection_id"), []).append(row)
    return by_detection
