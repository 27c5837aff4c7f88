"""Keeping the matches of a lead: what holds now, what it was before, and who is told.

In one transaction, which holds the lead. Every match that was kept before is scored anew with
those that are answered, so that none of them says what is no longer so.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.matching import lead_reading, match_store, matching, profile_store
from services.matching.availability import left_today
from services.matching.giving import Choice, Given, Giving, Wanted
from services.matching.match_store import Former, Scored
from services.matching.matching import Match, Matches
from services.matching.matchmaking import UNKNOWN, Desk
from services.matching.prepared import Prepared
from services.matching.profile import Profile
from shared import events
from shared.connection import Connection
from shared.errors import NotFound
from shared.events import Event
from shared.ids import uuid7
from shared.privacy.gate import Permit
from shared.privacy.purposes import LEAD_PROCESSING

TOLD = 75.0
"""Match score from which a match is told (contract, section 3: high)."""

RISEN = 5.0
"""Points by which a match must have risen since it was told, to be told again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The services for one lead, and the ids of the matches that were kept of it, by service."""

    matches: Matches
    ids: Mapping[UUID, UUID]
    left: Mapping[UUID, int]
    """What services may still be given today, after it, of those that have a limit."""
    given: Given | None = None
    """To whom the lead was given; None where that was not asked."""


def keep(
    desk: Desk,
    tenant_id: str,
    lead_id: UUID,
    limit: int,
    now: datetime,
    wanted: Wanted | None = None,
) -> Kept:
    """Match a stored lead, keep what comes of it and return it; *wanted*: and give it to a service.

    Raises NotFound, and ConsentMissing where the mode asks for a consent to lead_processing.
    """
    with desk.database.transaction(tenant_id) as conn:
        row = profile_store.known(conn, desk.gate, tenant_id, lead_id, locked=True)
        if row is None:
            raise NotFound(details=UNKNOWN)
        permit = desk.gate.admit(tenant_id, LEAD_PROCESSING, row[1])
        profile = lead_reading.stored(row[0], desk.country)
        catalogue = desk.catalogues.of(conn, tenant_id)
        matches = matching.match(profile, catalogue, now, desk.gate.mode, limit)
        before = match_store.former(conn, tenant_id, lead_id)
        again = _again(desk, catalogue, profile, before.keys(), matches, now)
        found = [*matches.matches, *again]
        giving = Giving(desk, conn, tenant_id, lead_id, wanted) if wanted else None
        choice = giving.choice(catalogue, profile, now) if giving else Choice()
        if choice.row is not None:
            found += _chosen(desk, catalogue.only([choice.row]), profile, found, now)
        ids = _Writing(conn, permit, lead_id, before, now).kept(found)
        given = _given(giving, catalogue, choice, found, ids, now) if giving else None
        services = [match.service for match in matches.matches]
        return Kept(matches, ids, left_today(conn, tenant_id, services, now), given)


def _chosen(
    desk: Desk, one: Prepared, profile: Profile, found: Sequence[Match], now: datetime
) -> list[Match]:
    """Return the match with the service that gets the lead, unless it is among *found*."""
    if any(match.service.id == one.services[0].id for match in found):
        return []
    return matching.match(profile, one, now, desk.gate.mode, 1).matches


def _given(
    giving: Giving,
    catalogue: Prepared,
    choice: Choice,
    found: Sequence[Match],
    ids: Mapping[UUID, UUID],
    now: datetime,
) -> Given:
    if choice.row is None:
        return Given(choice.former, choice.why_not)
    service = catalogue.services[choice.row]
    score = next(match.match_score for match in found if match.service.id == service.id)
    return giving.given(service, ids[UUID(str(service.id))], score, now)


def _again(
    desk: Desk,
    catalogue: Prepared,
    profile: Profile,
    known: Collection[Any],
    matches: Matches,
    now: datetime,
) -> list[Match]:
    """Return the matches with services of *known* that are not among *matches*."""
    there = {match.service.id for match in matches.matches}
    rows = [
        row
        for row, service in enumerate(catalogue.services)
        if service.id in known and service.id not in there
    ]
    if not rows:
        return []
    return matching.match(profile, catalogue.only(rows), now, desk.gate.mode, None).matches


class _Writing:
    """Writes what one scoring found."""

    def __init__(
        self,
        conn: Connection,
        permit: Permit,
        lead_id: UUID,
        before: Mapping[UUID, Former],
        now: datetime,
    ):
        self._conn, self._permit, self._lead_id = conn, permit, lead_id
        self._before, self._now = before, now
        self._events: list[Event] = []

    def kept(self, found: Sequence[Match]) -> dict[UUID, UUID]:
        """Store *found*, end all others; return the ids of the matches by service."""
        scored = [self._scored(match) for match in found]
        ended = [
            one
            for service_id, one in self._before.items()
            if not one.ended and service_id not in {match.service_id for match in scored}
        ]
        self._save(scored, ended)
        if self._events:
            events.save(self._conn, self._permit.tenant_id, self._events)
        return {match.service_id: match.id for match in scored}

    def _save(self, scored: Sequence[Scored], ended: Sequence[Former]) -> None:
        tenant_id = self._permit.tenant_id
        again = {one.service_id for one in scored if one.scored_at == self._now}
        over = [one for one in self._before.values() if one.service_id in again]
        if over or ended:
            former = [(self._lead_id, one.id) for one in (*over, *ended)]
            match_store.add_former(self._conn, tenant_id, former)
        if scored:
            match_store.save(self._conn, tenant_id, self._lead_id, scored, self._now)
        if ended:
            ids = [one.id for one in ended]
            match_store.end(self._conn, tenant_id, self._lead_id, ids, self._now)

    def _scored(self, match: Match) -> Scored:
        service_id = UUID(str(match.service.id))
        former = self._before.get(service_id)
        match_id = former.id if former else uuid7()
        told = former.told_score if former else None
        if worth_telling(match.match_score, told):
            told = match.match_score
            self._events.append(
                high_score(self._lead_id, service_id, match.match_score, match.priority, self._now)
            )
        sealed = self._permit.seal(orjson.dumps(match.reasons), match_store.reasons_place(match_id))
        scored = Scored(
            id=match_id,
            service_id=service_id,
            service_version=match.service.version,
            match_score=match.match_score,
            score_low=match.low,
            score_high=match.high,
            geographic_points=match.geographic_points,
            industry_points=match.industry_points,
            need_points=match.need_points,
            profile_points=match.profile_points,
            behavioral_points=match.behavioral_points,
            confidence_level=match.confidence_level,
            priority=match.priority,
            reasons=sealed,
            told_score=told,
            scored_at=self._now,
        )
        if former is None or changed(former, scored):
            return scored
        return replace(scored, scored_at=former.scored_at)


def high_score(lead_id: UUID, service_id: UUID, score: float, word: str, now: datetime) -> Event:
    """Return what is told of a match; *word* is its priority."""
    data = {"service_id": str(service_id), "match_score": round(score, 1), "priority": word}
    return Event("high_score_match", lead_id, now, data)


def worth_telling(score: float, told: float | None) -> bool:
    """True if a match of *score* is news; *told* is the score that was told last, if any."""
    return score >= TOLD and (told is None or score >= told + RISEN)


def changed(former: Any, scored: Any) -> bool:
    """True if a scoring says something else than the one before, to the point.

    *former* and *scored* as `match_store` or `rescoring_store` have them.
    Recency fades by fractions of a point a day, which is no news.
    """
    if former.ended or former.service_version != scored.service_version:
        return True
    return any(
        round(getattr(former, name)) != round(getattr(scored, name))
        for name in ("match_score", "score_low", "score_high")
    )
