"""The SQL of finding everyone who gave an address or a number, on a connection it is handed."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

MOST_RECORDS = 10_000
"""Records read of one request to erase; a switchboard's number has no more callers."""


def sharing(
    conn: Connection, tenant_id: str, keys: Sequence[int]
) -> Iterator[tuple[UUID, UUID, bytes]]:
    """Return lead, person and sealed record of whoever shares one of *keys*, oldest first."""
    rows: Any = conn.execute(
        """
        SELECT record.lead_id, lead.subject_id, record.compared
        FROM (
            SELECT DISTINCT lead_id FROM dedup.blocking_keys
            WHERE tenant_id = %(tenant)s AND blocking_key = ANY (%(keys)s)
        ) AS block
        JOIN dedup.records AS record
            ON record.tenant_id = %(tenant)s AND record.lead_id = block.lead_id
        JOIN public.leads AS lead ON lead.tenant_id = %(tenant)s AND lead.id = block.lead_id
        ORDER BY record.lead_id LIMIT %(most)s
        """,
        {"tenant": tenant_id, "keys": list(keys), "most": MOST_RECORDS},
    )
    return iter(rows)
