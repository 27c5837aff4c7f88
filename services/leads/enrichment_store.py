"""What the enrichment service publishes of a lead: that something was found, never what."""

from datetime import UTC
from typing import Any
from uuid import UUID

from psycopg import Connection


def summary(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> dict[str, Any] | None:
    """Return how much is held of a lead beside what the person gave; None if nothing is."""
    row = conn.execute(
        """
        SELECT findings, providers, found_at FROM enrichment.summaries
        WHERE tenant_id = %(tenant)s AND lead_id BETWEEN %(lead)s AND %(lead)s
        ORDER BY lead_id LIMIT 1
        """,
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    if row is None:
        return None
    findings, providers, found_at = row
    return {"findings": findings, "providers": providers, "found_at": found_at.astimezone(UTC)}
