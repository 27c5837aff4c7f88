"""Receiving: who hears of alerts is added, changed, tried and removed; addresses are checked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.alerts import delivery, delivery_store, group_store, history_store, replay_store
from services.alerts import receiver_store as store
from services.alerts.channels import CHANNELS, Outlets, checked
from services.alerts.channels.channel import BadAddress, Checked
from services.alerts.delivery_store import Addressed
from services.alerts.desk import Desk
from services.alerts.history_store import Delivery
from services.alerts.receiver_definition import USUAL, Definition, as_receiver
from services.alerts.receiver_store import Stored
from services.alerts.trial import trial
from shared.connection import Connection
from shared.errors import Conflict, NotFound
from shared.ids import uuid7
from shared.signature import new_secret

UNKNOWN = {"receiver_id": "is no receiver of this account"}
"""What is said of an id that names none, and of another account's just the same."""

MOST = 100
"""Receivers of an account: each alert is weighed for every one that hears of it."""

Said = Mapping[str, Any]
"""A receiver as `receiver_schema` loads it."""


class Changed(Conflict):
    """Somebody changed this receiver since you read it; read it again."""


class NameTaken(Conflict):
    """Another receiver of this account has that name."""


class Unsigned(Conflict):
    """Messages of this channel are not signed: there is no secret."""


class SwitchedOff(Conflict):
    """This receiver is switched off: switch it on first."""


def add(desk: Desk, tenant_id: str, said: Said, by: str) -> Stored:
    """Store a new receiver and return it, its secret with it.

    Raises BadAddress for what the channel cannot send to, NameTaken, and Conflict if there are too
    many.
    """
    address = _checked(desk, said["channel"], said)
    receiver_id, now, definition = uuid7(), datetime.now(UTC), _defined(said, USUAL)
    is_active = said.get("is_active", True)
    new = Stored(
        as_receiver(receiver_id, said["name"], said["channel"], is_active, 1, definition),
        address=address.address,
        shown=address.shown,
        secret=new_secret() if CHANNELS[said["channel"]].is_signed else None,
        definition=definition,
        inactive_because=None if is_active else "paused",
        created_at=now,
        created_by=by,
        changed_at=now,
        changed_by=by,
    )
    with _in_turn(desk, tenant_id) as conn:
        if store.count(conn, tenant_id) >= MOST:
            raise Conflict(f"An account may have {MOST} receivers.")
        _check_name(conn, tenant_id, new)
        store.save(conn, desk.gate, tenant_id, new)
    return new


def change(desk: Desk, tenant_id: str, receiver_id: UUID, said: Said, by: str) -> Stored:
    """Change what *said* names and return the receiver; without a difference nothing is stored.

    Another address, or being made active, lets it begin anew: earlier failures do not count.
    Raises NotFound, Changed if `version` is not the present one, BadAddress and NameTaken.
    """
    now = datetime.now(UTC)
    with _in_turn(desk, tenant_id) as conn:
        before = _found(desk, conn, tenant_id, receiver_id, locked=True)
        if said.get("version") not in (None, before.receiver.version):
            raise Changed(details={"version": f"is {before.receiver.version} by now"})
        after = _next(desk, before, said)
        if after == before:
            return before
        after = _newer(after, now, by)
        _check_name(conn, tenant_id, after)
        store.save(conn, desk.gate, tenant_id, after)
        group_store.wake_all(conn, tenant_id, now, receiver_id=receiver_id)
    return after


def rotate(desk: Desk, tenant_id: str, receiver_id: UUID, by: str) -> Stored:
    """Give a receiver a new secret and return it. Raises NotFound, Unsigned."""
    with desk.database.transaction(tenant_id) as conn:
        before = _found(desk, conn, tenant_id, receiver_id, locked=True)
        if before.secret is None:
            raise Unsigned
        after = _newer(replace(before, secret=new_secret()), datetime.now(UTC), by)
        store.save(conn, desk.gate, tenant_id, after)
    return after


def remove(desk: Desk, tenant_id: str, receiver_id: UUID) -> None:
    """Remove a receiver; what was on its way to it is not sent. Raises NotFound."""
    with desk.database.transaction(tenant_id) as conn:
        if not store.remove(conn, tenant_id, receiver_id):
            raise NotFound(details=UNKNOWN)


def found(desk: Desk, tenant_id: str, receiver_id: UUID) -> Stored:
    """Return a receiver. Raises NotFound, for another account's just the same."""
    with desk.database.transaction(tenant_id) as conn:
        return _found(desk, conn, tenant_id, receiver_id)


