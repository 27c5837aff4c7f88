"""The worker: the process of everything that goes on without a request.

It runs *loops* (`leadfly.loops`), each in a thread of its own: background jobs, schedules, and
whatever stands at the foot of this file. A loop that raised is called again, so that an
unreachable database delays, and no more.
"""

import argparse
import logging
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from leadfly import alert_lanes, discovery_crew, import_crew
from leadfly.erasing import Erasing, Finishing
from leadfly.loops import (
    PAUSE_SECONDS,
    QUICK_SECONDS,
    Loop,
    Quick,
    Stop,
    keep_calling,
)
from leadfly.purge import purge
from leadfly.queues import Queue
from leadfly.reconciler import reconcile_spool
from services.alerts.notifying import follow as follow_alerts
from services.alerts.raising import Raiser
from services.dedup import rekeying
from services.dedup.admission import Keeping
from services.dedup.check import RECHECK
from services.dedup.intake.fetching import Fetching
from services.dedup.intake.news import FETCH, WITHDRAW
from services.dedup.intake.withdrawing import Withdrawing
from services.dedup.recheck import recheck
from services.dedup.scan import scanning
from services.dedup.trade import hashed_switch
from services.leads.catching_up import keep_up
from services.matching import rematching
from services.matching.catalogue_cache import Catalogues
from services.matching.matchmaking import Desk
from services.matching.profiling import follow
from services.matching.weighing import learn_all
from services.webhooks.delivery import deliver
from services.webhooks.fan_out import DELIVER, fan_out
from shared import db, jobs, schedules
from shared.db import WORKER, Database
from shared.errors import ServiceError
from shared.jobs import MOST_TRIES, Job, Kind, Later, Overtaken
from shared.keyfile import keyring
from shared.outbound import Door
from shared.privacy.gate import Gate
from shared.schedules import Schedule
from shared.settings import Settings
from shared.spool import Spool
from shared.web import logs

JOB_THREADS = 2
"""Jobs at a time: one that waits for the network does not hold up the rest."""

DELIVERY_THREADS = 8
"""Webhooks under way at a time, apart from other jobs: endpoints may not answer for ten seconds."""

MOST_DELIVERIES = DELIVERY_THREADS // 2
"""Of one tenant's, so that its slow endpoints leave threads for the others."""

FETCH_THREADS = 4
"""Leads that are being fetched at a time, apart from other jobs: platforms, too, may not answer."""

MOST_FETCHES = FETCH_THREADS // 2
"""Of one tenant's, so that its slow platform leaves threads for the others."""

CONNECTIONS = JOB_THREADS + 12 + discovery_crew.CONNECTIONS
"""One for each loop but deliveries and fetches, which mostly wait for the network, and new keys,
which wait for an upgrade, and three that they share; `leadfly doctor` counts them beside those of
the services."""

ALL_JOBS = Queue()
"""Whatever is due."""

log = logging.getLogger(__name__)


class UnknownKind(ServiceError):
    """No function is registered for this kind of job; an older worker may be running."""


class WornOut(ServiceError):
    """This job was claimed too often by workers that died of it."""


def call(chosen: argparse.Namespace, settings: Settings) -> None:
    """Work until a stop is asked for."""
    run(settings)


def run(settings: Settings) -> None:
    """Run every loop until SIGTERM or SIGINT; return when what was under way has ended."""
    logs.configure("worker")
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: asked.append(number))
    keys = keyring(settings)
    database = db.connect(replace(settings, threads=CONNECTIONS), keys.fingerprint, WORKER)
    database.watch()
    gate, spool = Gate(settings.mode, keys), Spool(settings.spool_folder)
    door = Door(settings.allowed_private_hosts)
    try:
        by_kind = kinds(settings, database, gate, spool, door)
        loops = _loops(settings, database, gate, spool, by_kind)
        keep_calling(loops, lambda: bool(asked), log)
    finally:
        spool.close()
        database.close()


def work(
    database: Database,
    gate: Gate,
    kinds: Mapping[str, Kind],
    stop: Stop,
    queue: Queue = ALL_JOBS,
) -> None:
    """Run due jobs one after another until none is left."""
    while not stop() and run_next(database, gate, kinds, queue=queue):
        pass


def run_next(
    database: Database,
    gate: Gate,
    kinds: Mapping[str, Kind],
    now: datetime | None = None,
    queue: Queue = ALL_JOBS,
) -> bool:
    """Claim one due job and run it; return False if none was due.

    *now* is the database's clock unless given. Raises Unavailable if the outcome of the job
    could not be noted: then it runs again when its lease ends.
    """
    claimed = queue.claim(database, now)
    for job in claimed:
        try:
            _run(database, gate, kinds, job, now)
        finally:
            queue.done(job)
    return bool(claimed)


