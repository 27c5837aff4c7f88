"""Asking for discoveries, looking how far they are, and letting them go no further.

The sources themselves are asked by the worker alone: what a request may take is known then.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import orjson

from services.discovery import find_store, job_store
from services.discovery.choosing import Reference, chosen
from services.discovery.criteria import Circle, Criteria
from services.discovery.desk import Desk
from services.discovery.fitting import REGIONS
from services.discovery.job import MOST_OPEN, Job, SourceState, Wanted
from shared.connection import Connection
from shared.errors import Conflict, Meaningless, NotFound
from shared.idempotency import KeyReused
from shared.ids import uuid7
from shared.normalize.place import places

WAIT_SECONDS = 2.0
"""How long a request waits for its leads (issue: 200 within 2 s, else 202)."""

LOOK_SECONDS = 0.1
"""Pause between two looks whether it is over."""

MOST_LEADS = 1000
"""Ids of leads in one answer."""

UNKNOWN = {"job_id": "is no discovery of this account"}


class UnknownPlace(Meaningless):
    """This is no place we know; see details for names like it."""


class TooManyOpen(Conflict):
    """So many discoveries are under way already; wait for one, or cancel it."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a request asks for."""

    investigation_id: UUID
    criteria: Criteria
    """Without its circle: where the place is, is looked up."""
    radius_km: float
    sources: Sequence[Reference] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A discovery, and leads that it found."""

    job: Job
    leads: int
    """All of them that are still there."""
    lead_ids: Sequence[UUID]
    """Some of them, by their ids."""
    next_after: UUID | None
    """The last of these, if there are more."""


def ask(
    desk: Desk, tenant_id: str, order: Order, by: str, key: str | None, now: datetime
) -> tuple[UUID, bool]:
    """Have sources asked; return the job, and whether the request *key* had begun it before.

    Raises NotFound or Conflict for the investigation, UnknownPlace, Malformed for the sources,
    TooManyOpen, and KeyReused.
    """
    retry = _retry(desk, tenant_id, order, key)
    if retry:
        with desk.database.transaction(tenant_id) as conn:
            if (known := _repeated(conn, tenant_id, retry)) is not None:
                return known, True
    criteria = placed(order.criteria, order.radius_km, desk.country)
    desk.investigations.check_open(tenant_id, order.investigation_id)
    turn = desk.gate.keyring.pseudonym(tenant_id, "discovery", "jobs")
    with desk.database.transaction(tenant_id, [turn]) as conn:
        if retry and (known := _repeated(conn, tenant_id, retry)) is not None:
            return known, True
        if job_store.count_open(conn, tenant_id) >= MOST_OPEN:
            raise TooManyOpen
        sources = chosen(conn, desk, tenant_id, order.sources)
        job = _new(Wanted(order.investigation_id, criteria, sources), by, now)
        job_store.add(conn, desk.gate, tenant_id, job, retry)
    return job.id, False


def placed(criteria: Criteria, radius_km: float, country: str) -> Criteria:
    """Return *criteria* with the circle that they mean; a whole region has none.

    Raises UnknownPlace.
    """
    if not criteria.geographic_area:
        return replace(criteria, country=country)
    found = places(criteria.geographic_area, country, 1)
    if not found.places:
        details: dict[str, object] = {"geographic_area": "is no place we know"}
        if found.nearest_names:
            details["nearest_names"] = list(found.nearest_names)
        raise UnknownPlace(details=details)
    place = found.places[0]
    circle = Circle(place.latitude, place.longitude, radius_km)
    return replace(
        criteria,
        circle=None if place.kind in REGIONS else circle,
        country=place.country or country,
    )


def found(desk: Desk, tenant_id: str, job_id: UUID, after: UUID | None, limit: int) -> Found:
    """Return a discovery with up to *limit* of its leads. Raises NotFound."""
    with desk.database.transaction(tenant_id) as conn:
        job = _found(conn, desk, tenant_id, job_id)
        ids = find_store.leads(conn, tenant_id, job_id, after, limit + 1)
        total = find_store.count(conn, tenant_id, [job_id]).get(job_id, 0)
    return Found(job, total, ids[:limit], ids[limit - 1] if len(ids) > limit else None)


def page(
    desk: Desk, tenant_id: str, after: UUID | None, limit: int
) -> tuple[list[tuple[Job, int]], UUID | None]:
    """Return up to *limit* discoveries, the latest first, with how many leads; the next `after`."""
    with desk.database.transaction(tenant_id) as conn:
        rows = job_store.page(conn, desk.gate, tenant_id, after, limit + 1)
        shown = rows[:limit]
        leads = find_store.count(conn, tenant_id, [job.id for job in shown])
    following = shown[-1].id if len(rows) > limit else None
    return [(job, leads.get(job.id, 0)) for job in shown], following


def check(desk: Desk, tenant_id: str, job_id: UUID) -> None:
    """Return if there is that discovery. Raises NotFound."""
    with desk.database.transaction(tenant_id) as conn:
        if job_store.state(conn, tenant_id, job_id) is None:
            raise NotFound(details=UNKNOWN)


def cancel(desk: Desk, tenant_id: str, job_id: UUID, now: datetime) -> bool:
    """Let a discovery go no further; what it found stays. Return whether it was under way.

    Raises NotFound.
    """
    with desk.database.transaction(tenant_id) as conn:
        _found(conn, desk, tenant_id, job_id)
        return job_store.end(conn, tenant_id, job_id, "cancelled", now)


def wait(
    desk: Desk, tenant_id: str, job_ids: Sequence[UUID], seconds: float = WAIT_SECONDS
) -> None:
    """Return once all of *job_ids* have ended, and after *seconds* in any case."""
    give_up = time.monotonic() + seconds
    for job_id in job_ids:
        while not _over(desk, tenant_id, job_id) and time.monotonic() < give_up:
            time.sleep(LOOK_SECONDS)


def _over(desk: Desk, tenant_id: str, job_id: UUID) -> bool:
    with desk.database.transaction(tenant_id) as conn:
        return job_store.is_over(conn, tenant_id, job_id)


def _new(wanted: Wanted, by: str, now: datetime) -> Job:
    states = tuple(
        SourceState(place, one.type, one.name, one.source_id)
        for place, one in enumerate(wanted.sources)
    )
    return Job(uuid7(), wanted, "waiting", now.astimezone(UTC), by, now, states)


def _retry(desk: Desk, tenant_id: str, order: Order, key: str | None) -> tuple[int, int] | None:
    """Return by what this request is known again, or None if it has no name."""
    if key is None:
        return None
    asked = orjson.dumps(
        [order.investigation_id, order.criteria, order.radius_km, list(order.sources)],
        option=orjson.OPT_SORT_KEYS,
    ).decode()
    pseudonym = desk.gate.keyring.pseudonym
    return (
        pseudonym(tenant_id, "discovery/request", key),
        pseudonym(tenant_id, "discovery/asked", asked),
    )


def _repeated(conn: Connection, tenant_id: str, retry: tuple[int, int]) -> UUID | None:
    known = job_store.under_key(conn, tenant_id, retry[0])
    if known is None:
        return None
    if known[1] != retry[1]:
        raise KeyReused("This idempotency key came before with another discovery; use a new key.")
    return known[0]


def _found(conn: Connection, desk: Desk, tenant_id: str, job_id: UUID) -> Job:
    job = job_store.one(conn, desk.gate, tenant_id, job_id)
    if job is None:
        raise NotFound(details=UNKNOWN)
    return job