def page(
    desk: Desk, tenant_id: str, after: UUID | None, limit: int
) -> tuple[list[Stored], UUID | None]:
    """Return up to *limit* receivers, oldest first, and the next `after`."""
    with desk.database.transaction(tenant_id) as conn:
        rows = store.page(conn, desk.gate, tenant_id, after or UUID(int=0), limit + 1)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def tried(
    desk: Desk, tenant_id: str, receiver_id: UUID, outlets: Outlets, public_url: str | None
) -> dict[str, Any]:
    """Send a receiver a test message and return what became of it. Raises NotFound."""
    stored = found(desk, tenant_id, receiver_id)
    receiver = stored.receiver
    to = Addressed(receiver.channel, stored.address, stored.secret, receiver.is_active, None)
    return trial(outlets, desk.gate.mode, public_url, receiver_id, receiver.name, to)


def deliveries(
    desk: Desk, tenant_id: str, receiver_id: UUID, after: UUID | None, limit: int
) -> tuple[list[Delivery], UUID | None]:
    """Return up to *limit* notifications to a receiver, newest first, and the next `after`."""
    with desk.database.transaction(tenant_id) as conn:
        _found(desk, conn, tenant_id, receiver_id)
        before = after or UUID(int=2**128 - 1)
        rows = history_store.deliveries_to(conn, tenant_id, receiver_id, before, limit + 1)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def replay(desk: Desk, tenant_id: str, receiver_id: UUID, ids: list[UUID] | None) -> int:
    """Put notifications that failed for good on their way again; return how many.

    Raises NotFound, and SwitchedOff for a receiver that would hear none of them.
    """
    now = datetime.now(UTC)
    with desk.database.transaction(tenant_id) as conn:
        receiver = _found(desk, conn, tenant_id, receiver_id, locked=True).receiver
        if not receiver.is_active:
            raise SwitchedOff
        again = replay_store.waits_again(conn, tenant_id, receiver_id, ids, now)
        if again:
            delivery_store.succeeded(conn, tenant_id, receiver_id)
        # New jobs: dead ones are the worker's, and do nothing once a notification has arrived.
        for notification_id in again:
            delivery.hand_over(conn, tenant_id, notification_id, receiver_id, receiver.channel)
    return len(again)


def _next(desk: Desk, before: Stored, said: Said) -> Stored:
    """Return *before* as *said* wants it, under the same version."""
    receiver = before.receiver
    definition = _defined(said, before.definition)
    is_active = said.get("is_active", receiver.is_active)
    name = said.get("name", receiver.name)
    after = replace(
        before,
        receiver=as_receiver(
            receiver.id, name, receiver.channel, is_active, receiver.version, definition
        ),
        definition=definition,
    )
    if said.get("url") or said.get("address"):
        address = _checked(desk, receiver.channel, said)
        after = replace(after, address=address.address, shown=address.shown)
    if receiver.is_active and not is_active:
        after = replace(after, inactive_because="paused")
    if is_active and (not receiver.is_active or after.address != before.address):
        after = replace(
            after, inactive_because=None, failures=0, failing_since=None, held_until=None
        )
    return after


def _newer(stored: Stored, now: datetime, by: str) -> Stored:
    receiver = replace(stored.receiver, version=stored.receiver.version + 1)
    return replace(stored, receiver=receiver, changed_at=now, changed_by=by)


def _defined(said: Said, before: Definition) -> Definition:
    """Return the definition *before* with what *said* names; null means what is usual."""
    changes = {
        name: USUAL[name] if said[name] is None else said[name] for name in USUAL if name in said
    }
    return {**USUAL, **before, **changes}


def _checked(desk: Desk, channel: str, said: Said) -> Checked:
    """Return the address that *said* names. Raises BadAddress with the field that named it."""
    field = "url" if said.get("url") else "address"
    try:
        return checked(channel, said[field], desk.allowed)
    except BadAddress as error:
        why = error.details.get("address")
        raise BadAddress(details={field: why} if why else error.details) from None


def _check_name(conn: Connection, tenant_id: str, stored: Stored) -> None:
    name = stored.receiver.name
    known = store.called(conn, tenant_id, [name]).get(name)
    if known is not None and known[0] != stored.id:
        raise NameTaken(details={"name": "is taken"})


def _in_turn(desk: Desk, tenant_id: str) -> Any:
    """Return a transaction of the account that no other one names receivers beside."""
    turn = desk.gate.keyring.pseudonym(tenant_id, "alerts", "receivers")
    return desk.database.transaction(tenant_id, [turn])


def _found(
    desk: Desk, conn: Connection, tenant_id: str, receiver_id: UUID, locked: bool = False
) -> Stored:
    known = store.one(conn, desk.gate, tenant_id, receiver_id, locked)
    if known is None:
        raise NotFound(details=UNKNOWN)
    return known
