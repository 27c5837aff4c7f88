"""The SQL of finding everyone who gave an address or a number, on a connection it is handed."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

AT_A_TIME = 2_000
"""Leads whose words are read in one statement: a few hundredths of a second."""

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
        CROSS JOIN LATERAL (
            SELECT lead_id, compared FROM dedup.records
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN block.lead_id AND block.lead_id
            ORDER BY lead_id LIMIT 1
        ) AS record
        CROSS JOIN LATERAL (
            SELECT subject_id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN block.lead_id AND block.lead_id
            ORDER BY id LIMIT 1
        ) AS lead
        ORDER BY record.lead_id LIMIT %(most)s
        """,
        {"tenant": tenant_id, "keys": list(keys), "most": MOST_RECORDS},
    )
    return iter(rows)


def wrote(
    conn: Connection, tenant_id: str, after: UUID
) -> list[tuple[UUID, UUID, dict[str, str], bytes | None]]:
    """Return lead, person, clear fields and sealed fields of the leads *after* that id, in order.

    AT_A_TIME at most; none follow an empty answer.
    """
    rows: Any = conn.execute(
        """
        SELECT id, subject_id, fields, sealed FROM public.leads
        WHERE tenant_id = %(tenant)s AND id > %(after)s ORDER BY id LIMIT %(most)s
        """,
        {"tenant": tenant_id, "after": after, "most": AT_A_TIME},
    ).fetchall()
    return list(rows)
