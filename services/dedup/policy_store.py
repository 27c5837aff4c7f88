"""The SQL of policies, on a connection it is handed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from services.dedup.policy import MOST, Settings
from shared.ids import uuid7


@dataclass(frozen=True, slots=True)
class Stored:
    """What was set for one source, or for the account (`policy.ACCOUNT`)."""

    source_id: str
    settings: Settings
    changed_at: datetime
    changed_by: str
    """The prefix of an API key, or `local`."""


def listed(conn: Connection, tenant_id: str) -> Iterator[Stored]:
    """Return the account's policies, MOST at most, its own first.

    In a pipeline they are awaited when the first is taken, so that other questions can follow.
    """
    rows: Any = conn.execute(
        """
        SELECT source_id, settings, changed_at, changed_by FROM dedup.policies
        WHERE tenant_id = %(tenant)s ORDER BY source_id LIMIT %(most)s
        """,
        {"tenant": tenant_id, "most": MOST},
    )
    return (Stored(*row) for row in rows)


def save(conn: Connection, tenant_id: str, policy: Stored) -> None:
    """Store *policy* in place of the one before it, and write down the change."""
    conn.execute(
        """
        WITH earlier AS (
            SELECT settings FROM dedup.policies
            WHERE tenant_id = %(tenant)s AND source_id = %(source)s
        ), saved AS (
            INSERT INTO dedup.policies (tenant_id, source_id, settings, changed_at, changed_by)
            VALUES (%(tenant)s, %(source)s, %(settings)s, %(at)s, %(by)s)
            ON CONFLICT (tenant_id, source_id) DO UPDATE
                SET settings = excluded.settings, changed_at = excluded.changed_at,
                    changed_by = excluded.changed_by
        )
        INSERT INTO dedup.policy_changes (tenant_id, id, source_id, changed_at, changed_by,
                                          earlier, later)
        VALUES (%(tenant)s, %(id)s, %(source)s, %(at)s, %(by)s,
                (SELECT settings FROM earlier), %(settings)s)
        """,
        _values(tenant_id, policy),
    )


def remove(conn: Connection, tenant_id: str, policy: Stored) -> None:
    """Remove what is set for the source of *policy*, if anything, and write down the change."""
    conn.execute(
        """
        WITH removed AS (
            DELETE FROM dedup.policies
            WHERE tenant_id = %(tenant)s AND source_id = %(source)s
            RETURNING settings
        )
        INSERT INTO dedup.policy_changes (tenant_id, id, source_id, changed_at, changed_by,
                                          earlier, later)
        SELECT %(tenant)s, %(id)s, %(source)s, %(at)s, %(by)s, settings, NULL FROM removed
        """,
        _values(tenant_id, policy),
    )


def last_leads(
    conn: Connection, tenant_id: str, people: Collection[tuple[UUID, datetime]]
) -> Iterator[tuple[UUID, datetime, datetime]]:
    """Return for each of *people* (subject, moment) when their last lead up to then was sent.

    In a pipeline they are awaited when the first is taken.
    """
    rows: Any = conn.execute(
        """
        SELECT person.subject_id, person.moment, last.submitted_at
        FROM unnest(%(subjects)s::uuid[], %(moments)s::timestamptz[])
            AS person (subject_id, moment)
        CROSS JOIN LATERAL (
            SELECT max(submitted_at) AS submitted_at FROM public.leads
            WHERE tenant_id = %(tenant)s AND subject_id = person.subject_id
              AND submitted_at <= person.moment
        ) AS last
        WHERE last.submitted_at IS NOT NULL
        """,
        {
            "tenant": tenant_id,
            "subjects": [subject_id for subject_id, _ in people],
            "moments": [moment for _, moment in people],
        },
    )
    return iter(rows)


def _values(tenant_id: str, policy: Stored) -> dict[str, object]:
    return {
        "tenant": tenant_id,
        "id": uuid7(),
        "source": policy.source_id,
        "settings": Jsonb(dict(policy.settings)),
        "at": policy.changed_at,
        "by": policy.changed_by,
    }
