"""Every SQL statement that tells apart the people who share a blocking key."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from services.dedup.store import PEOPLE_PER_KEY
from shared.array_text import array


class Sharer(NamedTuple):
    """A stored lead that shares a key."""

    key: int
    lead_id: UUID
    subject_id: UUID
    compared: bytes
    """The sealed record."""


def sharers(conn: Connection, tenant_id: str, keys: Sequence[int]) -> Iterator[Sharer]:
    """Return the PEOPLE_PER_KEY newest leads of each of *keys* that are compared."""
    cursor: Any = conn.execute(
        """
        SELECT wanted.key, block.lead_id, lead.subject_id, record.compared
        FROM unnest(%(keys)s::bigint[]) AS wanted (key)
        CROSS JOIN LATERAL (
            SELECT lead_id FROM dedup.blocking_keys
            WHERE tenant_id = %(tenant)s AND blocking_key = wanted.key
            ORDER BY lead_id DESC LIMIT %(most)s
        ) AS block
        CROSS JOIN LATERAL (
            SELECT subject_id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN block.lead_id AND block.lead_id
            ORDER BY id LIMIT 1
        ) AS lead
        CROSS JOIN LATERAL (
            SELECT compared FROM dedup.records
            WHERE tenant_id = %(tenant)s AND lead_id = block.lead_id LIMIT 1
        ) AS record
        """,
        {"tenant": tenant_id, "keys": array(keys), "most": str(PEOPLE_PER_KEY)},
        binary=True,
    )
    return map(Sharer._make, cursor)
