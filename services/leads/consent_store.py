"""What people agreed to, as those ask who use their leads: the latest word of a person counts.

Who is one person, and what counts of what they agreed to, `shared.consents` says.
"""

from collections.abc import Sequence
from uuid import UUID

from psycopg import Connection

from shared.array_text import array


def refused(
    conn: Connection, tenant_id: str, lead_ids: Sequence[UUID], purpose: str, needed: bool
) -> set[UUID]:
    """Return those of *lead_ids* that may not be used for *purpose*.

    Their person withdrew the latest consent or, where one is *needed*, gave none that covers it.
    """
    rows = conn.execute(
        """
        SELECT lead.id
        FROM public.leads AS lead
        LEFT JOIN LATERAL (
            SELECT consent.purposes, consent.withdrawn_at
            FROM public.leads AS record
            JOIN public.consents AS consent
                ON consent.tenant_id = %(tenant)s AND consent.lead_id = record.id
            WHERE record.tenant_id = %(tenant)s AND record.subject_id = lead.subject_id
            ORDER BY consent.recorded_at DESC, consent.id DESC LIMIT 1
        ) AS latest ON true
        WHERE lead.tenant_id = %(tenant)s AND lead.id = ANY (%(leads)s::uuid[])
          AND (latest.withdrawn_at IS NOT NULL
               OR %(needed)s AND NOT coalesce(%(purpose)s = ANY (latest.purposes), false))
        """,
        {"tenant": tenant_id, "leads": array(lead_ids), "purpose": purpose, "needed": needed},
    )
    return {lead_id for (lead_id,) in rows}
