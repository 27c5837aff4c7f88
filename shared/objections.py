"""Objections: when a person last said that they want no mails, for all who ask.

They say so by unsubscribing or complaining, of a mail to any record of theirs or to any address
that one of them gives; `signals.objections` publishes it. Whoever agrees to something after it has
changed their mind. See docs/decisions/0039 and 0071.
"""

from datetime import datetime
from typing import LiteralString

from psycopg import sql


def newest(person: LiteralString) -> sql.Composed:
    """Return the SQL of one person's newest objection: one row, `at`, null if there is none.

    *person* is the SQL of a subject's id; the tenant is the parameter `tenant`. Each part is looked
    up by a whole key: docs/decisions/0056.
    """
    return _NEWEST.format(person=sql.SQL(person))


def stands(objected_at: datetime | None, said_at: datetime | None) -> bool:
    """Return whether somebody objects who objected then and gave their latest consent *said_at*.

    None: never. Of one moment, the objection is the later word.
    """
    return objected_at is not None and (said_at is None or objected_at >= said_at)


_NEWEST = sql.SQL("""
    SELECT max(objection.recorded_at) AS at
    FROM (
        SELECT id FROM public.leads
        WHERE tenant_id = %(tenant)s AND subject_id BETWEEN {person} AND {person}
        ORDER BY subject_id
    ) AS record
    CROSS JOIN LATERAL (
        SELECT recorded_at FROM signals.objections
        WHERE tenant_id = %(tenant)s AND lead_id BETWEEN record.id AND record.id
        ORDER BY lead_id
    ) AS objection
    """)