def _run(
    database: Database,
    gate: Gate,
    kinds: Mapping[str, Kind],
    job: Job,
    now: datetime | None,
) -> None:
    begun = time.perf_counter()
    try:
        _call(database, gate, kinds, job)
    except Exception as error:
        if isinstance(error, Later) and not error.counts:
            return _postpone(database, job, error, now)
        failure = f"{type(error).__module__}.{type(error).__qualname__}"
        wait = error.pause if isinstance(error, Later) else None
        with database.transaction(job.tenant_id) as conn:
            died = jobs.fail(conn, job, failure, now, wait)
        level, outcome = (logging.ERROR, "job died") if died else (logging.WARNING, "job failed")
        log.log(level, outcome, exc_info=error, extra=_about(job, begun))
    else:
        log.info("job done", extra=_about(job, begun))


def _postpone(database: Database, job: Job, later: Later, now: datetime | None) -> None:
    with database.transaction(job.tenant_id) as conn:
        jobs.postpone(conn, job, later.pause, now)


def _call(database: Database, gate: Gate, kinds: Mapping[str, Kind], job: Job) -> None:
    """Do *job* and finish it, unless it has finished itself."""
    if job.tries > MOST_TRIES:
        raise WornOut
    if job.kind not in kinds:
        raise UnknownKind
    kinds[job.kind](database, gate, job)
    with suppress(Overtaken), database.transaction(job.tenant_id) as conn:
        jobs.finish(conn, job)


def _about(job: Job, begun: float) -> dict[str, object]:
    """Return what the log line of one run of *job* says beside its message."""
    took_ms = round((time.perf_counter() - begun) * 1000, 3)
    fields = {"job": str(job.id), "kind": job.kind, "tries": job.tries, "duration_ms": took_ms}
    return {"fields": fields}


def kinds(
    settings: Settings, database: Database, gate: Gate, spool: Spool, door: Door
) -> dict[str, Kind]:
    """Return what does each kind of job, by the name under which it is enqueued."""
    keeping = Keeping(database, gate, spool)
    return {
        RECHECK: recheck,
        DELIVER: partial(deliver, door),
        FETCH: Fetching(door, keeping, settings.lead_platforms, settings.default_country),
        WITHDRAW: Withdrawing(Erasing(settings, gate, spool), spool),
        **hashed_switch.kinds(settings.default_country),
        **alert_lanes.kinds(settings, door, Raiser(gate).raise_as_it_is),
    }


SCHEDULES = (
    Schedule("purge", timedelta(hours=1), purge),
    Schedule("learn weights", timedelta(days=1), learn_all),
    Schedule("nightly scans", timedelta(hours=1), scanning.look),
)
"""The purge is hourly because what it deletes is kept for days; a day's outcomes are few."""


def _loops(
    settings: Settings,
    database: Database,
    gate: Gate,
    spool: Spool,
    by_kind: Mapping[str, Kind],
) -> list[Loop]:
    """Return what this process does, a thread for each; CONNECTIONS counts them."""
    jobs_here = partial(work, queue=Queue(without=(DELIVER, FETCH, *alert_lanes.ALL)))
    deliveries = partial(work, queue=Queue(kind=DELIVER, most=MOST_DELIVERIES, rest=PAUSE_SECONDS))
    desk = Desk(database, gate, settings.default_country, Catalogues())
    fetches = partial(work, queue=Queue(kind=FETCH, most=MOST_FETCHES, rest=PAUSE_SECONDS))
    return [
        *[partial(jobs_here, database, gate, by_kind)] * JOB_THREADS,
        *[partial(deliveries, database, gate, by_kind)] * DELIVERY_THREADS,
        *[partial(fetches, database, gate, by_kind)] * FETCH_THREADS,
        partial(schedules.run_due, database, SCHEDULES),
        partial(reconcile_spool, database, gate, spool),
        Finishing(settings, gate, spool),
        partial(fan_out, database),
        Quick(partial(keep_up, database, gate, settings.default_country)),
        Quick(partial(follow_alerts, database, Raiser(gate), settings.default_country)),
        *map(Quick, alert_lanes.loops(work, database, gate, by_kind, 2 * QUICK_SECONDS)),
        partial(follow, database, gate, settings.default_country),
        partial(rematching.follow, desk, settings.rematch_automatically),
        partial(scanning.follow, scanning.Desk(database, gate)),
        rekeying.Follower(rekeying.Desk(database, gate, settings.default_country)),
        partial(import_crew.follow, settings, database),
        *map(Quick, discovery_crew.loops(settings, database, gate, spool)),
    ]
