"""The SQL of seen keys, on a connection it is handed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.seen.claim import Place, Standing, Wanted
from shared.array_text import array


def standing(
    conn: Connection[Any], tenant_id: str, places: Collection[Place], now: datetime
) -> dict[Place, Standing]:
    """Return how the keys at *places* stand of which somebody has each at *now*."""
    rows = conn.execute(
        """
        SELECT wanted.scope, wanted.mark, own.claim_id, own.first_seen_at, own.expires_at,
               own.ttl_days, own.is_held
        FROM unnest(%(scopes)s::text[], %(marks)s::uuid[]) AS wanted (scope, mark)
        CROSS JOIN LATERAL (
            SELECT s.id FROM seen.scopes AS s
            WHERE s.tenant_id = %(tenant)s AND s.name = wanted.scope AND s.deleted_at IS NULL
            LIMIT 1
        ) AS scope
        CROSS JOIN LATERAL (
            SELECT k.claim_id, k.first_seen_at, k.expires_at, k.ttl_days, k.is_held
            FROM seen.keys AS k
            WHERE k.tenant_id = %(tenant)s AND k.scope_id = scope.id AND k.mark = wanted.mark
            LIMIT 1
        ) AS own
        WHERE own.expires_at > %(now)s
        """,
        {"tenant": tenant_id, "now": now, **_arrays(places)},
    )
    return {Place(scope, mark): Standing(*rest) for scope, mark, *rest in rows}


def locked(
    conn: Connection[Any], tenant_id: str, places: Collection[Place]
) -> dict[Place, Standing]:
    """Return how the keys at *places* stand, one whose time is over too, and keep them so.

    Until the transaction ends nobody else changes them; they are locked in the order given.
    """
    rows = conn.execute(
        """
        SELECT wanted.scope, wanted.mark, own.claim_id, own.first_seen_at, own.expires_at,
               own.ttl_days, own.is_held
        FROM unnest(%(scopes)s::text[], %(marks)s::uuid[]) AS wanted (scope, mark)
        CROSS JOIN LATERAL (
            SELECT s.id FROM seen.scopes AS s
            WHERE s.tenant_id = %(tenant)s AND s.name = wanted.scope AND s.deleted_at IS NULL
            LIMIT 1
        ) AS scope
        CROSS JOIN LATERAL (
            SELECT k.claim_id, k.first_seen_at, k.expires_at, k.ttl_days, k.is_held
            FROM seen.keys AS k
            WHERE k.tenant_id = %(tenant)s AND k.scope_id = scope.id AND k.mark = wanted.mark
            LIMIT 1 FOR UPDATE
        ) AS own
        """,
        {"tenant": tenant_id, **_arrays(places)},
    )
    return {Place(scope, mark): Standing(*rest) for scope, mark, *rest in rows}


def keep(
    conn: Connection[Any],
    tenant_id: str,
    wanted: Sequence[Wanted],
    scope_ids: Mapping[str, UUID],
    claim_id: UUID,
    now: datetime,
) -> dict[Place, Standing]:
    """Give *claim_id* those of *wanted* that nobody has at *now*; return them.

    *wanted* are at different places and in their order. Who is at one of them in another
    transaction is awaited: each key goes to one claim alone.
    """
    new = [(one.place, one.standing(claim_id, now)) for one in wanted]
    rows = conn.execute(
        """
        INSERT INTO seen.keys AS own (tenant_id, scope_id, mark, claim_id, first_seen_at,
                                      expires_at, ttl_days, is_held)
        SELECT %(tenant)s, new.scope_id, new.mark, %(claim)s, %(now)s, new.expires_at,
               new.ttl_days, new.is_held
        FROM unnest(%(scopes)s::uuid[], %(marks)s::uuid[], %(expiries)s::timestamptz[],
                    %(days)s::smallint[], %(held)s::boolean[])
            AS new (scope_id, mark, expires_at, ttl_days, is_held)
        ON CONFLICT (tenant_id, scope_id, mark) DO UPDATE
            SET claim_id = excluded.claim_id, first_seen_at = excluded.first_seen_at,
                expires_at = excluded.expires_at, ttl_days = excluded.ttl_days,
                is_held = excluded.is_held
            WHERE own.expires_at <= excluded.first_seen_at
        RETURNING scope_id, mark
        """,
        {
            "tenant": tenant_id,
            "claim": claim_id,
            "now": now,
            "scopes": array(scope_ids[place.scope] for place, _ in new),
            "marks": array(place.mark for place, _ in new),
            "expiries": [one.expires_at for _, one in new],
            "days": array(one.ttl_days for _, one in new),
            "held": array(one.is_held for _, one in new),
        },
    )
    kept = set(rows)
    return {place: one for place, one in new if (scope_ids[place.scope], place.mark) in kept}


def confirm(
    conn: Connection[Any], tenant_id: str, places: Collection[Place], claims: Collection[UUID]
) -> None:
    """End the holds at *places*, each of one of *claims*: from now on they count to their end."""
    conn.execute(
        """
        UPDATE seen.keys AS own
        SET is_held = false, expires_at = first_seen_at + make_interval(days => ttl_days)
        WHERE own.tenant_id = %(tenant)s AND own.is_held AND own.claim_id = ANY (%(claims)s)
          AND own.mark = ANY (%(marks)s::uuid[])
          AND own.scope_id = ANY (ARRAY(
              SELECT s.id FROM seen.scopes AS s
              WHERE s.tenant_id = %(tenant)s AND s.name = ANY (%(names)s)
                AND s.deleted_at IS NULL))
        """,
        {"tenant": tenant_id, "claims": list(claims), **_named(places)},
    )


def release(conn: Connection[Any], tenant_id: str, places: Collection[Place]) -> None:
    """Delete the keys at *places*, which `locked` has locked; all are in one scope."""
    conn.execute(
        """
        DELETE FROM seen.keys AS own
        WHERE own.tenant_id = %(tenant)s AND own.mark = ANY (%(marks)s::uuid[])
          AND own.scope_id = ANY (ARRAY(
              SELECT s.id FROM seen.scopes AS s
              WHERE s.tenant_id = %(tenant)s AND s.name = ANY (%(names)s)
                AND s.deleted_at IS NULL))
        """,
        {"tenant": tenant_id, **_named(places)},
    )


def release_everywhere(conn: Connection[Any], tenant_id: str, mark: UUID) -> int:
    """Delete the key *mark* from every scope of the account; return from how many."""
    row: Any = conn.execute(
        """
        WITH gone AS (
            DELETE FROM seen.keys AS own
            WHERE own.tenant_id = %(tenant)s AND own.mark = %(mark)s
              AND own.scope_id = ANY (ARRAY(
                  SELECT s.id FROM seen.scopes AS s WHERE s.tenant_id = %(tenant)s))
            RETURNING 1
        )
        SELECT count(*) FROM gone
        """,
        {"tenant": tenant_id, "mark": mark},
    ).fetchone()
    return int(row[0])


def _arrays(places: Collection[Place]) -> dict[str, Any]:
    return {
        "scopes": [place.scope for place in places],
        "marks": array(place.mark for place in places),
    }


def _named(places: Collection[Place]) -> dict[str, Any]:
    return {
        "names": list({place.scope for place in places}),
        "marks": array(place.mark for place in places),
    }
