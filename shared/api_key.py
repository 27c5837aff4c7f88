"""API keys as values: their four kinds, what each may be asked for, and how they are made.

- *secret*: a server's own. Opens whatever its scopes say.
- *publishable*: stands in a web page, so anybody has it. It submits leads of one source, from
  listed origins, and opens nothing else: it has no scope at all.
- *signing*: never sent. A sender of webhooks signs with it (`shared.signature`).
- *intake*: the token in a source's address, `/in/{token}`, which is all it opens: it has no scope.
  Only sources make them (decision 27).

All but a signing key are 256 random bits, so the SHA-256 is all we keep: a slow password
hash would protect nothing and cost every request. A signing key must be read again to verify, so
it is sealed. The *prefix* finds the row and names the key in lists; it is no secret.
"""

import re
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from shared import origins, signature
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

SECRET, PUBLISHABLE, SIGNING, INTAKE = KINDS = ("secret", "publishable", "signing", "intake")

SCOPES_BY_KIND = {
    SECRET: SCOPES,
    PUBLISHABLE: (),
    SIGNING: ("read:leads", "write:leads"),
    INTAKE: (),
}
"""A signature covers no address, so it opens only what takes in leads (decision 23)."""

NEEDED_TO_GRANT = {PUBLISHABLE: frozenset({"write:leads"}), INTAKE: frozenset({"write:leads"})}
"""What a kind amounts to without a scope: whoever makes such a key must have it."""

OVERLAP = timedelta(hours=24)
"""How long a rotated key goes on working where nobody says: a working day, and the one after."""

LONGEST_OVERLAP_HOURS = 720
"""30 days; who needs longer creates a key and revokes the old one when it is no longer used."""

OF_A_SOURCE = (PUBLISHABLE, INTAKE)
"""Kinds whose leads are all of one source."""

SHAPE = re.compile(r"lf[pi]?_([a-z0-9]{8})_[A-Za-z0-9_-]{43}", re.ASCII)
"""Prefix of 8 characters, then 32 random bytes as base64url without padding."""

PREFIX = re.compile(r"[a-z0-9]{8}", re.ASCII)

BEGINNINGS = {SECRET: "lf_", PUBLISHABLE: "lfp_", INTAKE: "lfi_"}
"""By kind, how a key's text begins: people and scanners see at once which may be public."""

LONGEST_NAME = 200
"""Characters of what a key is for."""

LONGEST_SOURCE_ID = 128
"""Characters of a source, as leads name it."""

MOST_ORIGINS = 50
"""Web sites of one form."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key as it is stored; the key itself is shown once."""

    tenant_id: str
    id: UUID
    prefix: str
    digest: bytes = field(repr=False)
    scopes: frozenset[str]
    name: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    kind: str = SECRET
    source_id: str | None = None
    """The source of a publishable key's leads, or of an intake token's."""
    origins: frozenset[str] = frozenset()
    """The web sites whose pages may use a publishable key."""
    sealed: bytes | None = field(default=None, repr=False)
    """A signing key's secret, under the installation's key."""

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
    kind: str = SECRET
    source_id: str | None = None
    origins: frozenset[str] = frozenset()
    sealed: bytes | None = field(default=None, repr=False)

    def usable(self, now: datetime) -> bool:
        """True if the key has not expired at *now* (aware)."""
        return self.expires_at is None or now < self.expires_at


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new key is to be."""

    kind: str = SECRET
    scopes: tuple[str, ...] = ()
    name: str | None = None
    expires_at: datetime | None = None
    source_id: str | None = None
    origins: frozenset[str] = frozenset()


def checked(wanted: Wanted) -> Wanted:
    """Return *wanted* with its scopes in order. Raises Malformed with what is wrong by field."""
    faults = _scope_faults(wanted) | _form_faults(wanted)
    if wanted.expires_at is not None and wanted.expires_at.tzinfo is None:
        faults["expires_at"] = "must have a time zone"
    if wanted.name is not None and not _plain(wanted.name, LONGEST_NAME):
        faults["name"] = f"must have 1 to {LONGEST_NAME} printable characters"
    if faults:
        raise Malformed(details=faults)
    ordered = tuple(scope for scope in SCOPES if scope in wanted.scopes)
    return Wanted(
        wanted.kind, ordered, wanted.name, wanted.expires_at, wanted.source_id, wanted.origins
    )


def needed_to_grant(kind: str, scopes: Iterable[str]) -> frozenset[str]:
    """Return the scopes without which nobody may make a key of *kind* with *scopes*."""
    return frozenset(scopes) | NEEDED_TO_GRANT.get(kind, frozenset())


def digest(text: str) -> bytes:
    """Return the 32 bytes we keep of a key."""
    return sha256(text.encode()).digest()


def new_key(kind: str = SECRET) -> tuple[str, str, bytes]:
    """Return a new key's text, its prefix and its digest; a signing key's text is its secret."""
    prefix = "".join(secrets.choice(_PREFIX_LETTERS) for _ in range(8))
    if kind == SIGNING:
        text = signature.new_secret()
    else:
        text = f"{BEGINNINGS[kind]}{prefix}_{secrets.token_urlsafe(32)}"
    return text, prefix, digest(text)


def _scope_faults(wanted: Wanted) -> dict[str, str]:
    allowed = SCOPES_BY_KIND[wanted.kind]
    if not allowed:
        return {"scopes": f"a key of kind {wanted.kind} has none"} if wanted.scopes else {}
    if not wanted.scopes:
        return {"scopes": f"at least one of {', '.join(allowed)}"}
    for position, scope in enumerate(wanted.scopes, 1):
        if scope not in allowed:
            shown = scope if re.fullmatch(r"[a-z:_-]{1,32}", scope) else f"scope {position}"
            return {"scopes": f"{shown} is none of {', '.join(allowed)}"}
    return {}


def _form_faults(wanted: Wanted) -> dict[str, str]:
    """Return what is wrong with source and origins, which only some kinds have."""
    of_a_source, of_a_page = wanted.kind in OF_A_SOURCE, wanted.kind == PUBLISHABLE
    faults = {}
    if wanted.source_id and not of_a_source:
        faults["source_id"] = "only keys of a source have one"
    elif of_a_source and not _plain(wanted.source_id or "", LONGEST_SOURCE_ID):
        faults["source_id"] = f"must have 1 to {LONGEST_SOURCE_ID} printable characters"
    if wanted.origins and not of_a_page:
        faults["origins"] = "only publishable keys have one"
    elif of_a_page and not 1 <= len(wanted.origins) <= MOST_ORIGINS:
        faults["origins"] = f"must list 1 to {MOST_ORIGINS} origins"
    elif not all(map(origins.exact, wanted.origins)):
        faults["origins"] = origins.EXPLAINED
    return faults


def _plain(text: str, longest: int) -> bool:
    return 1 <= len(text) <= longest and bool(text.strip()) and text.isprintable()


_PREFIX_LETTERS = string.ascii_lowercase + string.digits
