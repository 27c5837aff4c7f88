"""The weights of a service: learned from outcomes, put in force or taken back, and shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from services.matching import catalogue_store, learning, weights_store
from services.matching.catalogue import UNKNOWN
from services.matching.catalogue_store import Stored
from services.matching.criteria import CRITERIA
from services.matching.outcome import LEAST, MOST, Learned, Outcome
from services.matching.weights_store import GOOD, InForce, Told, Weights
from shared.connection import Connection
from shared.db import Database
from shared.errors import Conflict, NotFound

MODES = ("off", "propose", "apply")
"""What the worker may do by itself with a service: nothing, learn, or put in force as well."""

USUAL_MODE = "propose"
"""Where nobody says. Weights decide who gets which lead, so a person puts them in force first."""

WORKER = "worker"
"""Who learned or changed something by itself."""

MORE = 0.1
"""Share of outcomes that must have come since the last learning for the worker to learn again."""

LONGEST = timedelta(minutes=3)
"""How long one night's learning may take, within a schedule's lease; the rest has its turn the
next time, for what was learned is no longer due."""

TENANTS = 1000
"""Tenants asked for at a time."""


class NotBetter(Conflict):
    """These weights were not better than the usual ones on outcomes that were held out."""


@dataclass(frozen=True, slots=True)
class State:
    """What holds of a service's weights, and what was learned."""

    service: Stored
    mode: str
    """One of MODES."""
    outcomes: int
    """That could be learned from now."""
    good: int
    sets: Sequence[Weights]
    """The latest first."""
    changes: Sequence[InForce]
    """The latest first."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one learning came to."""

    service: Stored
    learned: Learned
    version: int | None
    """Of the set that was stored; None where nothing was."""
    in_force: bool


def state(database: Database, tenant_id: str, service_id: UUID) -> State:
    """Return what holds of a service's weights. Raises NotFound."""
    with database.transaction(tenant_id) as conn:
        return _state(conn, tenant_id, _service(conn, tenant_id, service_id))


def learn(database: Database, tenant_id: str, service_id: UUID, by: str, apply: bool) -> Lesson:
    """Learn the weights of a service from all its outcomes; *apply* them if they are better.

    What was learned is stored, unless the same was learned last. Raises NotFound.
    """
    with database.transaction(tenant_id) as conn:
        before = _service(conn, tenant_id, service_id)
        told = weights_store.outcomes(conn, tenant_id, service_id, MOST)
    learned = learning.learned([_read(one) for one in told])
    if learned.usual is None:
        return Lesson(before, learned, None, False)
    with database.transaction(tenant_id) as conn:
        service = _service(conn, tenant_id, service_id, locked=True)
        kept = _kept(conn, tenant_id, service_id, learned, by)
        if apply and learned.accepted:
            service = _put(conn, tenant_id, service, kept, by)
    return Lesson(service, learned, kept.version, service.weights_version == kept.version)


def put_in_force(
    database: Database, tenant_id: str, service_id: UUID, wanted: int | None, by: str
) -> State:
    """Put a set of weights in force, None the usual ones, and return what holds.

    Raises NotFound for a set or a service that there is none of, and NotBetter.
    """
    with database.transaction(tenant_id) as conn:
        service = _service(conn, tenant_id, service_id, locked=True)
        found = None
        if wanted is not None:
            found = weights_store.one(conn, tenant_id, service_id, wanted)
            if found is None:
                raise NotFound(details={"version": "is no set of weights of this service"})
            if not found.accepted:
                raise NotBetter(details={"version": found.verdict})
        return _state(conn, tenant_id, _put(conn, tenant_id, service, found, by))


def allow(database: Database, tenant_id: str, service_id: UUID, mode: str, by: str) -> State:
    """Store what the worker may do by itself with a service. Raises NotFound."""
    with database.transaction(tenant_id) as conn:
        service = _service(conn, tenant_id, service_id)
        weights_store.set_mode(conn, tenant_id, service_id, mode, datetime.now(UTC), by)
        return _state(conn, tenant_id, service)


