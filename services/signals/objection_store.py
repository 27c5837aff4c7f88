"""The SQL of who objects to mails by address, on a connection it is handed.

A row says that an address, lead or none, wants no mails. It outlives every lead (migration 0035).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import orjson
from psycopg import Connection


@dataclass(frozen=True, slots=True)
class Objection:
    """One objection as it is stored."""

    key: int
    """The pseudonym of the address."""
    objection_key: int
    """A pseudonym of what makes it the same when it comes again."""
    behavior_type: str
    at: datetime | None
    """None: now; a time of the future is now, too."""


def save(conn: Connection, tenant_id: str, objections: Sequence[Objection]) -> set[tuple[int, int]]:
    """Store *objections*; return key and objection_key of those that are new.

    In one order, so that two retries never deadlock.
    """
    if not objections:
        return set()
    rows = conn.execute(
        """
        INSERT INTO signals.objected_addresses (tenant_id, key, objection_key, behavior_type,
                                                occurred_at, recorded_at)
        SELECT %(tenant)s, key, objection_key, behavior_type, least(coalesce(at, now()), now()),
               now()
        FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
            key bigint, objection_key bigint, behavior_type text, at timestamptz)
        ORDER BY key, objection_key
        ON CONFLICT DO NOTHING
        RETURNING key, objection_key
        """,
        {"tenant": tenant_id, "rows": orjson.dumps([asdict(one) for one in objections]).decode()},
    )
    return {(key, objection_key) for key, objection_key in rows}
