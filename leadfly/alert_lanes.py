"""The worker's threads that deliver notifications, some for each lane of channels."""

from collections.abc import Callable, Mapping
from functools import partial

from leadfly.queues import Queue
from services.alerts.channels import LANES, Outlets
from services.alerts.channels.mailing import Mailing
from services.alerts.delivery import KINDS, Deliveries, Told
from shared.db import Database
from shared.jobs import Kind
from shared.outbound import Door
from shared.privacy.gate import Gate
from shared.settings import Settings

THREADS = 6
"""Of each lane: an attempt waits ten seconds for what does not answer."""

MOST_OF_TENANT = THREADS - 1
"""Deliveries of one account in a lane, so that its slow receivers leave a thread to the others."""

ALL = tuple(KINDS.values())
"""Kinds of jobs that other threads leave alone."""

Work = Callable[..., None]
"""`leadfly.worker.work`."""


def kinds(settings: Settings, door: Door, told: Told) -> dict[str, Kind]:
    """Return what does the jobs of every lane; *told* raises the alert of a receiver given up."""
    deliveries = Deliveries(Outlets(door, mailing(settings)), told, settings.public_url)
    return dict.fromkeys(ALL, deliveries)


def mailing(settings: Settings) -> Mailing | None:
    """Return the way to the operator's mail server, or None if there is none."""
    if settings.mail_server is None or settings.mail_from is None:
        return None
    return Mailing(settings.mail_server, settings.mail_from)


def loops(
    work: Work, database: Database, gate: Gate, by_kind: Mapping[str, Kind], rest: float
) -> list[Callable[..., object]]:
    """Return the loops of all lanes; an idle lane looks for jobs every *rest* seconds."""
    found: list[Callable[..., object]] = []
    for lane in LANES:
        queue = Queue(kind=KINDS[lane], most=MOST_OF_TENANT, rest=rest)
        found += [partial(work, database, gate, by_kind, queue=queue)] * THREADS
    return found
