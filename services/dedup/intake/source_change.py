"""Sources as their owner makes, changes and removes them, and the tokens that open them.

A source's changes come in turn, so that a token never outlives the source that it was made for.
"""

import logging
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg import Connection

from services.dedup import policy_change
from services.dedup.intake import source_store
from services.dedup.intake.sender import SECRETS
from services.dedup.intake.source import Source, changed, checked
from services.dedup.intake.source_store import Stored
from services.dedup.policy import Settings
from shared import issuing, keys
from shared.api_key import INTAKE, Wanted
from shared.db import Database
from shared.errors import Conflict, NotFound
from shared.issuing import Granted, Issued
from shared.privacy.gate import Gate

MOST = 500
"""Sources of one account, as policies; each has a token or two of the 1000 keys it may have."""

log = logging.getLogger(__name__)


class Exists(Conflict):
    """There is a source of that name; change it, or rotate its token."""


class TooMany(Conflict):
    """This account has 500 sources; remove one that is not needed."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A source as its owner sees it."""

    stored: Stored
    tokens: Sequence[str]
    """Prefixes of those that open it, newest first."""

    def answer(self) -> dict[str, Any]:
        """Return it in the words of the API: of its secrets, which there are."""
        source = self.stored.source
        return {
            "id": source.source_id,
            "source_id": source.source_id,
            "adapter": source.adapter,
            "profile": source.profile,
            "field_map": dict(source.field_map),
            "country": source.country,
            "consent": source.consent and source_store.said(source.consent),
            **{f"has_{name}": name in source.secrets for name in SECRETS},
            "tokens": list(self.tokens),
            "created_at": self.stored.created_at,
            "created_by": self.stored.created_by,
            "changed_at": self.stored.changed_at,
            "changed_by": self.stored.changed_by,
        }


@dataclass(frozen=True, slots=True)
class Opened:
    """A source with a token just made."""

    shown: Shown
    issued: Issued

    def answer(self, public_url: str | None = None) -> dict[str, Any]:
        """Return the source and, this once, its token and its address.

        `url` begins with *public_url*, this service's own address; without one it is the path.
        """
        path = f"/in/{self.issued.text}"
        opened = {"token": self.issued.text, "path": path, "url": f"{public_url or ''}{path}"}
        return {"source": {**self.shown.answer(), **opened}, **opened}


def create(
    database: Database,
    gate: Gate,
    source: Source,
    by: str,
    granted: Granted = None,
    policy: Settings | None = None,
) -> Opened:
    """Store a new source, with a policy if one is given, and open it with its first token.

    *granted* are the scopes of its maker. Raises Meaningless, Forbidden, Exists or TooMany, and
    then stores nothing.
    """
    tenant_id, source_id = source.tenant_id, source.source_id
    stored = _now(checked(source), by)
    issuing.refuse_more(INTAKE, (), granted)
    turns = [_turn(gate, tenant_id), policy_change.turn(gate, tenant_id)]
    with database.transaction(tenant_id, turns) as conn:
        if source_store.find(conn, gate, tenant_id, source_id):
            raise Exists
        if source_store.count(conn, tenant_id) >= MOST:
            raise TooMany
        if policy is not None:
            policy_change.changed(conn, tenant_id, source_id, policy, by)
        source_store.save(conn, gate, stored)
        return _opened(conn, gate, stored)


def change(
    database: Database,
    gate: Gate,
    tenant_id: str,
    source_id: str,
    changes: Mapping[str, Any],
    by: str,
) -> Shown:
    """Change what *changes* name (`source.changed`). Raises NotFound, or Meaningless."""
    with _in_turn(database, gate, tenant_id) as conn:
        known = _found(conn, gate, tenant_id, source_id)
        later = _now(checked(changed(known.source, changes)), by)
        stored = Stored(
            later.source, known.created_at, known.created_by, later.changed_at, later.changed_by
        )
        source_store.save(conn, gate, stored)
        return _shown(conn, stored)


