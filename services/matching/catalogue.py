"""The catalogue: services are added, changed, ended, brought in and taken out; versions stay."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.matching import catalogue_store as store
from services.matching.catalogue_store import Stored, Version
from services.matching.definition import as_service, defined, understood
from shared.connection import Connection
from shared.db import Database
from shared.errors import Conflict, Meaningless, NotFound, ServiceError
from shared.ids import uuid7
from shared.privacy.gate import Gate
from shared.validation import MOST_FAULTS

UNKNOWN = {"service_id": "is no service of this account"}
"""What is said of an id that names none, and of another account's just the same."""

MOST = 10_000
"""Services of an account: a lead is matched with so many in some hundredths of a second."""

PAGE = 1000
"""Services read at a time."""

Said = Mapping[str, Any]
"""A service as `catalogue_schema` loads it."""


class Changed(Conflict):
    """Somebody changed this service since you read it; read it again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the catalogue needs."""

    database: Database
    gate: Gate
    country: str
    """Of the installation, ISO 3166-1 alpha-2: where an ambiguous place is."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, by the ids of the services."""

    created: list[UUID]
    changed: list[UUID]
    unchanged: list[UUID]


def add(desk: Desk, tenant_id: str, said: Said, by: str) -> Stored:
    """Store a new service and return it.

    Raises Malformed or Meaningless for what makes no sense, Conflict if there are too many.
    """
    new = _new(desk, said, uuid7(), datetime.now(UTC), by)
    with _in_turn(desk, tenant_id) as conn:
        _check_room(conn, tenant_id, 1)
        store.save(conn, tenant_id, new)
    return new


def change(desk: Desk, tenant_id: str, service_id: UUID, said: Said, by: str) -> Stored:
    """Store a version with what *said* names and return it; without a difference there is none.

    Raises NotFound, Changed if `version` is not the present one, Malformed and Meaningless.
    """
    with desk.database.transaction(tenant_id) as conn:
        before = _found(conn, tenant_id, service_id, locked=True)
        if said.get("version") not in (None, before.version):
            raise Changed(details={"version": f"is {before.version} by now"})
        after = _next(desk, before, said, datetime.now(UTC), by)
        if after is not before:
            store.save(conn, tenant_id, after)
    return after


def end(desk: Desk, tenant_id: str, service_id: UUID, by: str) -> Stored:
    """Make a service one that no lead is matched with; its history stays. Raises NotFound."""
    return change(desk, tenant_id, service_id, {"is_active": False}, by)


def found(desk: Desk, tenant_id: str, service_id: UUID) -> Stored:
    """Return a service. Raises NotFound, for another account's just the same."""
    with desk.database.transaction(tenant_id) as conn:
        return _found(conn, tenant_id, service_id)


def page(desk: Desk, tenant_id: str, asked: Said, limit: int) -> tuple[list[Stored], UUID | None]:
    """Return up to *limit* services, newest first, and the next `after`."""
    with desk.database.transaction(tenant_id) as conn:
        rows = store.page(conn, tenant_id, asked, limit + 1)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def versions(
    desk: Desk, tenant_id: str, service_id: UUID, before: int, limit: int
) -> tuple[list[Version], int | None]:
    """Return up to *limit* versions of a service, the latest first, and the next `before`."""
    with desk.database.transaction(tenant_id) as conn:
        _found(conn, tenant_id, service_id)
        rows = store.versions(conn, tenant_id, service_id, before, limit + 1)
    return rows[:limit], rows[limit - 1].version if len(rows) > limit else None


def taken_out(
    desk: Desk, tenant_id: str, after: UUID | None, limit: int
) -> tuple[list[Stored], UUID | None]:
    """Return up to *limit* services from *after* on, oldest first, and the next `after`."""
    with desk.database.transaction(tenant_id) as conn:
        rows = store.after(conn, tenant_id, after or store.FIRST, limit + 1)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def everything(desk: Desk, tenant_id: str) -> Iterator[Stored]:
    """Yield the whole catalogue, oldest first."""
    after: UUID | None = None
    while True:
        rows, after = taken_out(desk, tenant_id, after, PAGE)
        yield from rows
        if after is None:
            return


