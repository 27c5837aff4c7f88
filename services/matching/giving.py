"""Giving a lead to a service: the best that may have it and has room today, by turns among equals.

In the transaction that matches the lead, which holds it; whoever gives leads of one account comes
in turn from the choice to the end, so that no service is given more than it takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.matching import catalogue_store, giving_store, lead_reading, profile_store
from services.matching.availability import left_today
from services.matching.capacity import Candidate, day_of, next_in_turn
from services.matching.catalogue import UNKNOWN as UNKNOWN_SERVICE
from services.matching.constraints import not_agreed
from services.matching.definition import USUAL, as_service
from services.matching.giving_store import Assignment
from services.matching.matchmaking import Desk
from services.matching.prepared import Prepared
from services.matching.profile import Profile
from services.matching.ranking import ranking
from services.matching.service import Service
from shared import events
from shared.connection import Connection
from shared.errors import Meaningless, NotFound
from shared.events import Event
from shared.ids import uuid7

UNFIT = "the lead is a duplicate or invalid"
NONE_ELIGIBLE = "no service may have the lead"
NONE_LEFT = "every service that may have the lead had it before, or it was not interested"
NOT_AGREED = "the lead was given before and agrees no longer to what the service needs"
ALL_FULL = "every service that may have the lead is full today"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a lead is to be given."""

    by: str
    """Who gives it."""
    leaving: UUID | None = None
    """The match by which it was given last and that it is to leave for another; None: it stays
    where it was given."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets a lead."""

    row: int | None = None
    """Of the catalogue; None: none gets it anew."""
    former: Assignment | None = None
    """What it was given to before and stays with."""
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """To whom a lead was given, or why to nobody."""

    assignment: Assignment | None
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class DayGiven:
    """What a service was given on a day."""

    service: Service
    day: date
    given: int
    """Leads, those that were erased since with them."""
    assignments: Sequence[Assignment]
    """The latest first."""
    next_after: UUID | None


