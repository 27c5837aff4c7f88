"""An account's endpoints: registered, changed, given new secrets and removed by their owner."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.webhooks import store
from services.webhooks.endpoint import MOST, OVERLAP, Endpoint
from shared import destination
from shared.connection import Connection
from shared.db import Database
from shared.errors import Conflict, Meaningless, NotFound
from shared.ids import uuid7
from shared.privacy.gate import Gate
from shared.signature import new_secret


def register(
    database: Database, gate: Gate, tenant_id: str, new: Mapping[str, Any], allowed: frozenset[str]
) -> Endpoint:
    """Store a new endpoint and return it, its secret among the rest.

    *allowed* is LEADFLY_ALLOWED_PRIVATE_HOSTS. Its host is not looked up: what it resolves to
    counts when something is sent. Raises Meaningless for an address or events that cannot be,
    Conflict if there are too many.
    """
    _check(new, allowed)
    now = datetime.now(UTC)
    endpoint = Endpoint(
        id=uuid7(),
        url=new["url"],
        secret=new_secret(),
        former_secret=None,
        former_until=None,
        events=tuple(new["events"]),
        description=new.get("description", ""),
        active=True,
        ended_because=None,
        created_at=now,
        changed_at=now,
        hears_since=now,
    )
    # Two registrations at once could each count one too few: they come in turn.
    turn = gate.keyring.pseudonym(tenant_id, "webhooks", "all")
    with database.transaction(tenant_id, [turn]) as conn:
        if store.count(conn, tenant_id) >= MOST:
            raise Conflict(f"An account may have {MOST} webhooks; remove one that is not needed.")
        store.save(conn, gate, tenant_id, endpoint)
    return endpoint


def change(
    database: Database,
    gate: Gate,
    tenant_id: str,
    endpoint_id: UUID,
    changes: Mapping[str, Any],
    allowed: frozenset[str],
) -> Endpoint:
    """Change what *changes* names and return the endpoint. Raises NotFound, Meaningless.

    Another address, or being made active, lets it begin anew: earlier failures do not count.
    """
    _check(changes, allowed)
    now = datetime.now(UTC)
    with database.transaction(tenant_id) as conn:
        endpoint = _locked(conn, gate, tenant_id, endpoint_id)
        wanted = {name: changes[name] for name in _CHANGEABLE if name in changes}
        changed = replace(endpoint, **wanted, changed_at=now)
        if changed.active and (not endpoint.active or changed.url != endpoint.url):
            changed = replace(changed, failures=0, failing_since=None, held_until=None)
        if changed.active and not endpoint.active:
            changed = replace(changed, ended_because=None, hears_since=now)
        if endpoint.active and not changed.active:
            changed = replace(changed, ended_because="paused")
        store.save(conn, gate, tenant_id, changed)
    return changed


def rotate(database: Database, gate: Gate, tenant_id: str, endpoint_id: UUID) -> Endpoint:
    """Give an endpoint a new secret and return it; the one before signs for OVERLAP. NotFound."""
    now = datetime.now(UTC)
    with database.transaction(tenant_id) as conn:
        endpoint = _locked(conn, gate, tenant_id, endpoint_id)
        rotated = replace(
            endpoint,
            secret=new_secret(),
            former_secret=endpoint.secret,
            former_until=now + OVERLAP,
            changed_at=now,
        )
        store.save(conn, gate, tenant_id, rotated)
    return rotated


def remove(database: Database, tenant_id: str, endpoint_id: UUID) -> None:
    """Remove an endpoint; what was on its way to it is not sent. Raises NotFound."""
    with database.transaction(tenant_id) as conn:
        if not store.remove(conn, tenant_id, endpoint_id):
            raise NotFound


def found(database: Database, gate: Gate, tenant_id: str, endpoint_id: UUID) -> Endpoint:
    """Return an endpoint. Raises NotFound, for another account's just the same."""
    with database.transaction(tenant_id) as conn:
        endpoint = store.one(conn, gate, tenant_id, endpoint_id)
    if endpoint is None:
        raise NotFound
    return endpoint


def _locked(conn: Connection, gate: Gate, tenant_id: str, endpoint_id: UUID) -> Endpoint:
    endpoint = store.one(conn, gate, tenant_id, endpoint_id, locked=True)
    if endpoint is None:
        raise NotFound
    return endpoint


def _check(said: Mapping[str, Any], allowed: frozenset[str]) -> None:
    if len(set(said.get("events", ()))) < len(said.get("events", ())):
        raise Meaningless(details={"events": "names an event twice"})
    if "url" not in said:
        return
    try:
        destination.read(said["url"], allowed)
    except destination.Refused as error:
        raise Meaningless(error.message, error.details) from None


_CHANGEABLE = ("url", "events", "description", "active")
