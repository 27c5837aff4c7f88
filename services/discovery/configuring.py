"""Configuring: an account's sources are set up, changed and deleted; a name is one source's alone.

A setting that is answered hidden and comes back hidden stays as it was.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from services.discovery import source_store as store
from services.discovery.configured import MOST, Configured
from services.discovery.desk import Desk
from services.discovery.sources.registry import HIDDEN, named
from services.discovery.sources.source import Source
from shared.connection import Connection
from shared.errors import Conflict, Malformed, NotFound
from shared.ids import uuid7

UNKNOWN = {"discovery_source_id": "is no source of this account"}
"""What is said of an id that names none, and of another account's just the same."""

TAKEN = {"name": "is another source's"}

SENT_AGAIN = "must be sent again: the address is on another site"

Said = Mapping[str, Any]
"""A source as `source_schema` loads it."""


def add(desk: Desk, tenant_id: str, said: Said, by: str, now: datetime) -> Configured:
    """Store a source and return it. Raises Malformed for its settings; Conflict."""
    source = kind(desk, said["type"], "type")
    settings = checked(source, said.get("settings") or {}, "settings")
    new = Configured(uuid7(), said["name"], source.type, settings, now, by, now, by)
    _check_name(desk, new.name)
    with desk.database.transaction(tenant_id, [_turn(desk, tenant_id)]) as conn:
        if store.count(conn, tenant_id) >= MOST:
            raise Conflict(f"An account may have {MOST} sources; delete one.")
        if not store.add(conn, desk.gate, tenant_id, new):
            raise Conflict("There is a source of this name.", TAKEN)
    return new


def change(
    desk: Desk, tenant_id: str, source_id: UUID, said: Said, by: str, now: datetime
) -> Configured:
    """Change what is *said* of a source and return it. Raises NotFound, and as `add` does.

    Its settings are changed as a whole.
    """
    with desk.database.transaction(tenant_id, [_turn(desk, tenant_id)]) as conn:
        known = _found(conn, desk, tenant_id, source_id)
        changed = replace(known, changed_at=now, changed_by=by)
        if "name" in said:
            _check_name(desk, said["name"])
            changed = replace(changed, name=said["name"])
        if said.get("settings") is not None:
            wanted = _unhidden(said["settings"], known.settings)
            source = kind(desk, known.type, "type")
            changed = replace(changed, settings=checked(source, wanted, "settings"))
        other = store.called(conn, desk.gate, tenant_id, changed.name)
        if other is not None and other.id != source_id:
            raise Conflict("There is a source of this name.", TAKEN)
        store.change(conn, desk.gate, tenant_id, changed)
    return changed


def delete(desk: Desk, tenant_id: str, source_id: UUID) -> Configured:
    """Delete a source and return what it was; discoveries under way still ask it. NotFound."""
    with desk.database.transaction(tenant_id, [_turn(desk, tenant_id)]) as conn:
        known = _found(conn, desk, tenant_id, source_id)
        store.delete(conn, tenant_id, source_id)
    return known


def one(desk: Desk, tenant_id: str, source_id: UUID) -> Configured:
    """Return a source. Raises NotFound."""
    with desk.database.transaction(tenant_id) as conn:
        return _found(conn, desk, tenant_id, source_id)


def page(
    desk: Desk, tenant_id: str, after: UUID | None, limit: int
) -> tuple[list[Configured], UUID | None]:
    """Return up to *limit* sources, oldest first, and the next `after`."""
    with desk.database.transaction(tenant_id) as conn:
        rows = store.page(conn, desk.gate, tenant_id, after or UUID(int=0), limit + 1)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def kind(desk: Desk, type: str, field: str) -> Source:
    """Return the source of that type. Raises Malformed naming *field*."""
    source = named(desk.sources, type)
    if source is None:
        known = ", ".join(each.type for each in desk.sources)
        raise Malformed(details={field: f"must be one of {known}"})
    return source


def checked(source: Source, settings: Said, field: str) -> Said:
    """Return *settings* as *source* reads them. Raises Malformed by their paths below *field*."""
    try:
        return source.checked(settings)
    except Malformed as error:
        faults = {f"{field}.{path}": why for path, why in error.details.items()}
        raise Malformed(error.message, faults or {field: error.message}) from None


def _found(conn: Connection, desk: Desk, tenant_id: str, source_id: UUID) -> Configured:
    known = store.one(conn, desk.gate, tenant_id, source_id)
    if known is None:
        raise NotFound(details=UNKNOWN)
    return known


def _check_name(desk: Desk, name: str) -> None:
    """Return if a source may be called *name*: what a type is called means that."""
    if named(desk.sources, name):
        raise Malformed(details={"name": "is the name of a type of sources"})
    try:
        UUID(name)
    except ValueError:
        return
    raise Malformed(details={"name": "looks like an id"})


def _unhidden(said: Said, known: Said) -> dict[str, Any]:
    """Return *said* with what stayed hidden as it is *known*. Raises Malformed.

    Whoever may change a source is not to send its secrets to a host of their own.
    """
    hidden = [name for name, value in said.items() if value == HIDDEN and name in known]
    if "url" not in hidden and _site(said.get("url")) != _site(known.get("url")):
        faults: dict[str, object] = {f"settings.{name}": SENT_AGAIN for name in hidden}
        if faults:
            raise Malformed(details=faults)
    return {**said, **{name: known[name] for name in hidden}}


def _site(url: object) -> tuple[str, str] | None:
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
    except ValueError:
        return None
    return (parts.scheme, parts.netloc.lower()) if parts else None


def _turn(desk: Desk, tenant_id: str) -> int:
    return desk.gate.keyring.pseudonym(tenant_id, "discovery", "sources")
