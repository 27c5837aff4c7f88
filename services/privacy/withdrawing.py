"""Withdrawing: what somebody agreed to ends when this returns (GDPR Art. 7(3)).

Named by a lead, it is that person alone who withdrew; named by an address or a number, everybody
who gave it, and whoever comes with it later, unless they agree anew. Said twice it is written down
once. What was agreed to, and when it ended, stays as evidence (Art. 7(1)).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.privacy import people_store
from services.privacy.erasure import StillWaiting
from shared import clusters, consents, events, leads, withdrawals
from shared.connection import Connection
from shared.consents import Standing, Word
from shared.db import Database
from shared.errors import NotFound
from shared.events import Event
from shared.ids import uuid7
from shared.privacy import addresses
from shared.privacy.addresses import EMAIL, Address
from shared.privacy.gate import Gate
from shared.privacy.purposes import PURPOSES
from shared.spool import Spool
from shared.withdrawals import Withdrawal


@dataclass(frozen=True, slots=True)
class Office:
    """What the desk works with where it erases nobody."""

    database: Database
    gate: Gate
    spool: Spool
    country: str
    """What a national number is read as."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A withdrawal as it is told."""

    lead_id: UUID | None
    """Whose; None: whose addresses these are."""
    addresses: Sequence[Address]
    purposes: Sequence[str]
    """None at all: every purpose."""
    channel: str
    reason: str | None
    by: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a withdrawal came to."""

    recorded: bool
    """False if all of it had been said before."""
    people: int
    lead_ids: Sequence[UUID]
    """Of the people's records those that were named, or that gave the address."""
    addresses_kept: int
    """Addresses under which it is kept beyond any lead."""


def withdraw(office: Office, tenant_id: str, wanted: Wanted, now: datetime) -> Withdrawn:
    """Write down what somebody takes back, and tell of it.

    Raises NotFound for a lead that is not here, another account's just the same; StillWaiting for
    one that waits to be stored.
    """
    gate = office.gate
    with office.database.transaction(tenant_id, [clusters.turn(gate, tenant_id)]) as conn:
        people = _people(office, conn, tenant_id, wanted)
        new = _untold(conn, tenant_id, people, wanted.purposes)
        withdrawals.save(conn, tenant_id, _rows(gate, tenant_id, wanted, new, now))
        keys = _kept_by(office, conn, tenant_id, wanted)
        kept = withdrawals.keep(conn, tenant_id, keys, wanted.purposes, now, anew=bool(new))
        told = {"purposes": sorted(wanted.purposes or PURPOSES)}
        happened = [Event("consent.withdrawn", lead_ids[0], now, told) for lead_ids in new.values()]
        if happened:
            events.save(conn, tenant_id, happened)
    found = [lead_id for lead_ids in people.values() for lead_id in lead_ids]
    return Withdrawn(bool(new or kept), len(people), found, len(keys))


def standing(
    office: Office, tenant_id: str, lead_id: UUID, most: int
) -> tuple[Standing, Sequence[tuple[Word, str | None]]]:
    """Return where whom a lead is about stands, and their *most* latest words, reasons opened.

    Raises NotFound.
    """
    with office.database.transaction(tenant_id) as conn:
        where = consents.standing_of(conn, tenant_id, [lead_id]).get(lead_id)
        if where is None:
            raise NotFound
        said = consents.history(conn, tenant_id, lead_id, most)
    return where, [(word, _reason(office.gate, tenant_id, word)) for word in said]


def keys(gate: Gate, tenant_id: str, named: Sequence[Address]) -> list[int]:
    """Return the pseudonyms of addresses."""
    return [gate.keyring.pseudonym(tenant_id, one.kind, one.name) for one in named]


def _people(
    office: Office, conn: Connection, tenant_id: str, wanted: Wanted
) -> Mapping[UUID, list[UUID]]:
    if wanted.lead_id is None:
        named = keys(office.gate, tenant_id, wanted.addresses)
        return people_store.of_addresses(conn, tenant_id, named)
    people = people_store.of_lead(conn, tenant_id, wanted.lead_id)
    if people:
        return people
    raise StillWaiting if office.spool.of_lead(tenant_id, wanted.lead_id) else NotFound


def _untold(
    conn: Connection, tenant_id: str, people: Mapping[UUID, list[UUID]], purposes: Sequence[str]
) -> dict[UUID, list[UUID]]:
    """Return those of *people* who had not taken all of *purposes* back."""
    first = {lead_ids[0]: subject_id for subject_id, lead_ids in people.items()}
    where = consents.standing_of(conn, tenant_id, list(first))
    return {
        subject_id: people[subject_id]
        for lead_id, subject_id in first.items()
        if where[lead_id].withdrawn_at is None
        and not (purposes and where[lead_id].taken_back.issuperset(purposes))
    }


def _rows(
    gate: Gate, tenant_id: str, wanted: Wanted, new: Mapping[UUID, list[UUID]], now: datetime
) -> list[Withdrawal]:
    permit, rows = gate.owed(tenant_id), []
    for lead_id in (lead_id for lead_ids in new.values() for lead_id in lead_ids):
        id = uuid7()
        place = withdrawals.reason_place(id)
        reason = permit.seal(wanted.reason.encode(), place) if wanted.reason else None
        said = (wanted.purposes, now, wanted.channel, wanted.by, reason)
        rows.append(Withdrawal(id, lead_id, *said))
    return rows


def _kept_by(office: Office, conn: Connection, tenant_id: str, wanted: Wanted) -> list[int]:
    """Return the pseudonyms by which the withdrawal is kept beyond any lead.

    Of a person who is named by a lead, the mailboxes that are theirs alone: a household's number,
    or an inbox of several, would withdraw for others.
    """
    if wanted.lead_id is None:
        return keys(office.gate, tenant_id, wanted.addresses)
    said = leads.find(conn, office.gate, tenant_id, wanted.lead_id)
    given = addresses.of_lead(said.fields, office.country) if said else []
    own = [one for one in given if one.kind == EMAIL and not one.shared]
    return [
        key
        for key in keys(office.gate, tenant_id, own)
        if len(people_store.of_addresses(conn, tenant_id, [key])) == 1
    ]


def _reason(gate: Gate, tenant_id: str, word: Word) -> str | None:
    if word.reason is None or word.id is None:
        return None
    place = withdrawals.reason_place(word.id)
    return gate.unseal(tenant_id, bytes(word.reason), place).decode()