def remove(database: Database, gate: Gate, tenant_id: str, source_id: str) -> None:
    """Remove a source and revoke its tokens; its leads and its policy stay. Raises NotFound."""
    with _in_turn(database, gate, tenant_id) as conn:
        if not source_store.remove(conn, tenant_id, source_id):
            raise NotFound
        _revoke(conn, tenant_id, source_id)


def rotate(
    database: Database,
    gate: Gate,
    tenant_id: str,
    source_id: str,
    overlap: timedelta,
    granted: Granted = None,
) -> Opened:
    """Open a source with a new token, and let those before it end *overlap* from now.

    Raises NotFound, or Forbidden.
    """
    ends_at = datetime.now(UTC) + overlap
    with _in_turn(database, gate, tenant_id) as conn:
        stored = _found(conn, gate, tenant_id, source_id)
        issuing.refuse_more(INTAKE, (), granted)
        for prefix in _tokens(conn, tenant_id, source_id):
            keys.end(conn, tenant_id, prefix, ends_at)
        return _opened(conn, gate, stored)


def revoke(database: Database, gate: Gate, tenant_id: str, source_id: str) -> Shown:
    """Revoke every token of a source; it stays, and `rotate` opens it again. Raises NotFound."""
    with _in_turn(database, gate, tenant_id) as conn:
        stored = _found(conn, gate, tenant_id, source_id)
        _revoke(conn, tenant_id, source_id)
        return _shown(conn, stored)


def one(database: Database, gate: Gate, tenant_id: str, source_id: str) -> Shown:
    """Return a source as its owner sees it. Raises NotFound."""
    with database.transaction(tenant_id) as conn:
        return _shown(conn, _found(conn, gate, tenant_id, source_id))


def page(
    database: Database, gate: Gate, tenant_id: str, after: str, limit: int
) -> tuple[list[Shown], str | None]:
    """Return up to *limit* sources by name from the first after *after*.

    And the name that the next come after; None: there are no more.
    """
    with database.transaction(tenant_id) as conn:
        found = source_store.page(conn, gate, tenant_id, after, limit + 1)
        names = [stored.source.source_id for stored in found[:limit]]
        tokens = keys.tokens(conn, tenant_id, names)
    shown = [Shown(stored, tokens.get(stored.source.source_id, ())) for stored in found[:limit]]
    return shown, names[-1] if len(found) > limit else None


def _opened(conn: Connection, gate: Gate, stored: Stored) -> Opened:
    wanted = Wanted(INTAKE, source_id=stored.source.source_id)
    issued = issuing.issue(conn, gate.keyring, stored.source.tenant_id, wanted)
    log.info("API key %s opens a source", issued.key.prefix)
    return Opened(_shown(conn, stored), issued)


def _revoke(conn: Connection, tenant_id: str, source_id: str) -> None:
    for prefix in _tokens(conn, tenant_id, source_id):
        keys.revoke(conn, tenant_id, prefix)
        log.info("API key %s opens no source any more", prefix)


def _shown(conn: Connection, stored: Stored) -> Shown:
    return Shown(stored, _tokens(conn, stored.source.tenant_id, stored.source.source_id))


def _tokens(conn: Connection, tenant_id: str, source_id: str) -> Sequence[str]:
    return keys.tokens(conn, tenant_id, [source_id]).get(source_id, ())


def _found(conn: Connection, gate: Gate, tenant_id: str, source_id: str) -> Stored:
    stored = source_store.find(conn, gate, tenant_id, source_id)
    if stored is None:
        raise NotFound
    return stored


def _now(source: Source, by: str) -> Stored:
    now = datetime.now(UTC)
    return Stored(source, now, by, now, by)


def _in_turn(database: Database, gate: Gate, tenant_id: str) -> AbstractContextManager[Connection]:
    return database.transaction(tenant_id, [_turn(gate, tenant_id)])


def _turn(gate: Gate, tenant_id: str) -> int:
    return gate.keyring.pseudonym(tenant_id, "sources", "all")
