"""The SQL of digests by which leads are known, on a connection it is handed."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from shared.array_text import array
from shared.privacy.gate import Pseudonym

MOST_REMOVED = 10_000
"""Keys that one step of a removal takes: a tenth of a second of the database's work."""


@dataclass(frozen=True, slots=True)
class Switch:
    """That an account answers pings by digest."""

    switched_on_at: datetime
    switched_on_by: str
    """The prefix of an API key, or `local`."""
    complete_at: datetime | None
    """When all leads before were known by their digests, too; None: not yet."""


def switched(conn: Connection, tenant_id: str) -> Iterator[bool]:
    """Return whether the account answers pings by digest, as the only one.

    In a pipeline it is awaited when it is taken, so that other questions can follow.
    """
    rows: Any = conn.execute(
        "SELECT EXISTS (SELECT FROM dedup.hashed_accounts WHERE tenant_id = %(tenant)s)",
        {"tenant": tenant_id},
    )
    return (row[0] for row in rows)


def find(conn: Connection, tenant_id: str) -> Switch | None:
    """Return the account's switch; None if it is off."""
    row: Any = conn.execute(
        """
        SELECT switched_on_at, switched_on_by, complete_at FROM dedup.hashed_accounts
        WHERE tenant_id = %(tenant)s
        """,
        {"tenant": tenant_id},
    ).fetchone()
    return Switch(*row) if row else None


def switch_on(conn: Connection, tenant_id: str, at: datetime, by: str) -> bool:
    """Switch it on; False if it was on."""
    return bool(
        conn.execute(
            """
            INSERT INTO dedup.hashed_accounts (tenant_id, switched_on_at, switched_on_by)
            VALUES (%(tenant)s, %(at)s, %(by)s) ON CONFLICT (tenant_id) DO NOTHING
            """,
            {"tenant": tenant_id, "at": at, "by": by},
        ).rowcount
    )


def switch_off(conn: Connection, tenant_id: str) -> bool:
    """Switch it off; False if it was off."""
    return bool(
        conn.execute(
            "DELETE FROM dedup.hashed_accounts WHERE tenant_id = %(tenant)s", {"tenant": tenant_id}
        ).rowcount
    )


def completed(conn: Connection, tenant_id: str, since: datetime, at: datetime) -> None:
    """Note that all leads are known by their digests, if it is still on *since* the same moment."""
    conn.execute(
        """
        UPDATE dedup.hashed_accounts SET complete_at = %(at)s
        WHERE tenant_id = %(tenant)s AND switched_on_at = %(since)s
        """,
        {"tenant": tenant_id, "since": since, "at": at},
    )


def save(conn: Connection, tenant_id: str, found: Sequence[tuple[Pseudonym, UUID]]) -> None:
    """Let leads, which must be stored, be known by these keys."""
    conn.execute(
        """
        INSERT INTO dedup.hashed_keys (tenant_id, key, lead_id)
        SELECT %(tenant)s, key, lead_id
        FROM unnest(%(keys)s::bigint[], %(leads)s::uuid[]) AS new (key, lead_id)
        ON CONFLICT (tenant_id, key, lead_id) DO NOTHING
        """,
        {
            "tenant": tenant_id,
            "keys": array([key for key, _ in found]),
            "leads": [lead_id for _, lead_id in found],
        },
    )


def newest(conn: Connection, tenant_id: str, keys: Collection[Pseudonym]) -> UUID | None:
    """Return the newest lead that is known by one of *keys*."""
    row: Any = conn.execute(
        """
        SELECT max(own.lead_id::text)::uuid FROM unnest(%(keys)s::bigint[]) AS wanted (key)
        CROSS JOIN LATERAL (
            SELECT lead_id FROM dedup.hashed_keys
            WHERE tenant_id = %(tenant)s AND key = wanted.key
            ORDER BY lead_id DESC LIMIT 1
        ) AS own
        """,
        {"tenant": tenant_id, "keys": array(keys)},
    ).fetchone()
    return row[0] if row else None


def leads_after(conn: Connection, tenant_id: str, after: UUID, most: int) -> list[UUID]:
    """Return up to *most* leads of the account from the first after *after*, in order."""
    rows: Iterable[Any] = conn.execute(
        """
        SELECT id FROM public.leads
        WHERE tenant_id = %(tenant)s AND id > %(after)s ORDER BY id LIMIT %(most)s
        """,
        {"tenant": tenant_id, "after": after, "most": most},
    )
    return [row[0] for row in rows]


def remove(conn: Connection, tenant_id: str) -> int:
    """Remove MOST_REMOVED of the account's keys at most; return how many."""
    return conn.execute(
        """
        DELETE FROM dedup.hashed_keys
        WHERE tenant_id = %(tenant)s AND (key, lead_id) IN (
            SELECT key, lead_id FROM dedup.hashed_keys WHERE tenant_id = %(tenant)s
            ORDER BY key, lead_id LIMIT %(most)s)
        """,
        {"tenant": tenant_id, "most": MOST_REMOVED},
    ).rowcount
