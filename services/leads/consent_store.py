"""What people agreed to, as those ask who use their leads: the latest word of a person counts.

Who is one person, and what counts of what they agreed to, `shared.consents` says.
"""

from collections.abc import Sequence
from uuid import UUID

from psycopg import Connection, sql

from shared import consents, objections
from shared.array_text import array
from shared.connection import PLANNED_ANEW


def refused(
    conn: Connection, tenant_id: str, lead_ids: Sequence[UUID], purpose: str, needed: bool
) -> set[UUID]:
    """Return those of *lead_ids* that may not be used for *purpose*.

    Their person withdrew the latest consent, or that purpose; or, where one is *needed*, gave none
    that covers it; or wants no mails, where it is for marketing (GDPR Art. 21(3)).
    """
    rows = conn.execute(
        _REFUSED,
        {"tenant": tenant_id, "leads": array(lead_ids), "purpose": purpose, "needed": needed},
        prepare=PLANNED_ANEW,
    )
    return {lead_id for (lead_id,) in rows}


_REFUSED = sql.SQL("""
    SELECT lead.id
    FROM unnest(%(leads)s::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT id, subject_id FROM public.leads
        WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
        ORDER BY id LIMIT 1
    ) AS lead
    LEFT JOIN LATERAL ({word}) AS word ON true
    LEFT JOIN LATERAL ({objection}) AS objected ON %(purpose)s = 'marketing'
    WHERE word.withdrawn_at IS NOT NULL
       OR %(purpose)s = ANY (word.taken_back)
       OR objected.at >= coalesce(word.said_at, '-infinity')
       OR %(needed)s AND NOT coalesce(%(purpose)s = ANY (word.purposes), false)
    """).format(
    word=consents.latest_word("lead.subject_id"), objection=objections.newest("lead.subject_id")
)
