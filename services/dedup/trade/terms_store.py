"""The SQL of terms, on a connection it is handed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from services.dedup.trade.terms import Scope
from shared.ids import uuid7

MOST = 2_000
"""Scopes of one account with terms: they are read together, every few seconds."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was set for one scope."""

    source_id: str
    buyer_id: str
    campaign_id: str
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is set for one scope, by whom and when."""

    scope: Scope
    settings: Mapping[str, Any]
    changed_at: datetime
    changed_by: str
    """The prefix of an API key, or `local`."""


def book(conn: Connection, tenant_id: str) -> Iterator[Stored]:
    """Return what the account set, MOST scopes at most.

    In a pipeline they are awaited when the first is taken, so that other questions can follow.
    """
    rows: Any = conn.execute(
        """
        SELECT source_id, buyer_id, campaign_id, settings FROM dedup.terms
        WHERE tenant_id = %(tenant)s
        ORDER BY source_id, buyer_id, campaign_id LIMIT %(most)s
        """,
        {"tenant": tenant_id, "most": MOST},
    )
    return (Stored(*row) for row in rows)


def find(conn: Connection, tenant_id: str, scope: Scope) -> Entry | None:
    """Return what is set for *scope*, or None if nothing is."""
    row = conn.execute(
        """
        SELECT source_id, buyer_id, campaign_id, settings, changed_at, changed_by
        FROM dedup.terms
        WHERE tenant_id = %(tenant)s AND source_id = %(source)s AND buyer_id = %(buyer)s
          AND campaign_id = %(campaign)s
        """,
        _names(tenant_id, scope),
    ).fetchone()
    return _entry(row) if row else None


def page(conn: Connection, tenant_id: str, after: Scope | None, limit: int) -> list[Entry]:
    """Return what is set for *limit* scopes, in the order of their names, from *after* on."""
    rows = conn.execute(
        """
        SELECT source_id, buyer_id, campaign_id, settings, changed_at, changed_by
        FROM dedup.terms
        WHERE tenant_id = %(tenant)s
          AND (%(all)s OR (source_id, buyer_id, campaign_id)
                          > (%(source)s, %(buyer)s, %(campaign)s))
        ORDER BY source_id, buyer_id, campaign_id LIMIT %(limit)s
        """,
        {**_names(tenant_id, after or Scope()), "all": after is None, "limit": limit},
    )
    return [_entry(row) for row in rows]


def count(conn: Connection, tenant_id: str) -> int:
    """Return for how many scopes anything is set."""
    row = conn.execute(
        "SELECT count(*) FROM dedup.terms WHERE tenant_id = %(tenant)s", {"tenant": tenant_id}
    ).fetchone()
    return row[0] if row else 0


def save(conn: Connection, tenant_id: str, new: Entry) -> None:
    """Store *new* in place of what was set for its scope, and write down the change."""
    conn.execute(
        """
        WITH earlier AS (
            SELECT settings FROM dedup.terms
            WHERE tenant_id = %(tenant)s AND source_id = %(source)s AND buyer_id = %(buyer)s
              AND campaign_id = %(campaign)s
        ), saved AS (
            INSERT INTO dedup.terms (tenant_id, source_id, buyer_id, campaign_id, settings,
                                     changed_at, changed_by)
            VALUES (%(tenant)s, %(source)s, %(buyer)s, %(campaign)s, %(settings)s, %(at)s, %(by)s)
            ON CONFLICT (tenant_id, source_id, buyer_id, campaign_id) DO UPDATE
                SET settings = excluded.settings, changed_at = excluded.changed_at,
                    changed_by = excluded.changed_by
        )
        INSERT INTO dedup.term_changes (tenant_id, id, source_id, buyer_id, campaign_id,
                                        changed_at, changed_by, earlier, later)
        VALUES (%(tenant)s, %(id)s, %(source)s, %(buyer)s, %(campaign)s, %(at)s, %(by)s,
                (SELECT settings FROM earlier), %(settings)s)
        """,
        _values(tenant_id, new),
    )


def remove(conn: Connection, tenant_id: str, removed: Entry) -> None:
    """Unset what is set for the scope of *removed*, if anything, and write down the change."""
    conn.execute(
        """
        WITH removed AS (
            DELETE FROM dedup.terms
            WHERE tenant_id = %(tenant)s AND source_id = %(source)s AND buyer_id = %(buyer)s
              AND campaign_id = %(campaign)s
            RETURNING settings
        )
        INSERT INTO dedup.term_changes (tenant_id, id, source_id, buyer_id, campaign_id,
                                        changed_at, changed_by, earlier, later)
        SELECT %(tenant)s, %(id)s, %(source)s, %(buyer)s, %(campaign)s, %(at)s, %(by)s,
               settings, NULL
        FROM removed
        """,
        _values(tenant_id, removed),
    )


def _entry(row: Any) -> Entry:
    source_id, buyer_id, campaign_id, *rest = row
    return Entry(Scope(source_id, buyer_id, campaign_id), *rest)


def _names(tenant_id: str, scope: Scope) -> dict[str, object]:
    return {
        "tenant": tenant_id,
        "source": scope.source_id,
        "buyer": scope.buyer_id,
        "campaign": scope.campaign_id,
    }


def _values(tenant_id: str, new: Entry) -> dict[str, object]:
    said = {"id": uuid7(), "settings": Jsonb(dict(new.settings)), "at": new.changed_at}
    return {**_names(tenant_id, new.scope), **said, "by": new.changed_by}
