"""API keys: who may call on behalf of which tenant, and for what.

`shared.api_key` says what a key is, `shared.issuing` makes and rotates them; here is what is
stored of them, and how it is found.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from psycopg import Connection
from psycopg.rows import args_row

from shared.api_key import (
    INTAKE,
    KINDS,
    SCOPES,
    SHAPE,
    ApiKey,
    KnownKey,
    Wanted,
    checked,
    digest,
    new_key,
)

__all__ = [
    "KINDS",
    "SCOPES",
    "SHAPE",
    "ApiKey",
    "KnownKey",
    "by_prefix",
    "create",
    "digest",
    "end",
    "listed",
    "new_key",
    "of_prefix",
    "page",
    "revoke",
    "save",
    "tokens",
    "usable",
    "usable_count",
]

MOST_LISTED = 1000
"""Rows in one answer; a tenant needs a handful of keys."""


def create(
    conn: Connection,
    tenant_id: str,
    scopes: Iterable[str],
    name: str | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Store a new secret key of *tenant_id*; return it and its text, never shown again.

    Raises Malformed for no scope, a scope that does not exist or a time without zone.
    """
    wanted = checked(Wanted(scopes=tuple(scopes), name=name, expires_at=expires_at))
    text, prefix, hashed = new_key()
    return save(conn, tenant_id, wanted, prefix, hashed), text


def save(
    conn: Connection,
    tenant_id: str,
    wanted: Wanted,
    prefix: str,
    hashed: bytes,
    sealed: bytes | None = None,
) -> ApiKey:
    """Store a new key and return it. *sealed* is a signing key's secret."""
    cursor = conn.cursor(row_factory=args_row(_api_key))
    cursor.execute(
        """
        INSERT INTO public.api_keys
            (tenant_id, prefix, digest, scopes, name, expires_at, kind, source_id, origins, sealed)
        VALUES (%(tenant)s, %(prefix)s, %(digest)s, %(scopes)s, %(name)s, %(expires)s,
                %(kind)s, %(source)s, %(origins)s, %(sealed)s)
        RETURNING tenant_id, id, prefix, digest, scopes, name, created_at, expires_at, revoked_at,
                  kind, source_id, origins, sealed
        """,
        {
            "tenant": tenant_id,
            "prefix": prefix,
            "digest": hashed,
            "scopes": list(wanted.scopes),
            "name": wanted.name,
            "expires": wanted.expires_at,
            "kind": wanted.kind,
            "source": wanted.source_id,
            "origins": sorted(wanted.origins),
            "sealed": sealed,
        },
    )
    stored = cursor.fetchone()
    assert stored is not None  # an INSERT that raised nothing returned its row
    return stored


def listed(conn: Connection, tenant_id: str) -> list[ApiKey]:
    """Return the tenant's newest MOST_LISTED keys, revoked ones too, newest first."""
    return page(conn, tenant_id, None, MOST_LISTED)


def page(conn: Connection, tenant_id: str, after: str | None, most: int) -> list[ApiKey]:
    """Return the tenant's keys older than the one with prefix *after*, newest first.

    Without *after* the newest come first; after a prefix that is none of the tenant's, none.
    """
    cursor = conn.cursor(row_factory=args_row(_api_key))
    cursor.execute(
        """
        SELECT tenant_id, id, prefix, digest, scopes, name, created_at, expires_at, revoked_at,
               kind, source_id, origins, sealed
        FROM public.api_keys
        WHERE tenant_id = %(tenant)s
          AND (%(after)s::text IS NULL OR (created_at, id) < (
              SELECT created_at, id FROM public.api_keys
              WHERE tenant_id = %(tenant)s AND prefix = %(after)s))
        ORDER BY created_at DESC, id DESC
        LIMIT %(most)s
        """,
        {"tenant": tenant_id, "after": after, "most": most},
    )
    return cursor.fetchall()


def of_prefix(conn: Connection, tenant_id: str, prefix: str) -> ApiKey | None:
    """Return the tenant's key with this prefix; it cannot change before the transaction ends."""
    cursor = conn.cursor(row_factory=args_row(_api_key))
    cursor.execute(
        """
        SELECT tenant_id, id, prefix, digest, scopes, name, created_at, expires_at, revoked_at,
               kind, source_id, origins, sealed
        FROM public.api_keys
        WHERE tenant_id = %(tenant)s AND prefix = %(prefix)s
        FOR UPDATE
        """,
        {"tenant": tenant_id, "prefix": prefix},
    )
    return cursor.fetchone()


