"""API keys: who may call on behalf of which tenant, and for what.

A key is 256 random bits, so its SHA-256 is all we keep: a slow password hash
would protect nothing and cost every request. The *prefix* finds the row and
names the key in lists; it is no secret.
"""

import re
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from psycopg import Connection
from psycopg.rows import args_row

from shared.errors import Malformed

SCOPES = (
    "read:leads",
    "write:leads",
    "delete:leads",
    "read:analytics",
    "write:workflows",
    "admin:account",
)
"""What a key may be allowed to do: the contract's closed list."""

SHAPE = re.compile(r"lf_([a-z0-9]{8})_[A-Za-z0-9_-]{43}", re.ASCII)
"""Prefix of 8 characters, then 32 random bytes as base64url without padding."""

MOST_LISTED = 1000
"""Rows in one answer; a tenant needs a handful of keys."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key as it is stored; the key itself is shown once and kept nowhere."""

    tenant_id: str
    id: UUID
    prefix: str
    digest: bytes = field(repr=False)
    scopes: frozenset[str]
    name: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def usable(self, now: datetime) -> bool:
        """True if the key was not revoked and has not expired at *now* (aware)."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class KnownKey:
    """As much of a usable key as it takes to recognise it and to say what it may do."""

    prefix: str
    tenant_id: str
    digest: bytes = field(repr=False)
    scopes: frozenset[str]
    expires_at: datetime | None

    def usable(self, now: datetime) -> bool:
        """True if the key has not expired at *now* (aware)."""
        return self.expires_at is None or now < self.expires_at


def digest(text: str) -> bytes:
    """Return the 32 bytes we keep of a key."""
    return sha256(text.encode()).digest()


def new_key() -> tuple[str, str, bytes]:
    """Return a new key, its prefix and its digest."""
    prefix = "".join(secrets.choice(_PREFIX_LETTERS) for _ in range(8))
    text = f"lf_{prefix}_{secrets.token_urlsafe(32)}"
    return text, prefix, digest(text)


def create(
    conn: Connection,
    tenant_id: str,
    scopes: Iterable[str],
    name: str | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Store a new key of *tenant_id*; return it and its text, which is never shown again.

    Raises Malformed for no scope, a scope that does not exist or a time without zone.
    """
    _check(scopes := list(scopes), expires_at)
    text, prefix, hashed = new_key()
    cursor = conn.cursor(row_factory=args_row(_api_key))
    cursor.execute(
        """
        INSERT INTO public.api_keys (tenant_id, prefix, digest, scopes, name, expires_at)
        VALUES (%(tenant)s, %(prefix)s, %(digest)s, %(scopes)s, %(name)s, %(expires)s)
        RETURNING tenant_id, id, prefix, digest, scopes, name, created_at, expires_at, revoked_at
        """,
        {
            "tenant": tenant_id,
            "prefix": prefix,
            "digest": hashed,
            "scopes": [scope for scope in SCOPES if scope in scopes],
            "name": name,
            "expires": expires_at,
        },
    )
    stored = cursor.fetchone()
    assert stored is not None  # an INSERT that raised nothing returned its row
    return stored, text


def listed(conn: Connection, tenant_id: str) -> list[ApiKey]:
    """Return the tenant's keys, revoked ones too, newest first."""
    cursor = conn.cursor(row_factory=args_row(_api_key))
    cursor.execute(
        """
        SELECT tenant_id, id, prefix, digest, scopes, name, created_at, expires_at, revoked_at
        FROM public.api_keys
        WHERE tenant_id = %(tenant)s
        ORDER BY created_at DESC, id
        LIMIT %(most)s
        """,
        {"tenant": tenant_id, "most": MOST_LISTED},
    )
    return cursor.fetchall()


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
        SELECT tenant_id, id, prefix, digest, scopes, name, created_at, expires_at, revoked_at
        FROM public.api_keys
        WHERE prefix = %(prefix)s
        """,
        {"prefix": prefix},
    )
    return cursor.fetchone()


def usable(conn: Connection) -> list[KnownKey]:
    """Return the keys of every tenant that were neither revoked nor have expired."""
    rows = conn.execute(
        "SELECT prefix, tenant_id, digest, scopes, expires_at FROM public.usable_keys()"
    )
    return [
        KnownKey(prefix, tenant_id, bytes(hashed), frozenset(scopes), expires_at)
        for prefix, tenant_id, hashed, scopes, expires_at in rows
    ]


def _check(scopes: list[str], expires_at: datetime | None) -> None:
    faults = {}
    if not scopes:
        faults["scopes"] = f"at least one of {', '.join(SCOPES)}"
    for position, scope in enumerate(scopes, 1):
        if scope not in SCOPES:
            shown = scope if re.fullmatch(r"[a-z:_-]{1,32}", scope) else f"scope {position}"
            faults["scopes"] = f"{shown} is none of {', '.join(SCOPES)}"
    if expires_at is not None and expires_at.tzinfo is None:
        faults["expires_at"] = "must have a time zone"
    if faults:
        raise Malformed(details=faults)


def _api_key(*columns: object) -> ApiKey:
    tenant_id, id_, prefix, hashed, scopes, *rest = columns
    return ApiKey(tenant_id, id_, prefix, bytes(hashed), frozenset(scopes), *rest)  # type: ignore[arg-type,call-overload]


_PREFIX_LETTERS = string.ascii_lowercase + string.digits
