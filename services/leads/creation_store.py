"""The SQL of what comes with a lead when it is created, on a connection it is handed."""

from collections.abc import Sequence
from uuid import UUID

from psycopg import Connection


def begin(
    conn: Connection,
    tenant_id: str,
    lead_id: UUID,
    strength: int,
    tags: Sequence[str],
    assigned_to: str,
) -> bool:
    """Give a lead the tags and the assignee that it came with; False if it is not listed yet.

    Done again it changes nothing, and never what people have changed since. *strength* (0 to 100)
    is that of its strongest signal; empty *tags* and an empty *assigned_to* say nothing.
    """
    row = conn.execute(
        """
        UPDATE leads.listing AS listed
        SET signal_strength = greatest(signal_strength, %(strength)s),
            tags = CASE WHEN %(tags)s::text[] = '{}' OR 'tags' = ANY (changed.fields)
                        THEN tags ELSE %(tags)s::text[] END,
            assigned_to = CASE WHEN %(assigned)s = '' OR 'assigned_to' = ANY (changed.fields)
                               THEN assigned_to ELSE %(assigned)s END
        FROM (SELECT ARRAY(SELECT field FROM leads.changes
                           WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s)
             ) AS changed (fields)
        WHERE listed.tenant_id = %(tenant)s AND listed.lead_id = %(lead)s
        RETURNING listed.lead_id
        """,
        {
            "tenant": tenant_id,
            "lead": lead_id,
            "strength": strength,
            "tags": list(tags),
            "assigned": assigned_to,
        },
    ).fetchone()
    return row is not None