def learn_all(database: Database) -> int:
    """Learn the weights of all services that have new outcomes; the worker's part. Return how many.

    They are put in force only where somebody allowed that.
    """
    ends, done, after = monotonic() + LONGEST.total_seconds(), 0, ""
    while monotonic() < ends:
        with database.lookup() as conn:
            found = weights_store.tenants(conn, after, TENANTS)
        for tenant_id in found:
            done += _learn_due(database, tenant_id, ends)
        if len(found) < TENANTS:
            break
        after = found[-1]
    return done


def _learn_due(database: Database, tenant_id: str, ends: float) -> int:
    with database.transaction(tenant_id) as conn:
        due = weights_store.due(conn, tenant_id, MORE, LEAST)
    done = 0
    for service_id in due:
        if monotonic() > ends:
            break
        with database.transaction(tenant_id) as conn:
            mode = weights_store.mode(conn, tenant_id, service_id) or USUAL_MODE
        learn(database, tenant_id, service_id, WORKER, apply=mode == "apply")
        done += 1
    return done


def _kept(conn: Connection, tenant_id: str, service_id: UUID, learned: Learned, by: str) -> Weights:
    """Store what was learned, unless it was learned just so last time; return it as stored."""
    latest = weights_store.sets(conn, tenant_id, service_id, 1)
    new = _stored(learned, latest[0].version + 1 if latest else 1, by)
    if latest and _same(latest[0], new):
        return latest[0]
    weights_store.add(conn, tenant_id, service_id, new)
    return new


def _same(a: Weights, b: Weights) -> bool:
    names = ("weights", "verdict", "outcomes", "good")
    return all(getattr(a, name) == getattr(b, name) for name in names)


def _stored(learned: Learned, version: int, by: str) -> Weights:
    usual: Any = learned.usual
    better: Any = learned.learned
    return Weights(
        version=version,
        weights=None if learned.weights is None else list(learned.weights),
        verdict=learned.verdict,
        accepted=learned.accepted,
        outcomes=learned.outcomes,
        good=learned.good,
        usual_log_loss=usual.log_loss,
        usual_pair_order=usual.pair_order,
        learned_log_loss=better.log_loss,
        learned_pair_order=better.pair_order,
        gain=learned.gain or 0.0,
        gain_error=learned.gain_error or 0.0,
        learned_at=datetime.now(UTC),
        learned_by=by,
    )


def _put(
    conn: Connection, tenant_id: str, service: Stored, found: Weights | None, by: str
) -> Stored:
    """Return the service with these weights in force: a version of its own if they differ."""
    version = found.version if found else None
    if service.weights_version == version:
        return service
    after = replace(
        service,
        version=service.version + 1,
        weights=found.weights if found else None,
        weights_version=version,
        changed_at=datetime.now(UTC),
        changed_by=by,
    )
    weights_store.put_in_force(conn, tenant_id, after)
    return after


def _state(conn: Connection, tenant_id: str, service: Stored) -> State:
    told = weights_store.outcomes(conn, tenant_id, service.id, MOST)
    return State(
        service,
        weights_store.mode(conn, tenant_id, service.id) or USUAL_MODE,
        len(told),
        sum(one.status in GOOD for one in told),
        weights_store.sets(conn, tenant_id, service.id, weights_store.MOST_SHOWN),
        weights_store.changes(conn, tenant_id, service.id, weights_store.MOST_SHOWN),
    )


def _read(told: Told) -> Outcome:
    parts = zip(told.points, CRITERIA, strict=True)
    shares = tuple(min(1.0, points / criterion.most) for points, criterion in parts)
    return Outcome(shares, told.status in GOOD, told.by)


def _service(conn: Connection, tenant_id: str, service_id: UUID, locked: bool = False) -> Stored:
    found = catalogue_store.one(conn, tenant_id, service_id, locked)
    if found is None:
        raise NotFound(details=UNKNOWN)
    return found
