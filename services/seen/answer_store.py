"""The SQL of answers that are given again, on a connection it is handed."""

import zlib
from datetime import datetime
from typing import Any

import orjson
from psycopg import Connection

from services.seen.marking import Again


def answer(
    conn: Connection[Any], tenant_id: str, key: int, now: datetime
) -> tuple[int, list[Any]] | None:
    """Return what was asked under *key* and what was answered, if it is still repeated at *now*."""
    row = conn.execute(
        """
        SELECT request, answer FROM seen.answers
        WHERE tenant_id = %(tenant)s AND idempotency_key = %(key)s AND expires_at > %(now)s
        """,
        {"tenant": tenant_id, "key": key, "now": now},
    ).fetchone()
    return (row[0], orjson.loads(zlib.decompress(row[1]))) if row else None


def save(
    conn: Connection[Any], tenant_id: str, again: Again, said: list[Any], expires_at: datetime
) -> None:
    """Store what is answered to a request; a key whose time has passed begins again."""
    conn.execute(
        """
        INSERT INTO seen.answers (tenant_id, idempotency_key, request, answer, expires_at)
        VALUES (%(tenant)s, %(key)s, %(request)s, %(answer)s, %(expires)s)
        ON CONFLICT (tenant_id, idempotency_key) DO UPDATE
            SET request = excluded.request, answer = excluded.answer,
                expires_at = excluded.expires_at
        """,
        {
            "tenant": tenant_id,
            "key": again.key,
            "request": again.request,
            "answer": zlib.compress(orjson.dumps(said)),
            "expires": expires_at,
        },
    )
