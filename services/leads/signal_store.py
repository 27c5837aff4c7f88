"""Signals of leads: what somebody seems to need, and the SQL that keeps and reads it.

Here are kept those that a lead was created with; what was detected since, the signals service keeps
and publishes as `signals.current`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from psycopg import Connection
from psycopg.rows import dict_row

from shared.privacy.gate import Gate, Permit

TYPES = ("loan_need", "consulting_need", "financial_distress", "growth", "expansion")
CATEGORIES = ("content", "keyword", "behavior", "form", "search", "social")
SOURCES = ("content_analysis", "behavioral_analysis")
"""The words of the contract, section 3."""

MOST_SIGNALS = 100
"""Signals that one lead is created with, and that are shown beside it."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A sign of what somebody needs."""

    signal_type: str
    signal_category: str
    source: str
    content: str
    """What it quotes; may be empty."""
    strength: int
    """0 to 100."""
    confidence: float
    """0 to 1."""


def place(signal_id: UUID) -> str:
    """Return what the content of a signal is sealed for."""
    return f"leads/signals/{signal_id}"


def add(
    conn: Connection, permit: Permit, lead_id: UUID, signals: Sequence[Signal], at: datetime
) -> None:
    """Keep the signals that came with a lead; done again, it changes nothing.

    Each is named by the lead and its position. A lead that is not listed yet gets none.
    """
    for position, signal in enumerate(signals):
        signal_id = uuid5(lead_id, f"signal/{position}")
        conn.execute(
            """
            INSERT INTO leads.signals (tenant_id, id, lead_id, signal_type, signal_category,
                                       source, content, strength, confidence, detected_at)
            SELECT tenant_id, %(id)s, lead_id, %(type)s, %(category)s, %(source)s, %(content)s,
                   %(strength)s, %(confidence)s, %(at)s
            FROM leads.listing WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s
            ON CONFLICT (tenant_id, lead_id, id) DO NOTHING
            """,
            {
                "tenant": permit.tenant_id,
                "id": signal_id,
                "lead": lead_id,
                "type": signal.signal_type,
                "category": signal.signal_category,
                "source": signal.source,
                "content": permit.seal(signal.content.encode(), place(signal_id))
                if signal.content
                else None,
                "strength": signal.strength,
                "confidence": signal.confidence,
                "at": at,
            },
        )


def of_lead(conn: Connection, gate: Gate, tenant_id: str, lead_id: UUID) -> list[dict[str, Any]]:
    """Return the MOST_SIGNALS strongest signals of a lead as callers read them.

    Those that it was created with, and those that were detected and hold now.
    """
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            """
            SELECT id, signal_type, signal_category, source, content, strength, confidence,
                   detected_at, 'leads/signals/' || id AS sealed_for
            FROM leads.signals WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s
            UNION ALL
            SELECT id, type, category, source, content, strength, confidence, detected_at,
                   sealed_for
            FROM signals.current WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s
            ORDER BY strength DESC, detected_at, id LIMIT %(most)s
            """,
            {"tenant": tenant_id, "lead": lead_id, "most": MOST_SIGNALS},
        ).fetchall()
    return [_opened(gate, tenant_id, row) for row in rows]


def _opened(gate: Gate, tenant_id: str, row: dict[str, Any]) -> dict[str, Any]:
    sealed, sealed_for = row["content"], row.pop("sealed_for")
    content = gate.unseal(tenant_id, bytes(sealed), sealed_for).decode() if sealed else None
    return row | {"content": content, "detected_at": row["detected_at"].astimezone(UTC)}
