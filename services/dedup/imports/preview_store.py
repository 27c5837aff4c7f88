"""The SQL of a preview: the rows before a row, in temporary tables of its one connection.

Nobody else reads them, nothing of them survives the connection, and they are no part of any
backup. What a row says stands sealed in them all the same.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from psycopg import Connection

from services.dedup.store import CANDIDATES_PER_KEY
from shared.array_text import array
from shared.leads import base64_or_none
from shared.privacy.gate import Pseudonym, Sealed


class Earlier(NamedTuple):
    """A row of the file that shares a key with a later one."""

    blocking_keys: Sequence[int]
    """Those asked for that led to it."""
    id: UUID
    row_number: int
    subject_id: UUID
    original: UUID
    submitted_at: datetime
    compared: bytes
    """The sealed record."""


class Noted(NamedTuple):
    """What is kept of a row for those that come after it."""

    id: UUID
    row_number: int
    subject_id: UUID
    original: UUID
    submitted_at: datetime
    compared: Sealed
    said: Sealed
    blocking_keys: Sequence[Pseudonym]


def begin(conn: Connection[Any]) -> None:
    """Make the tables, empty."""
    # Keys come in no order: their index wants more than the usual 8 MB in memory.
    conn.execute("SELECT set_config('temp_buffers', '64MB', false)")
    conn.execute("DROP TABLE IF EXISTS pg_temp.previewed, pg_temp.previewed_keys")
    conn.execute(
        """
        CREATE TEMPORARY TABLE previewed (
            id uuid PRIMARY KEY, row_number bigint NOT NULL, subject_id uuid NOT NULL,
            original uuid NOT NULL, submitted_at timestamptz NOT NULL, compared bytea NOT NULL,
            said bytea NOT NULL)
        """
    )
    conn.execute("CREATE INDEX ON pg_temp.previewed (subject_id)")
    conn.execute(
        """
        CREATE TEMPORARY TABLE previewed_keys (
            blocking_key bigint NOT NULL, id uuid NOT NULL, PRIMARY KEY (blocking_key, id))
        """
    )


def note(conn: Connection[Any], rows: Sequence[Noted]) -> None:
    """Keep *rows* for those that come after them."""
    conn.execute(
        """
        WITH new AS MATERIALIZED (
            SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
                id uuid, row_number bigint, subject_id uuid, original uuid,
                submitted_at timestamptz, compared text, said text, blocking_keys bigint[])
        ), row AS (
            INSERT INTO pg_temp.previewed (id, row_number, subject_id, original, submitted_at,
                                           compared, said)
            SELECT id, row_number, subject_id, original, submitted_at,
                   decode(compared, 'base64'), decode(said, 'base64')
            FROM new
        )
        INSERT INTO pg_temp.previewed_keys (blocking_key, id)
        SELECT DISTINCT key, id FROM new, unnest(blocking_keys) AS key
        """,
        {"rows": orjson.dumps([_row(one) for one in rows]).decode()},
    )


def _row(row: Noted) -> dict[str, object]:
    sealed = {"compared": base64_or_none(row.compared), "said": base64_or_none(row.said)}
    return row._asdict() | sealed


def sharing(conn: Connection[Any], keys: Sequence[Pseudonym]) -> Iterator[Earlier]:
    """Return the latest rows that share each of *keys*."""
    cursor: Any = conn.execute(
        """
        SELECT found.blocking_keys, found.id, row.row_number, row.subject_id, row.original,
               row.submitted_at, row.compared
        FROM (
            SELECT array_agg(wanted.key) AS blocking_keys, block.id
            FROM unnest(%(keys)s::bigint[]) AS wanted (key)
            CROSS JOIN LATERAL (
                SELECT id FROM pg_temp.previewed_keys WHERE blocking_key = wanted.key
                ORDER BY id DESC LIMIT %(most)s
            ) AS block
            GROUP BY block.id
        ) AS found
        CROSS JOIN LATERAL (
            SELECT * FROM pg_temp.previewed WHERE id BETWEEN found.id AND found.id
            ORDER BY id LIMIT 1
        ) AS row
        """,
        {"keys": array(keys), "most": str(CANDIDATES_PER_KEY)},
        binary=True,
    )
    return map(Earlier._make, cursor)


def said_by(
    conn: Connection[Any], subjects: Sequence[UUID], most: int
) -> Iterator[tuple[UUID, UUID, int, bytes, bytes]]:
    """Return (subject, id, row, what it said, its record), both sealed, of rows about *subjects*.

    The latest *most* of each.
    """
    cursor: Any = conn.execute(
        """
        SELECT wanted.subject_id, row.id, row.row_number, row.said, row.compared
        FROM unnest(%(subjects)s::uuid[]) AS wanted (subject_id)
        CROSS JOIN LATERAL (
            SELECT id, row_number, said, compared FROM pg_temp.previewed
            WHERE subject_id BETWEEN wanted.subject_id AND wanted.subject_id
            ORDER BY subject_id, id DESC LIMIT %(most)s
        ) AS row
        """,
        {"subjects": array(subjects), "most": str(most)},
        binary=True,
    )
    return iter(cursor)
