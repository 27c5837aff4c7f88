"""Scoring the matches of many leads anew: read, scored by columns, written by the thousand.

What was kept of a lead is scored with it and keeps its status, what is no longer possible ends,
and the best services that it had not are added. Leads that lists do not show, duplicates and
invalid ones, are passed over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from services.matching import choosing, match_store, rescoring_store
from services.matching.choosing import Pairs
from services.matching.columns import Columns, columns
from services.matching.keeping import changed, high_score, worth_telling
from services.matching.rescoring_store import Former, New
from services.matching.service import Service
from shared import events
from shared.connection import Connection
from shared.events import Event
from shared.ids import uuid7
from shared.privacy.modes import Mode
from shared.privacy.purposes import LEAD_PROCESSING

SAME = 0.005
"""Points below which a score is as it was: answers have two decimals."""

NOTHING_NEW = (101.0, 1)
"""A least score that nobody has."""


@dataclass(frozen=True, slots=True)
class Task:
    """What leads are to be scored for."""

    services: Sequence[Service]
    """Active, in the order of their ids."""
    asked: frozenset[UUID] | None
    """The services that are meant, active or not; None: all there are."""
    best: tuple[float, int]
    """The least score of a service that is kept, and how many a lead at most."""
    tell: bool
    mode: Mode
    now: datetime

    def meant(self, service_id: UUID) -> bool:
        """True if matches with that service are scored."""
        return self.asked is None or service_id in self.asked


@dataclass(frozen=True, slots=True)
class Leads:
    """Some leads, ready to be scored."""

    ids: Sequence[UUID]
    """Ascending."""
    columns: Columns
    revision: int
    """No profile is newer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What writing a part did."""

    kept: int = 0
    ended: int = 0
    left: frozenset[UUID] = frozenset()
    """Leads whose profile changed meanwhile: nothing of them was written."""


@dataclass(frozen=True, slots=True)
class Block:
    """Leads with what they score, not yet written."""

    task: Task
    leads: Leads
    known: Pairs
    best: Pairs
    levels: tuple[Sequence[str], Sequence[str]]
    """`confidence_level` of the known and of the best pairs."""
    words: tuple[Sequence[str], Sequence[str]]
    """`priority` of them."""
    ending: NDArray[Any]
    """Where leads stand that have matches with services which are not active."""


def scored(conn: Connection, tenant_id: str, task: Task, leads: Leads) -> Block:
    """Return what *leads* score; nothing is locked, so they may change until it is written."""
    places = {service.id: at for at, service in enumerate(task.services)}
    rows = {lead_id: at for at, lead_id in enumerate(leads.ids)}
    known: dict[int, list[int]] = {}
    ending = []
    for former in rescoring_store.formers(conn, tenant_id, leads.ids):
        if (place := places.get(former.service_id)) is not None:
            known.setdefault(place, []).append(rows[former.lead_id])
        elif task.meant(former.service_id) and not former.ended:
            ending.append(rows[former.lead_id])
    admitted = _admitted(leads.columns, task.mode)
    by_service = {place: np.array(sorted(those)) for place, those in known.items()}
    pairs = choosing.chosen(
        leads.columns, task.services, task.now, task.mode, by_service, task.best, admitted
    )
    pairs[0].eligible[:] &= admitted[pairs[0].lead]
    levels, words = (
        tuple(read(each).tolist() for each in pairs)
        for read in (
            choosing.confidence_levels,
            lambda each: choosing.priorities(each, leads.columns),
        )
    )
    return Block(task, leads, *pairs, levels, words, np.array(ending, np.int64))


def write(conn: Connection, tenant_id: str, block: Block, first: int, last: int) -> Outcome:
    """Write what the leads from *first* up to, not including *last* score, and lock them.

    Those whose profile changed since they were scored are left: score them again.
    """
    known = _within(block.known.lead, first, last)
    best = _within(block.best.lead, first, last)
    ending = _within(block.ending, first, last)
    leads = (block.known.lead[known], block.best.lead[best], block.ending[ending])
    places = {block.leads.ids[at]: at for at in np.unique(np.concatenate(leads)).tolist()}
    if not places:
        return Outcome()
    there = rescoring_store.lock(conn, tenant_id, places)
    left = rescoring_store.stale(conn, tenant_id, list(there), block.leads.revision)
    held = there - left
    formers = rescoring_store.formers(conn, tenant_id, held) if held else []
    writing = _Writing(block, formers, {places[lead_id] for lead_id in held})
    writing.again(known)
    writing.added(best)
    return writing.stored(conn, tenant_id, frozenset(left))


def again(conn: Connection, tenant_id: str, task: Task, lead_ids: Sequence[UUID]) -> Outcome:
    """Score and write some leads at once, which are locked meanwhile."""
    rescoring_store.lock(conn, tenant_id, lead_ids)
    read = rescoring_store.profiles(conn, tenant_id, lead_ids)
    if not read:
        return Outcome()
    newest = np.iinfo(np.int64).max
    leads = Leads([one for one, _ in read], columns(said for _, said in read), int(newest))
    return write(conn, tenant_id, scored(conn, tenant_id, task, leads), 0, len(read))


def _admitted(columns: Columns, mode: Mode) -> NDArray[np.bool_]:
    """Return which leads may be worked on at all, under *mode*."""
    if not mode.needs_consent(LEAD_PROCESSING):
        return np.ones(len(columns), np.bool_)
    agreed = [LEAD_PROCESSING in (one.purposes or ()) for one in columns.consent.distinct]
    return np.array(agreed, np.bool_)[columns.consent.codes]


def _within(leads: NDArray[Any], first: int, last: int) -> NDArray[Any]:
    return np.flatnonzero((leads >= first) & (leads < last))


class _Writing:
    """Works out what is written of some leads of a block."""

    def __init__(self, block: Block, formers: Sequence[Former], held: set[int]):
        """*held* is where leads stand of which something may be written."""
        self._block, self._task, self._held = block, block.task, held
        self._formers = {(one.lead_id, one.service_id): one for one in formers}
        self._new: list[New] = []
        self._changed: list[New] = []
        self._over: list[Former] = []
        self._events: list[Event] = []
        self._seen: set[tuple[UUID, UUID]] = set()
        active = {service.id for service in block.task.services}
        self._ended = [
            one
            for one in formers
            if not one.ended and one.service_id not in active and self._task.meant(one.service_id)
        ]

    def again(self, which: NDArray[Any]) -> None:
        """Take in what known pairs score now."""
        for pair, eligible in self._pairs(0, which):
            former = self._formers.get((pair.lead_id, pair.service_id))
            if former is None:
                continue
            self._seen.add((pair.lead_id, pair.service_id))
            if eligible:
                self._rescored(former, pair)
            elif not former.ended:
                self._ended.append(former)

    def added(self, which: NDArray[Any]) -> None:
        """Take in the best pairs that were not kept before."""
        if not self._formers:
            self._new = [self._first(pair) for pair, _ in self._pairs(1, which)]
            return
        others = self._others()
        room: dict[UUID, int] = {}
        for pair, _ in self._pairs(1, which):
            key = (pair.lead_id, pair.service_id)
            if key in self._seen:
                room[pair.lead_id] = room.get(pair.lead_id, 0) + 1
                continue
            better = sum(score > pair.match_score for score in others.get(pair.lead_id, ()))
            if better + room.get(pair.lead_id, 0) >= self._task.best[1]:
                continue
            room[pair.lead_id] = room.get(pair.lead_id, 0) + 1
            former = self._formers.get(key)
            if former:
                self._rescored(former, pair)
            else:
                self._new.append(self._first(pair))

    def stored(self, conn: Connection, tenant_id: str, left: frozenset[UUID]) -> Outcome:
        """Store it all."""
        at = self._task.now
        if self._over or self._ended:
            over = [(one.lead_id, one.id) for one in (*self._over, *self._ended)]
            match_store.add_former(conn, tenant_id, over)
        if self._new:
            rescoring_store.add(conn, tenant_id, self._new, at)
        if self._changed:
            rescoring_store.change(conn, tenant_id, self._changed, at)
        if self._ended:
            rescoring_store.end(conn, tenant_id, self._ended, at)
        if self._events:
            events.save(conn, tenant_id, self._events)
        return Outcome(len(self._new) + len(self._changed), len(self._ended), left)

    def _pairs(self, kind: int, which: NDArray[Any]) -> Any:
        """Yield the pairs of leads that are held, each with whether it is possible."""
        pairs = (self._block.known, self._block.best)[kind]
        ids, services, now = self._block.leads.ids, self._task.services, self._task.now
        levels, words = self._block.levels[kind], self._block.words[kind]
        some = pairs.only(which)
        rows = zip(
            which.tolist(),
            some.lead.tolist(),
            some.service.tolist(),
            some.eligible.tolist(),
            some.match_score.tolist(),
            some.low.tolist(),
            some.high.tolist(),
            some.points.tolist(),
            strict=True,
        )
        for at, lead, place, eligible, score, low, high, points in rows:
            if lead not in self._held:
                continue
            service = services[place]
            who = (ids[lead], service.id, service.id, service.version)  # its own id comes later
            said = (*who, score, low, high, *points, levels[at], words[at], None, now)
            yield New._make(said), eligible

    def _first(self, pair: New) -> New:
        return pair._replace(id=uuid7(), told_score=self._told(None, pair))

    def _rescored(self, former: Former, pair: New) -> None:
        pair = pair._replace(id=former.id, told_score=self._told(former.told_score, pair))
        if not _differs(former, pair):
            return
        if changed(former, pair):
            self._over.append(former)
        else:
            pair = pair._replace(scored_at=former.scored_at)
        self._changed.append(pair)

    def _told(self, before: float | None, pair: New) -> float | None:
        if not (self._task.tell and worth_telling(pair.match_score, before)):
            return before
        said = (pair.lead_id, pair.service_id, pair.match_score, pair.priority)
        self._events.append(high_score(*said, self._task.now))
        return pair.match_score

    def _others(self) -> Mapping[UUID, list[float]]:
        """Return by lead what its other matches scored: of services that are not meant here."""
        found: dict[UUID, list[float]] = {}
        if self._task.asked is not None:
            for one in self._formers.values():
                if not one.ended and not self._task.meant(one.service_id):
                    found.setdefault(one.lead_id, []).append(one.match_score)
        return found


def _differs(former: Former, pair: New) -> bool:
    if former.ended or former.told_score != pair.told_score:
        return True
    words = (former.service_version, former.confidence_level, former.priority)
    if words != (pair.service_version, pair.confidence_level, pair.priority):
        return True
    return any(
        abs(getattr(former, name) - getattr(pair, name)) >= SAME
        for name in ("match_score", "score_low", "score_high")
    )