class Giving:
    """One lead to be given, in a transaction that holds it."""

    def __init__(self, desk: Desk, conn: Connection, tenant_id: str, lead_id: UUID, wanted: Wanted):
        self._desk, self._conn, self._tenant_id = desk, conn, tenant_id
        self._lead_id, self._wanted = lead_id, wanted

    def choice(self, catalogue: Prepared, profile: Profile, now: datetime) -> Choice:
        """Return who gets the lead; from here on nobody else gives any of the account's.

        Raises Meaningless if it is to leave a match that it was never given by.
        """
        had = giving_store.of_lead(self._conn, self._tenant_id, self._lead_id)
        leaving = self._wanted.leaving
        if leaving is not None and leaving not in {one.match_id for one in had}:
            raise Meaningless(details={"reassign": "is no match that this lead was given by"})
        if had and leaving != had[0].match_id:
            return self._as_before(catalogue, profile, had[0], now)
        if not giving_store.fit(self._conn, self._tenant_id, self._lead_id):
            return Choice(why_not=UNFIT)
        ranked = ranking(catalogue, profile, now, self._desk.gate.mode)
        scores = dict(zip(ranked.rows, ranked.expected, strict=True))
        pseudonym = self._desk.gate.keyring.pseudonym
        giving_store.take_turn(self._conn, pseudonym(self._tenant_id, "matching", "giving"))
        scores = self._agreed(catalogue, profile, scores, now)
        if not scores:
            return Choice(why_not=NONE_ELIGIBLE)
        gone = {one.service_id for one in had}
        gone |= giving_store.refused(self._conn, self._tenant_id, self._lead_id)
        open_to = {row: s for row, s in scores.items() if catalogue.services[row].id not in gone}
        if not open_to:
            return Choice(why_not=NONE_LEFT)
        return self._with_room(catalogue, open_to, now)

    def _as_before(
        self, catalogue: Prepared, profile: Profile, former: Assignment, now: datetime
    ) -> Choice:
        """Return who has the lead, as long as it agrees: who asks again may hand it over again."""
        needs = {one.needs_purpose for one in catalogue.services if one.id == former.service_id}
        if self._closed(needs or {USUAL["needs_purpose"]}, profile, now):
            return Choice(why_not=NOT_AGREED)
        return Choice(former=former)

    def _agreed(
        self, catalogue: Prepared, profile: Profile, scores: dict[int, float], now: datetime
    ) -> dict[int, float]:
        """Return those of *scores* that the lead agrees to at this moment."""
        needs = {row: catalogue.services[row].needs_purpose for row in scores}
        closed = self._closed(set(needs.values()), profile, now)
        return {row: score for row, score in scores.items() if needs[row] not in closed}

    def _closed(self, purposes: set[str], profile: Profile, now: datetime) -> set[str]:
        """Return those of *purposes* that the lead does not agree to at this moment."""
        found = profile_store.known(self._conn, self._desk.gate, self._tenant_id, self._lead_id)
        if found is None:
            return purposes
        known = lead_reading.stored(found[0], self._desk.country)
        profile, mode = replace(profile, purposes=known.purposes), self._desk.gate.mode
        return {purpose for purpose in purposes if not_agreed(purpose, profile, now, mode)}

    def _with_room(self, catalogue: Prepared, scores: dict[int, float], now: datetime) -> Choice:
        services = [catalogue.services[row] for row in scores]
        room = left_today(self._conn, self._tenant_id, services, now)
        free = {row: s for row, s in scores.items() if room.get(_id(catalogue, row)) != 0}
        if not free:
            return Choice(why_not=ALL_FULL)
        ids = {_id(catalogue, row): row for row in free}
        last = giving_store.last_given(self._conn, self._tenant_id, ids)
        chosen = next_in_turn(
            [Candidate(catalogue.services[row], free[row], last.get(i)) for i, row in ids.items()]
        )
        return Choice(ids[UUID(str(chosen.service.id))])

    def given(self, service: Service, match_id: UUID, score: float, now: datetime) -> Given:
        """Give the lead to the service that was chosen, by the match of the two that is stored."""
        room = left_today(self._conn, self._tenant_id, [service], now)
        before = room.get(UUID(str(service.id)))
        new = Assignment(
            id=uuid7(),
            lead_id=self._lead_id,
            match_id=match_id,
            service_id=UUID(str(service.id)),
            match_score=score,
            day=day_of(service, now),
            capacity_left=None if before is None else before - 1,
            given_at=now,
            given_by=self._wanted.by,
            service_name=service.service_name,
            provider_name=service.provider_name or None,
        )
        giving_store.give(self._conn, self._tenant_id, new)
        giving_store.hand_over(
            self._conn, self._tenant_id, self._lead_id, match_id, now, blind=True
        )
        events.save(self._conn, self._tenant_id, [_event(new)])
        return Given(new)


def of_day(desk: Desk, tenant_id: str, service_id: UUID, asked: Any, now: datetime) -> DayGiven:
    """Return what a service was given on a day, today unless *asked* names one. Raises NotFound.

    *asked* is as `giving_schema.DayPage` loads it.
    """
    with desk.database.transaction(tenant_id) as conn:
        stored = catalogue_store.one(conn, tenant_id, service_id)
        if stored is None:
            raise NotFound(details=UNKNOWN_SERVICE)
        service = as_service(
            stored.id, stored.version, stored.is_active, stored.definition, stored.understood
        )
        day, limit = asked.get("day") or day_of(service, now), asked["limit"]
        counts = giving_store.given(conn, tenant_id, {service_id: day})
        found = giving_store.of_day(conn, tenant_id, service_id, day, asked.get("after"), limit + 1)
    following = found[limit - 1].id if len(found) > limit else None
    return DayGiven(service, day, counts.get(service_id, 0), found[:limit], following)


def _id(catalogue: Prepared, row: int) -> UUID:
    return UUID(str(catalogue.services[row].id))


def _event(new: Assignment) -> Event:
    data = {
        "service_id": str(new.service_id),
        "match_id": str(new.match_id),
        "match_score": round(new.match_score, 1),
    }
    return Event("lead_assigned", new.lead_id, new.given_at, data)
