"""Withdrawals: what people took back, on a connection it is handed. `shared.consents` heeds it.

A row of `public.withdrawals` is one word of a person's, said of all or of some purposes, with who
wrote it down. When its record is erased it goes to the person's other records (migration 0037). A
row of `public.withdrawn_addresses` says that an address or number withdrew, lead or none, and
outlives every lead. See docs/decisions/0073.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from shared.array_text import array
from shared.frozen import frozen
from shared.privacy.gate import Sealed


@frozen
class Withdrawal:
    """What one person takes back."""

    id: UUID
    lead_id: UUID
    purposes: Sequence[str]
    """None at all: every purpose."""
    withdrawn_at: datetime
    channel: str
    """How they said it."""
    withdrawn_by: str
    """Who wrote it down: the prefix of an API key, or `local`."""
    reason: Sealed | None = None


def reason_place(withdrawal_id: UUID) -> str:
    """Return what the reason of a withdrawal is sealed for."""
    return f"withdrawals/{withdrawal_id}/reason"


def save(conn: Connection, tenant_id: str, withdrawn: Sequence[Withdrawal]) -> None:
    """Store withdrawals of leads that are stored."""
    for one in withdrawn:
        conn.execute(
            """
            INSERT INTO public.withdrawals (tenant_id, id, lead_id, purposes, withdrawn_at, channel,
                                            withdrawn_by, reason)
            VALUES (%(tenant)s, %(id)s, %(lead)s, %(purposes)s, %(at)s, %(channel)s, %(by)s,
                    %(reason)s)
            """,
            {
                "tenant": tenant_id,
                "id": one.id,
                "lead": one.lead_id,
                "purposes": list(one.purposes) or None,
                "at": one.withdrawn_at,
                "channel": one.channel,
                "by": one.withdrawn_by,
                "reason": one.reason,
            },
        )


def keep(
    conn: Connection,
    tenant_id: str,
    keys: Collection[int],
    purposes: Sequence[str],
    at: datetime,
    anew: bool,
) -> int:
    """Keep by their pseudonyms that addresses withdrew; return how many addresses that is new of.

    No *purposes*: all. What is kept already stays as it is, unless it was said *anew*.
    """
    rows = conn.execute(
        """
        INSERT INTO public.withdrawn_addresses AS kept (tenant_id, key, purpose, withdrawn_at)
        SELECT %(tenant)s, wanted.key, said.purpose, %(at)s
        FROM unnest(%(keys)s::bigint[]) AS wanted (key)
        CROSS JOIN unnest(%(purposes)s::text[]) AS said (purpose)
        ORDER BY wanted.key, said.purpose
        ON CONFLICT (tenant_id, key, purpose) DO UPDATE SET withdrawn_at = EXCLUDED.withdrawn_at
            WHERE %(anew)s AND kept.withdrawn_at < EXCLUDED.withdrawn_at
        RETURNING key
        """,
        {
            "tenant": tenant_id,
            "keys": array(set(keys)),
            "purposes": list(purposes) or [""],
            "at": at,
            "anew": anew,
        },
    )
    return len(set(rows))


def kept(conn: Connection, tenant_id: str, keys: Collection[int]) -> int:
    """Return how many of the addresses *keys* have a withdrawal or an objection kept by them."""
    row = conn.execute(
        """
        SELECT count(*) FROM unnest(%(keys)s::bigint[]) AS wanted (key)
        WHERE EXISTS (SELECT FROM public.withdrawn_addresses
                      WHERE tenant_id = %(tenant)s AND key BETWEEN wanted.key AND wanted.key)
           OR EXISTS (SELECT FROM signals.objected
                      WHERE tenant_id = %(tenant)s AND key BETWEEN wanted.key AND wanted.key)
        """,
        {"tenant": tenant_id, "keys": array(set(keys))},
    ).fetchone()
    return row[0] if row else 0
