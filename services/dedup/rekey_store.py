"""The SQL of making blocking keys anew, on a connection it is handed.

What is outdated is said by the view `dedup.outdated_records`, and what is written by the function
`dedup.rekey`: migration 0036.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from psycopg import Connection

from services.dedup.blocking import KEYS_VERSION
from shared.array_text import array
from shared.leads import base64_or_none
from shared.privacy.gate import Sealed


class Place(NamedTuple):
    """How far somebody is with a tenant's outdated records: after this one."""

    keys_version: int
    lead_id: UUID


BEFORE_ALL = Place(-(2**15), UUID(int=0))


class Outdated(NamedTuple):
    """A stored lead whose keys were made by an earlier version, as it was kept."""

    keys_version: int
    lead_id: UUID
    compared: bytes
    """The sealed record."""
    blocking_keys: Sequence[int]
    kept_keys: Sequence[int] | None
    """Those of them that are no longer made of what it said, and stay."""
    fields: dict[str, str]
    """What it said, without what is sealed."""
    sealed: bytes | None

    @property
    def place(self) -> Place:
        """Return where it stands among the others."""
        return Place(self.keys_version, self.lead_id)


class Remade(NamedTuple):
    """The keys that a stored lead has, and shall have."""

    lead_id: UUID
    before: Sequence[int]
    blocking_keys: Sequence[int]
    kept_keys: Sequence[int] | None
    compared: Sealed | None
    """Its record as it is read now; None if it is what it was."""


def tenants(conn: Connection[Any], most: int) -> list[str]:
    """Return up to *most* tenants with outdated records.

    The connection must have named no tenant: the function looks across them.
    """
    rows = conn.execute(
        """
        SELECT tenant_id FROM dedup.tenants_to_rekey(%(version)s::smallint, %(most)s::integer)
        """,
        {"version": str(KEYS_VERSION), "most": str(most)},
    )
    return [tenant_id for (tenant_id,) in rows]


def waiting(conn: Connection[Any], tenant_id: str | None = None) -> int:
    """Return how many records are outdated, of one tenant or of all."""
    row: Any = conn.execute(
        "SELECT dedup.records_to_rekey(%(version)s::smallint, %(tenant)s)",
        {"version": KEYS_VERSION, "tenant": tenant_id},
    ).fetchone()
    return int(row[0])


def take_turn(conn: Connection[Any], turn: int) -> bool:
    """Return True if nobody else makes this tenant's keys anew until the transaction ends.

    The commit is not waited for, so that nobody waits for the disk with our locks: what a crash
    takes is made once more.
    """
    row: Any = conn.execute(
        """
        SELECT pg_try_advisory_xact_lock(%(turn)s::bigint),
               set_config('synchronous_commit', 'off', true)
        """,
        {"turn": str(turn)},
    ).fetchone()
    return bool(row[0])


def outdated(conn: Connection[Any], tenant_id: str, after: Place, most: int) -> list[Outdated]:
    """Return up to *most* outdated records after *after*, by version and lead."""
    rows: Any = conn.execute(
        """
        SELECT record.keys_version, record.lead_id, record.compared, record.blocking_keys,
               record.kept_keys, lead.fields, lead.sealed
        FROM (
            SELECT * FROM dedup.outdated_records
            WHERE tenant_id = %(tenant)s AND abs(keys_version) < %(version)s::smallint
              AND (keys_version, lead_id) > (%(of_version)s::smallint, %(after)s::uuid)
            ORDER BY keys_version, lead_id LIMIT %(most)s::integer
        ) AS record
        CROSS JOIN LATERAL (
            SELECT fields, sealed FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN record.lead_id AND record.lead_id
            ORDER BY id LIMIT 1
        ) AS lead
        ORDER BY record.keys_version, record.lead_id
        """,
        {
            "tenant": tenant_id,
            "of_version": str(after.keys_version),
            "after": str(after.lead_id),
            "version": str(KEYS_VERSION),
            "most": str(most),
        },
        binary=True,
    ).fetchall()
    return [Outdated._make(row) for row in rows]


def held_by_others(conn: Connection[Any], keys: Collection[int]) -> set[int]:
    """Lock those of *keys* that nobody holds until the transaction ends; return the others.

    Nothing is waited for, so that whoever waits for us never waits for somebody else as well.
    """
    rows = conn.execute(
        """
        SELECT key FROM unnest(%(keys)s::bigint[]) AS key
        WHERE NOT pg_try_advisory_xact_lock(key)
        """,
        {"keys": array(keys)},
    )
    return {key for (key,) in rows}


def save(conn: Connection[Any], remade: Sequence[Remade]) -> set[UUID]:
    """Give records their new keys; return whose.

    Left out is who was erased or written anew meanwhile, or is at this moment.
    """
    return _rekey(conn, KEYS_VERSION, remade)


def pass_over(conn: Connection[Any], remade: Sequence[Remade]) -> set[UUID]:
    """Note of records that no keys can be made for this version; return whose. They keep theirs."""
    return _rekey(conn, -KEYS_VERSION, remade)


def _rekey(conn: Connection[Any], version: int, remade: Sequence[Remade]) -> set[UUID]:
    rows = [one._asdict() | {"compared": base64_or_none(one.compared)} for one in remade]
    written = conn.execute(
        "SELECT dedup.rekey(%(version)s::smallint, %(rows)s::jsonb)",
        {"version": str(version), "rows": orjson.dumps(rows).decode()},
    )
    return {lead_id for (lead_id,) in written}
