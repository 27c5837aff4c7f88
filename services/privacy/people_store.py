"""The SQL of whose records leads are, and who gave an address, on a connection it is handed."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from psycopg import Connection

from shared.array_text import array

MOST_LEADS = 1_000
"""Leads looked at of one address: a shared inbox may be a whole company's."""

MOST_RECORDS = 100
"""Records of one person whose addresses are looked at."""


def of_lead(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> dict[UUID, list[UUID]]:
    """Return by subject the lead *lead_id*; none if it is not there.

    Nobody erases it before the transaction ends.
    """
    rows: Any = conn.execute(
        """
        SELECT subject_id, id FROM public.leads
        WHERE tenant_id = %(tenant)s AND id = %(lead)s FOR KEY SHARE
        """,
        {"tenant": tenant_id, "lead": lead_id},
    )
    return {subject_id: [found] for subject_id, found in rows}


def of_addresses(
    conn: Connection[Any], tenant_id: str, keys: Collection[int]
) -> dict[UUID, list[UUID]]:
    """Return by subject the leads that give an address with one of *keys*, by their ids.

    Nobody erases them before the transaction ends. `dedup.lead_keys` is what the duplicate check
    publishes.
    """
    rows: Any = conn.execute(
        """
        SELECT lead.subject_id, lead.id
        FROM public.leads AS lead
        WHERE lead.tenant_id = %(tenant)s AND lead.id = ANY (ARRAY(
            SELECT known.lead_id FROM unnest(%(keys)s::bigint[]) AS wanted (key)
            CROSS JOIN LATERAL (
                SELECT lead_id FROM dedup.lead_keys
                WHERE tenant_id = %(tenant)s AND blocking_key = wanted.key LIMIT %(most)s
            ) AS known))
        ORDER BY lead.id FOR KEY SHARE
        """,
        {"tenant": tenant_id, "keys": array(set(keys)), "most": MOST_LEADS},
    )
    people: dict[UUID, list[UUID]] = {}
    for subject_id, lead_id in rows:
        people.setdefault(subject_id, []).append(lead_id)
    return people


def records(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> list[UUID]:
    """Return the records of whom a lead is about, MOST_RECORDS at most; none if it is not there."""
    rows: Any = conn.execute(
        """
        SELECT record.id
        FROM public.leads AS own
        JOIN public.leads AS record
            ON record.tenant_id = own.tenant_id AND record.subject_id = own.subject_id
        WHERE own.tenant_id = %(tenant)s AND own.id = %(lead)s
        ORDER BY record.id LIMIT %(most)s
        """,
        {"tenant": tenant_id, "lead": lead_id, "most": MOST_RECORDS},
    )
    return [record_id for (record_id,) in rows]
