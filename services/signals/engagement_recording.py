"""What becomes of the events of mails: kept for whom they are about, as far as they agreed to it.

An event is kept only if its address belongs to exactly one person we know: of a shared inbox nobody
knows who clicked. An objection is kept for everybody of that address, agreed or not, and by the
address itself: whoever comes with it later has objected, too.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import orjson

from services.signals import behaviour_store, engagement_store, objection_store
from services.signals.behaviour_store import TRACKING, Row
from services.signals.engagement import Engagement
from services.signals.engagement_store import Person
from services.signals.objection_store import Objection
from shared import events
from shared.connection import Connection
from shared.db import Database
from shared.events import Event
from shared.privacy.gate import ConsentMissing, Gate


@dataclass(frozen=True, slots=True)
class Keeper:
    """What keeping needs."""

    database: Database
    gate: Gate
    tenant_id: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What is new of the events of one request."""

    events: int = 0
    """Kept with a lead."""
    objections: int = 0
    """Kept by their addresses."""


Known = Mapping[int, Sequence[Person]]
"""People by the pseudonym of an address."""


def keep(keeper: Keeper, engagements: Sequence[Engagement]) -> Stored:
    """Store what may be stored of *engagements*; return how much of it is new.

    Objections come first: what the same person did before or after is not stored with them.
    """
    told = [one for one in engagements if one.objection or one.interest]
    if not told:
        return Stored()
    keys = {mailbox: _key(keeper, mailbox) for mailbox in {one.mailbox for one in told}}
    with keeper.database.transaction(keeper.tenant_id) as conn:
        objections = [one for one in told if one.objection]
        stored = Stored()
        if objections:
            known = _by_key(engagement_store.people(conn, keeper.tenant_id, list(keys.values())))
            stored = _keep_objections(conn, keeper, objections, known, keys)
        known = _by_key(engagement_store.people(conn, keeper.tenant_id, list(keys.values())))
        rows = [
            row
            for one in told
            if one.interest and (row := _interest(keeper, one, known[keys[one.mailbox]]))
        ]
        kept = behaviour_store.save(conn, keeper.tenant_id, rows)
        return Stored(stored.events + len(kept), stored.objections)


def _keep_objections(
    conn: Connection,
    keeper: Keeper,
    objections: Sequence[Engagement],
    known: Known,
    keys: Mapping[str, int],
) -> Stored:
    """Store objections by address and, of those that are new, with everybody who is *known*."""
    made = [
        (one, Objection(key, _objection_key(keeper, one, _agreed_at(people)), event.type, event.at))
        for one in objections
        if (event := one.event)
        for key in [keys[one.mailbox]]
        for people in [known.get(key, ())]
    ]
    new = objection_store.save(conn, keeper.tenant_id, [objection for _, objection in made])
    rows = [
        row
        for one, objection in made
        if (objection.key, objection.objection_key) in new
        for row in _objected(keeper, one, known.get(objection.key, ()))
    ]
    objected = behaviour_store.save(conn, keeper.tenant_id, rows)
    events.save(conn, keeper.tenant_id, _withdrawn(objected, datetime.now(UTC)))
    return Stored(len(objected), len(new))


def _key(keeper: Keeper, mailbox: str) -> int:
    """Return the pseudonym by which records of that address are found (`services.dedup`)."""
    return keeper.gate.keyring.pseudonym(keeper.tenant_id, "email", mailbox)


def _by_key(people: Sequence[Person]) -> defaultdict[int, list[Person]]:
    found: defaultdict[int, list[Person]] = defaultdict(list)
    for person in people:
        found[person.key].append(person)
    return found


def _agreed_at(people: Sequence[Person]) -> datetime | None:
    """Return when somebody of an address agreed last; None if nobody ever did."""
    return max((person.agreed_at for person in people if person.agreed_at), default=None)


def _objected(keeper: Keeper, one: Engagement, people: Sequence[Person]) -> list[Row]:
    """Return that everybody of an address objects: the fact and its time, nothing of the mail."""
    if one.event is None:
        return []
    return [
        Row(
            person.lead_id,
            _objection_key(keeper, one, person.agreed_at),
            one.event.type,
            one.event.at,
        )
        for person in people
    ]


def _withdrawn(objected: Sequence[UUID], now: datetime) -> list[Event]:
    """Return that leads object to being written to (GDPR Art. 21(2)), each once."""
    told = {"purposes": ["marketing"]}
    return [Event("consent.withdrawn", lead_id, now, told) for lead_id in dict.fromkeys(objected)]


def _objection_key(keeper: Keeper, one: Engagement, agreed_at: datetime | None) -> int:
    """Return the pseudonym that names an objection.

    Without a name and a time of its own it is a retry only until the person agrees again.
    """
    named = _named(one)
    if not one.name and one.event and one.event.at is None:
        named = f"{named}/{agreed_at}"
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
