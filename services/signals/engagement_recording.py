"""What becomes of the events of mails: kept for whom they are about, as far as they agreed to it.

An event is kept only if its address belongs to exactly one person we know: of a shared inbox nobody
knows who clicked. An objection is kept for everybody of that address, agreed or not.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import orjson

from services.signals import behaviour_store, engagement_store
from services.signals.behaviour_store import TRACKING, Row
from services.signals.engagement import Engagement
from services.signals.engagement_store import Person
from shared import events
from shared.db import Database
from shared.events import Event
from shared.privacy.gate import ConsentMissing, Gate


@dataclass(frozen=True, slots=True)
class Keeper:
    """What keeping needs."""

    database: Database
    gate: Gate
    tenant_id: str


def keep(keeper: Keeper, engagements: Sequence[Engagement]) -> int:
    """Store what may be stored of *engagements*; return how many events are new.

    Objections come first: what the same person did before or after is not stored with them.
    """
    told = [one for one in engagements if one.objection or one.interest]
    if not told:
        return 0
    keys = {mailbox: _key(keeper, mailbox) for mailbox in {one.mailbox for one in told}}
    with keeper.database.transaction(keeper.tenant_id) as conn:
        objections = [one for one in told if one.objection]
        stored = 0
        if objections:
            known = _by_key(engagement_store.people(conn, keeper.tenant_id, list(keys.values())))
            rows = [row for one in objections for row in _objected(keeper, one, known, keys)]
            objected = behaviour_store.save(conn, keeper.tenant_id, rows)
            events.save(conn, keeper.tenant_id, _withdrawn(objected, datetime.now(UTC)))
            stored += len(objected)
        known = _by_key(engagement_store.people(conn, keeper.tenant_id, list(keys.values())))
        rows = [
            row
            for one in told
            if one.interest and (row := _interest(keeper, one, known[keys[one.mailbox]]))
        ]
        return stored + len(behaviour_store.save(conn, keeper.tenant_id, rows))


def _key(keeper: Keeper, mailbox: str) -> int:
    """Return the pseudonym by which records of that address are found (`services.dedup`)."""
    return keeper.gate.keyring.pseudonym(keeper.tenant_id, "email", mailbox)


def _by_key(people: Sequence[Person]) -> Mapping[int, list[Person]]:
    found: dict[int, list[Person]] = defaultdict(list)
    for person in people:
        found[person.key].append(person)
    return found


def _objected(
    keeper: Keeper, one: Engagement, known: Mapping[int, list[Person]], keys: Mapping[str, int]
) -> list[Row]:
    """Return that everybody of an address objects: the fact and its time, nothing of the mail."""
    if one.event is None:
        return []
    return [
        Row(person.lead_id, _objection_key(keeper, one, person), one.event.type, one.event.at)
        for person in known.get(keys[one.mailbox], [])
    ]


def _withdrawn(objected: Sequence[UUID], now: datetime) -> list[Event]:
    """Return that leads object to being written to (GDPR Art. 21(2)), each once."""
    told = {"purposes": ["marketing"]}
    return [Event("consent.withdrawn", lead_id, now, told) for lead_id in dict.fromkeys(objected)]


def _objection_key(keeper: Keeper, one: Engagement, person: Person) -> int:
    """Return the pseudonym that names an objection.

    Without a name and a time of its own it is a retry only until the person agrees again.
    """
    named = _named(one)
    if not one.name and one.event and one.event.at is None:
        named = f"{named}/{person.agreed_at}"
    return keeper.gate.keyring.pseudonym(keeper.tenant_id, "behaviour", named)


def _interest(keeper: Keeper, one: Engagement, people: Sequence[Person]) -> Row | None:
    """Return what is kept of an event; None where nobody, or nobody sure, agreed to that."""
    if len(people) != 1 or one.event is None or people[0].objected:
        return None
    try:
        permit = keeper.gate.admit(keeper.tenant_id, TRACKING, people[0].consent)
    except ConsentMissing:
        return None
    return behaviour_store.row(permit, people[0].lead_id, one.event, _named(one))


def _named(one: Engagement) -> str:
    """Return what names an event: its sender's name for it, or all that it says.

    Its type stands in both: some senders give every event of a mail the mail's own id.
    """
    if one.name and one.event:
        return f"{one.event.type}/{one.name}"
    return orjson.dumps([one.mailbox, one.event]).decode()
