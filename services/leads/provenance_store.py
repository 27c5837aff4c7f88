"""The SQL of where leads come from, as discovery publishes it, on a connection it is handed."""

from datetime import UTC
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.leads.lead_store import MOST_SHOWN
from shared.privacy.gate import Gate


def of_lead(
    conn: Connection[Any], gate: Gate, tenant_id: str, lead_id: UUID
) -> list[dict[str, Any]]:
    """Return where discovery found a lead, the latest first, MOST_SHOWN at most."""
    rows: Any = conn.execute(
        """
        SELECT source, url, sealed_for, licence, attribution, found_at, job_id
        FROM discovery.provenances
        WHERE tenant_id = %(tenant)s AND lead_id BETWEEN %(lead)s AND %(lead)s
        ORDER BY found_at DESC, key LIMIT %(most)s
        """,
        {"tenant": tenant_id, "lead": lead_id, "most": MOST_SHOWN},
    )
    return [
        {
            "source": source,
            "url": gate.unseal(tenant_id, bytes(url), sealed_for).decode() if url else None,
            "licence": licence,
            "attribution": attribution,
            "found_at": found_at.astimezone(UTC),
            "job_id": job_id,
        }
        for source, url, sealed_for, licence, attribution, found_at, job_id in rows
    ]
