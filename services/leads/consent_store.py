"""What people agreed to, as those ask who use their leads: the latest word of a person counts.

Who is one person, and what counts of what they agreed to, `shared.consents` says.
"""

from collections.abc import Sequence
from uuid import UUID

from psycopg import Connection

from shared.array_text import array
from shared.connection import PLANNED_ANEW


def refused(
    conn: Connection, tenant_id: str, lead_ids: Sequence[UUID], purpose: str, needed: bool
) -> set[UUID]:
    """Return those of *lead_ids* that may not be used for *purpose*.

    Their person withdrew the latest consent or, where one is *needed*, gave none that covers it.
    """
    rows = conn.execute(
        """
        SELECT lead.id
        FROM unnest(%(leads)s::uuid[]) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT id, subject_id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
            ORDER BY id LIMIT 1
        ) AS lead
        LEFT JOIN LATERAL (
            SELECT consent.purposes, consent.withdrawn_at
            FROM (
                SELECT id FROM public.leads
                WHERE tenant_id = %(tenant)s
                  AND subject_id BETWEEN lead.subject_id AND lead.subject_id
                ORDER BY subject_id
            ) AS record
            CROSS JOIN LATERAL (
                SELECT * FROM public.consents
                WHERE tenant_id = %(tenant)s AND lead_id BETWEEN record.id AND record.id
                ORDER BY lead_id
            ) AS consent
            ORDER BY consent.recorded_at DESC, consent.id DESC LIMIT 1
        ) AS latest ON true
        WHERE latest.withdrawn_at IS NOT NULL
           OR %(needed)s AND NOT coalesce(%(purpose)s = ANY (latest.purposes), false)
        """,
        {"tenant": tenant_id, "leads": array(lead_ids), "purpose": purpose, "needed": needed},
        prepare=PLANNED_ANEW,
    )
    return {lead_id for (lead_id,) in rows}
