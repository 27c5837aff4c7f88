"""Keeping the matches of a lead: what holds now, what it was before, and who is told.

In one transaction, which holds the lead. Every match that was kept before is scored anew with
those that are answered, so that none of them says what is no longer so.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.matching import lead_reading, match_store, matching, profile_store
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


def keep(desk: Desk, tenant_id: str, lead_id: UUID, limit: int, now: datetime) -> Kept:
    """Match a stored lead, keep what comes of it and return it.

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
        return Kept(matches, _Writing(conn, permit, lead_id, before, now).kept(found))


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
        if scored:
            match_store.save(self._conn, tenant_id, self._lead_id, scored, self._now)
        if ended:
            ids = [one.id for one in ended]
            match_store.end(self._conn, tenant_id, self._lead_id, ids, self._now)
        news = [_scoring(one) for one in scored if changed(self._before.get(one.service_id), one)]
        news += [{"match_id": one.id, "service_version": one.service_version} for one in ended]
        if news:
            match_store.add_scorings(self._conn, tenant_id, self._lead_id, news, self._now)

    def _scored(self, match: Match) -> Scored:
        service_id = UUID(str(match.service.id))
        former = self._before.get(service_id)
        match_id = former.id if former else uuid7()
        told = former.told_score if former else None
        if worth_telling(match.match_score, told):
            told = match.match_score
            self._events.append(self._event(match))
        sealed = self._permit.seal(orjson.dumps(match.reasons), match_store.reasons_place(match_id))
        return Scored(
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
        )

    def _event(self, match: Match) -> Event:
        data = {
            "service_id": str(match.service.id),
            "match_score": round(match.match_score, 1),
            "priority": match.priority,
        }
        return Event("high_score_match", self._lead_id, self._now, data)


def worth_telling(score: float, told: float | None) -> bool:
    """True if a match of *score* is news; *told* is the score that was told last, if any."""
    return score >= TOLD and (told is None or score >= told + RISEN)


def changed(former: Former | None, scored: Scored) -> bool:
    """True if a scoring says something else than the one before, to the point.

    Recency fades by fractions of a point a day, which is no news.
    """
    if former is None or former.ended or former.service_version != scored.service_version:
        return True
    return any(
        round(getattr(former, name)) != round(getattr(scored, name))
        for name in ("match_score", "score_low", "score_high")
    )


def _scoring(match: Scored) -> dict[str, Any]:
    return {
        "match_id": match.id,
        "service_version": match.service_version,
        "match_score": match.match_score,
        "score_low": match.score_low,
        "score_high": match.score_high,
    }
