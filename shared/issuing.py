"""Issuing keys: new ones of every kind, and successors of those that are in use.

A rotation overlaps: the successor works at once, the key before it until the overlap ends, so
nobody has to change two programs at one instant.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from psycopg import Connection

from shared import api_key, keys
from shared.api_key import SIGNING, ApiKey, KnownKey, Wanted
from shared.errors import Conflict, Forbidden, NotFound, ServiceError
from shared.privacy.pseudonym import Keyring

MOST_KEYS = 1000
"""Usable keys of one account: every process copies them every few seconds."""


class NotUsable(Conflict):
    """This key was revoked or has expired; create a new one."""


class TooMany(Conflict):
    """This account has 1000 usable keys; revoke some first."""


Granted = frozenset[str] | None
"""The scopes of the caller's key; None for a caller who may do everything."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A key just made, and what is shown of it this once."""

    key: ApiKey
    text: str = field(repr=False)
    """What a caller sends; of a signing key, the secret that it signs with."""


def refuse_more(kind: str, scopes: Iterable[str], granted: Granted) -> None:
    """Raise Forbidden if a key could do more than its maker: nobody gives what they have not."""
    needed = api_key.needed_to_grant(kind, scopes)
    missing = sorted(needed - granted) if granted is not None else []
    if missing:
        raise Forbidden(details={"scopes": f"your own key has no {', '.join(missing)}"})


def issue(
    conn: Connection,
    keyring: Keyring,
    tenant_id: str,
    wanted: Wanted,
    most: int = MOST_KEYS,
) -> Issued:
    """Store a new key of *tenant_id*, who has less than *most* usable ones.

    Raises Malformed for what no key can be, or TooMany.
    """
    wanted = api_key.checked(wanted)
    if keys.usable_count(conn, tenant_id) >= most:
        raise TooMany
    text, prefix, hashed = api_key.new_key(wanted.kind)
    sealed = None
    if wanted.kind == SIGNING:
        sealed = keyring.seal(text.encode(), _place(tenant_id, prefix))
    return Issued(keys.save(conn, tenant_id, wanted, prefix, hashed, sealed), text)


def rotate(
    conn: Connection, keyring: Keyring, key: ApiKey, overlap: timedelta, now: datetime
) -> Issued:
    """Store a successor of *key*, and let that one end *overlap* after *now*, or earlier.

    The successor may do the same and lives as long as its predecessor was meant to. *key* comes
    from `keys.of_prefix`, in this transaction. Raises NotUsable if it does not work any more.
    """
    if not key.usable(now):
        raise NotUsable
    lifetime = key.expires_at and key.expires_at - key.created_at
    successor = Wanted(
        kind=key.kind,
        scopes=tuple(key.scopes),
        name=key.name,
        expires_at=now + lifetime if lifetime else None,
        source_id=key.source_id,
        origins=key.origins,
    )
    issued = issue(conn, keyring, key.tenant_id, successor)
    keys.end(conn, key.tenant_id, key.prefix, now + overlap)
    return issued


def found(conn: Connection, tenant_id: str, prefix: str) -> ApiKey:
    """Return the tenant's key with *prefix*, whatever text that is.

    Raises NotFound, the same for a key of another tenant and for none.
    """
    key = keys.of_prefix(conn, tenant_id, prefix) if api_key.PREFIX.fullmatch(prefix) else None
    if key is None:
        raise NotFound
    return key


def secret(keyring: Keyring, key: ApiKey | KnownKey) -> str:
    """Return what a signing key signs with. Raises Unsealable under another installation's key."""
    if key.sealed is None:
        raise ServiceError
    return keyring.unseal(key.sealed, _place(key.tenant_id, key.prefix)).decode()


def _place(tenant_id: str, prefix: str) -> str:
    """Return what a secret is bound to: moved to another row it does not open."""
    return f"{tenant_id}/signing key/{prefix}"
