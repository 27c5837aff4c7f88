"""Terms as their owner sees and changes them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from psycopg import Connection

from services.dedup.trade import terms_store
from services.dedup.trade.book_reading import book
from services.dedup.trade.deal import Deal
from services.dedup.trade.terms import NO_BOOK, Scope, covering
from services.dedup.trade.terms_store import MOST, Entry
from shared.db import Database
from shared.errors import Conflict, Malformed
from shared.privacy.gate import Gate


@dataclass(frozen=True, slots=True)
class Effective:
    """What would hold for a lead, and whose each setting is."""

    scope: Scope
    settings: Mapping[str, Any]
    """But for caps: those hold of every scope that concerns the lead."""
    origin: Mapping[str, Scope]
    caps: Sequence[tuple[Scope, Sequence[Any]]]

    def answer(self) -> dict[str, Any]:
        """Return it in the words of the API."""
        return {
            **named(self.scope),
            "effective": dict(self.settings),
            "origin": {name: _whose(scope) for name, scope in self.origin.items()},
            "caps": [{**_whose(scope), "caps": list(caps)} for scope, caps in self.caps],
        }


def one(database: Database, tenant_id: str, scope: Scope) -> Entry | None:
    """Return what is set for *scope*, None if nothing is. Raises Unavailable."""
    with database.transaction(tenant_id) as conn:
        return terms_store.find(conn, tenant_id, scope)


def page(
    database: Database, tenant_id: str, after: Scope | None, limit: int
) -> tuple[Sequence[Entry], str | None]:
    """Return *limit* scopes with terms, from the first behind *after*, and where the next begin.

    None: there are no more. Raises Unavailable.
    """
    with database.transaction(tenant_id) as conn:
        found = terms_store.page(conn, tenant_id, after, limit + 1)
    shown = found[:limit]
    return shown, spelled(shown[-1].scope) if len(found) > limit else None


def effective(database: Database, tenant_id: str, scope: Scope) -> Effective:
    """Return what would hold for a lead of *scope*. Raises Unavailable."""
    with database.transaction(tenant_id) as conn:
        rows = list(terms_store.book(conn, tenant_id))
    said = {Scope(row.source_id, row.buyer_id, row.campaign_id): row.settings for row in rows}
    holds = book(rows, NO_BOOK).of(scope.source_id, Deal(scope.buyer_id, scope.campaign_id))
    origin = {name: whose for name, whose in holds.origin.items() if name != "caps"}
    settings = {name: said[whose][name] for name, whose in origin.items()}
    caps = [
        (each, said[each]["caps"]) for each in covering(scope) if said.get(each, {}).get("caps")
    ]
    return Effective(scope, settings, origin, caps)


def change(
    database: Database,
    gate: Gate,
    tenant_id: str,
    scope: Scope,
    settings: Mapping[str, Any] | None,
    by: str,
) -> Entry | None:
    """Set what holds for *scope*, or unset it (None); return what is set then.

    Raises Conflict if terms are set for too many scopes, Unavailable.
    """
    new = Entry(scope, settings or {}, datetime.now(UTC), by)
    # Changes come in turn: two could else both be the last for which there is room.
    turn = gate.keyring.pseudonym(tenant_id, "terms", "all")
    with database.transaction(tenant_id, [turn]) as conn:
        if settings is None:
            terms_store.remove(conn, tenant_id, new)
            return None
        _room(conn, tenant_id, scope)
        terms_store.save(conn, tenant_id, new)
        return new


def _room(conn: Connection, tenant_id: str, scope: Scope) -> None:
    if terms_store.count(conn, tenant_id) < MOST or terms_store.find(conn, tenant_id, scope):
        return
    raise Conflict(f"Terms may be set for {MOST} scopes; unset some that are not needed.")


def shown(scope: Scope, entry: Entry | None) -> dict[str, Any]:
    """Return in the words of the API what is set for *scope*: *entry*, or nothing."""
    return {
        **named(scope),
        "terms": dict(entry.settings) if entry else {},
        "changed_at": entry and entry.changed_at,
        "changed_by": entry and entry.changed_by,
    }


def named(scope: Scope) -> dict[str, str | None]:
    """Return the names of *scope*; None is any."""
    return {name: value or None for name, value in scope._asdict().items()}


def spelled(scope: Scope) -> str:
    """Return *scope* as callers carry it from one page to the next."""
    return urlsafe_b64encode(orjson.dumps(list(scope))).decode().rstrip("=")


def respelled(text: str) -> Scope:
    """Return the scope that *text* spells. Raises Malformed if it is none."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        names = orjson.loads(urlsafe_b64decode(padded))
        if len(names) != len(Scope._fields) or not all(map(_name, names)):
            raise ValueError
        return Scope(*names)
    except (ValueError, TypeError):
        raise Malformed(details={"after": "is no next_after of this list"}) from None


def _name(said: object) -> bool:
    return isinstance(said, str) and "\0" not in said


def _whose(scope: Scope) -> dict[str, str | None]:
    return {"of": scope.whose, **named(scope)}