def usable_count(conn: Connection, tenant_id: str) -> int:
    """Return how many keys of the tenant were neither revoked nor have expired."""
    row = conn.execute(
        """
        SELECT count(*) FROM public.api_keys
        WHERE tenant_id = %(tenant)s AND revoked_at IS NULL
          AND (expires_at IS NULL OR expires_at > now())
        """,
        {"tenant": tenant_id},
    ).fetchone()
    return row[0] if row else 0


def tokens(conn: Connection, tenant_id: str, source_ids: Iterable[str]) -> dict[str, list[str]]:
    """Return the prefixes of the usable tokens of each source that has any, newest first."""
    rows = conn.execute(
        """
        SELECT source_id, array_agg(prefix ORDER BY created_at DESC, id DESC)
        FROM public.api_keys
        WHERE tenant_id = %(tenant)s AND kind = %(kind)s AND source_id = ANY (%(sources)s)
          AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
        GROUP BY source_id
        """,
        {"tenant": tenant_id, "kind": INTAKE, "sources": list(source_ids)},
    )
    return dict(rows.fetchall())


def end(conn: Connection, tenant_id: str, prefix: str, ends_at: datetime) -> None:
    """Let the tenant's key expire at *ends_at*, unless it does so earlier."""
    conn.execute(
        """
        UPDATE public.api_keys SET expires_at = least(expires_at, %(ends)s)
        WHERE tenant_id = %(tenant)s AND prefix = %(prefix)s
        """,
        {"tenant": tenant_id, "prefix": prefix, "ends": ends_at},
    )


def revoke(conn: Connection, tenant_id: str, prefix: str) -> bool:
    """Return True if this call revoked the key; False if there is none or it was revoked before."""
    # RETURNING and not the row count: in a pipeline the count is unknown until a row is fetched.
    row = conn.execute(
        """
        UPDATE public.api_keys SET revoked_at = now()
        WHERE tenant_id = %(tenant)s AND prefix = %(prefix)s AND revoked_at IS NULL
        RETURNING id
        """,
        {"tenant": tenant_id, "prefix": prefix},
    ).fetchone()
    return row is not None


def by_prefix(conn: Connection, prefix: str) -> ApiKey | None:
    """Return the key with this prefix, of whatever tenant, usable or not; None if there is none.

    The one read across tenants: row-level security shows the row because its
    prefix was named first.
    """
    cursor = conn.cursor(row_factory=args_row(_api_key))
    cursor.execute("SELECT set_config('leadfly.key_prefix', %(prefix)s, true)", {"prefix": prefix})
    cursor.execute(
        """
        SELECT tenant_id, id, prefix, digest, scopes, name, created_at, expires_at, revoked_at,
               kind, source_id, origins, sealed
        FROM public.api_keys
        WHERE prefix = %(prefix)s
        """,
        {"prefix": prefix},
    )
    return cursor.fetchone()


def usable(conn: Connection) -> list[KnownKey]:
    """Return the keys of every tenant that were neither revoked nor have expired."""
    rows = conn.execute(
        """
        SELECT prefix, tenant_id, digest, scopes, expires_at, kind, source_id, origins, sealed
        FROM public.usable_keys()
        """
    )
    return [
        KnownKey(prefix, tenant, bytes(hashed), frozenset(scopes), expires_at, *_about(*rest))
        for prefix, tenant, hashed, scopes, expires_at, *rest in rows
    ]


def _api_key(
    tenant_id: str,
    id_: UUID,
    prefix: str,
    hashed: bytes,
    scopes: list[str],
    name: str | None,
    created_at: datetime,
    expires_at: datetime | None,
    revoked_at: datetime | None,
    *rest: object,
) -> ApiKey:
    return ApiKey(
        tenant_id,
        id_,
        prefix,
        bytes(hashed),
        frozenset(scopes),
        name,
        created_at,
        expires_at,
        revoked_at,
        *_about(*rest),
    )


def _about(*columns: object) -> tuple[str, str | None, frozenset[str], bytes | None]:
    """Return the last four columns, of every kind's own, as a key holds them."""
    kind, source_id, origins, sealed = columns
    opened = None if sealed is None else bytes(sealed)  # type: ignore[call-overload]
    return kind, source_id, frozenset(origins), opened  # type: ignore[return-value,call-overload]
