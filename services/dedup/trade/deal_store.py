"""The SQL of deals, on a connection it is handed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import orjson
from psycopg import Connection


@dataclass(frozen=True, slots=True)
class Dealt:
    """A deal as it is stored."""

    lead_id: UUID
    buyer_id: str
    campaign_id: str
    state: str
    """One of `deal.STATES`."""
    hold_id: UUID | None
    held_until: datetime | None
    offered_at: datetime
    """When its lead was sent."""


def save(conn: Connection, tenant_id: str, made: Sequence[Dealt]) -> None:
    """Store *made*; of a lead that is decided anew the later deal stands."""
    conn.execute(
        """
        INSERT INTO dedup.deals (tenant_id, lead_id, buyer_id, campaign_id, state, hold_id,
                                 held_until, offered_at)
        SELECT %(tenant)s, lead_id, buyer_id, campaign_id, state, hold_id, held_until, offered_at
        FROM json_to_recordset(%(made)s::json)
            AS made (lead_id uuid, buyer_id text, campaign_id text, state text, hold_id uuid,
                     held_until timestamptz, offered_at timestamptz)
        ON CONFLICT (tenant_id, lead_id) DO UPDATE
            SET state = excluded.state, hold_id = excluded.hold_id,
                held_until = excluded.held_until
            WHERE deals.state <> 'returned' -- its buyer's word stands
        """,
        {"tenant": tenant_id, "made": orjson.dumps([asdict(each) for each in made]).decode()},
    )