def bring_in(desk: Desk, tenant_id: str, services: Sequence[Said], by: str) -> Imported:
    """Store all of *services*, or none; one whose `id` is known becomes its next version.

    Raises Meaningless, naming item and field of all that is wrong, Conflict for too many.
    """
    ids = [one.get("id") or uuid7() for one in services]
    if len(set(ids)) < len(ids):
        raise Meaningless(details={"services": "names one id twice"})
    now = datetime.now(UTC)
    with _in_turn(desk, tenant_id) as conn:
        known = store.known(conn, tenant_id, ids)
        made = _made(desk, list(zip(ids, services, strict=True)), known, now, by)
        _check_room(conn, tenant_id, len(made) - len(known))
        done = Imported([], [], [])
        for one in made:
            former = known.get(one.id)
            if one is former:
                done.unchanged.append(one.id)
                continue
            store.save(conn, tenant_id, one)
            (done.changed if former else done.created).append(one.id)
    return done


def _made(
    desk: Desk,
    named: Sequence[tuple[UUID, Said]],
    known: Mapping[UUID, Stored],
    now: datetime,
    by: str,
) -> list[Stored]:
    """Return what each of *named* becomes. Raises Meaningless for all that is wrong."""
    made, faults = [], dict[str, object]()
    for number, (service_id, said) in enumerate(named):
        try:
            if before := known.get(service_id):
                made.append(_next(desk, before, _whole(said), now, by))
            else:
                made.append(_new(desk, said, service_id, now, by))
        except ServiceError as error:
            faults |= {f"services[{number}].{name}": what for name, what in error.details.items()}
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise Meaningless("Nothing was imported; see details for item and field.", faults)
    return made


def _whole(said: Said) -> Said:
    """Return *said* as all that there is: what it leaves out is as usual, not as before."""
    return {**defined(said), "is_active": said.get("is_active", True)}


def _new(desk: Desk, said: Said, service_id: UUID, now: datetime, by: str) -> Stored:
    definition = defined(said)
    return _sensible(
        Stored(
            id=service_id,
            version=1,
            is_active=said.get("is_active", True),
            definition=definition,
            understood=understood(definition, desk.country),
            created_at=now,
            created_by=by,
            changed_at=now,
            changed_by=by,
        )
    )


def _next(desk: Desk, before: Stored, said: Said, now: datetime, by: str) -> Stored:
    """Return the version after *before*, or that itself if nothing differs."""
    definition = defined(said, before.definition)
    is_active = said.get("is_active", before.is_active)
    if (definition, is_active) == (before.definition, before.is_active):
        return before
    after = replace(
        before,
        version=before.version + 1,
        is_active=is_active,
        definition=definition,
        understood=understood(definition, desk.country),
        changed_at=now,
        changed_by=by,
    )
    return _sensible(after)


def _sensible(service: Stored) -> Stored:
    """Return *service*. Raises Meaningless if leads could not be matched with it."""
    try:
        as_service(
            service.id,
            service.version,
            service.is_active,
            service.definition,
            service.understood,
        )
    except ValueError as error:
        raise Meaningless(details={"service": str(error)}) from None
    return service


def _in_turn(desk: Desk, tenant_id: str) -> Any:
    """Return a transaction of the account that no other one adds services beside."""
    turn = desk.gate.keyring.pseudonym(tenant_id, "matching", "catalogue")
    return desk.database.transaction(tenant_id, [turn])


def _check_room(conn: Connection, tenant_id: str, more: int) -> None:
    if store.stamp(conn, tenant_id)[0] + more > MOST:
        raise Conflict(f"An account may have {MOST} services.")


def _found(conn: Connection, tenant_id: str, service_id: UUID, locked: bool = False) -> Stored:
    known = store.one(conn, tenant_id, service_id, locked)
    if known is None:
        raise NotFound(details=UNKNOWN)
    return known
