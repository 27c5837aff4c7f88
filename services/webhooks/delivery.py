"""Delivery: one event to one endpoint, at least once.

A receiver may hear of an event twice (our process may die between its answer and our note of it)
and knows that by the `webhook-id`. The order in which events of one lead arrive is the order in
which they happened only as long as nothing has to be tried again.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from services.webhooks import delivery_store, store
from services.webhooks.attempt import Outcome, outcome
from services.webhooks.endpoint import Ended, Endpoint
from services.webhooks.message import Message, headers, message
from shared import jobs
from shared.connection import Connection
from shared.db import Database
from shared.jobs import MOST_TRIES, Job, Later
from shared.outbound import SECONDS, Door, Refused, Unreachable
from shared.privacy.gate import Gate
from shared.retries import given_up, held_until, pause

log = logging.getLogger(__name__)


class Spared(Later):
    """The endpoint is down; it is not asked again for every event."""


class Undelivered(Later):
    """The endpoint did not take the message."""


def deliver(
    door: Door,
    database: Database,
    gate: Gate,
    job: Job,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Do one job of the kind `fan_out.DELIVER`. Raises Later if it is to be done again."""
    where, now = _where(job), clock()
    with database.transaction(job.tenant_id) as conn:
        endpoint = store.one(conn, gate, *where[:2])
        waiting = delivery_store.waiting(conn, *where)
    if endpoint is None or waiting is None:
        return  # removed or erased meanwhile
    event, handed_over_at = waiting
    if not endpoint.hears(handed_over_at):
        with database.transaction(job.tenant_id) as conn:
            return delivery_store.drop(conn, *where, now)
    if endpoint.held_until and now < endpoint.held_until:
        with database.transaction(job.tenant_id) as conn:
            delivery_store.postpone(conn, *where, endpoint.held_until)
        raise Spared(endpoint.held_until - now, counts=False)
    told = message(event.id, event.name, event.lead_id, event.data, event.occurred_at)
    _conclude(database, job, sent(door, endpoint, told, now), clock())


def sent(
    door: Door, endpoint: Endpoint, message: Message, now: datetime, seconds: float = SECONDS
) -> Outcome:
    """Send *message* and return how it was taken; within *seconds*, and whatever happens."""
    signed = headers(message, endpoint.secrets(now), now)
    try:
        answer = door.send("POST", endpoint.url, signed, message.body, seconds)
    except Refused as error:
        return Outcome("failed", None, f"The address {error.details['url']}.")
    except Unreachable as error:
        return Outcome("failed", None, error.message)
    return outcome(answer.status)


def _conclude(database: Database, job: Job, found: Outcome, now: datetime) -> None:
    """Write down what an attempt came to. Raises Undelivered if another is to follow.

    Rows are locked in the order delivery, job: so are they by who erases a lead.
    """
    where = _where(job)
    if found.result != "delivered":
        return _note_failure(database, job, found, now)
    with database.transaction(job.tenant_id) as conn:
        store.succeeded(conn, *where[:2], now)
        delivery_store.note(conn, *where, found, "delivered", now)
        jobs.finish(conn, job)


def _note_failure(database: Database, job: Job, found: Outcome, now: datetime) -> None:
    where, wait = _where(job), pause(job.tries)
    with database.transaction(job.tenant_id) as conn:
        ended = _endpoint_failed(conn, *where[:2], found, now)
        if ended or job.tries >= MOST_TRIES:
            delivery_store.note(conn, *where, found, "failed", now)
        else:
            delivery_store.note(conn, *where, found, "pending", now, now + wait)
        if ended:
            jobs.finish(conn, job)
    if not ended:
        raise Undelivered(wait)
    log.warning("webhook endpoint %s deactivated: %s", where[1], ended)


def _endpoint_failed(
    conn: Connection, tenant_id: str, endpoint_id: UUID, found: Outcome, now: datetime
) -> Ended | None:
    """Note the failure at the endpoint; deactivate it if it is time to, and return why."""
    noted = store.failed(conn, tenant_id, endpoint_id, now)
    if noted is None:
        return None
    failures, since = noted
    store.hold(conn, tenant_id, endpoint_id, held_until(failures, now))
    why: Ended | None = "failing" if given_up(since, now) else None
    if found.result == "gone":
        why = "gone"
    if why:
        store.end(conn, tenant_id, endpoint_id, why, now)
    return why


def _where(job: Job) -> tuple[str, UUID, UUID]:
    """Return the tenant, the endpoint and the event that *job* is about."""
    endpoint_id, event_id = (UUID(str(job.arguments[name])) for name in ("endpoint_id", "event_id"))
    return job.tenant_id, endpoint_id, event_id
