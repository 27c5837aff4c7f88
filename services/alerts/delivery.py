"""Delivery: one notification to one receiver, at least once, by the channel of the receiver.

A receiver may get a notification twice (our process may die between the other end's yes and our
note of it), and knows that by its id. Only what failed is tried again. What cannot succeed becomes
a dead letter at once, what failed too often later: both are shown, and can be replayed.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.alerts import delivery_store as store
from services.alerts import unsubscribing
from services.alerts.channels import CHANNELS, LANES, Lane, Outlets, sent
from services.alerts.channels.channel import Outcome, Target
from services.alerts.delivery_store import Addressed, Why
from services.alerts.happening import Happening
from services.alerts.message import message
from services.alerts.notification import Notification
from services.alerts.places import Places, Rests
from shared import jobs
from shared.connection import Connection
from shared.db import Database
from shared.ids import uuid7
from shared.jobs import MOST_TRIES, Job, Later
from shared.outbound import SECONDS
from shared.privacy.gate import Gate
from shared.retries import given_up, held_until, pause

KINDS: dict[Lane, str] = {lane: f"alerts.deliver.{lane}" for lane in LANES}
"""Kinds of jobs, by lane: each lane's threads look for their own."""

MOST_OF_CHANNEL, MOST_OF_RECEIVER = 4, 2
"""Of a lane's six threads: one channel that hangs leaves two to the others, one receiver four."""

FULL = timedelta(seconds=1)
"""How long a delivery waits that found no place, at least."""

FAILED = "receiver.failing"
"""What has happened when a receiver is given up: an alert of its own."""

Told = Callable[[Connection, Gate, str, Happening], object]
"""Makes an alert of what happened, as the last act of the transaction at hand."""

log = logging.getLogger(__name__)


class Spared(Later):
    """The receiver is down, or busy; it is not asked again for every notification."""


class Undelivered(Later):
    """The receiver did not take the notification."""


def hand_over(
    conn: Connection, tenant_id: str, notification_id: UUID, receiver_id: UUID, channel: str
) -> None:
    """Have a stored notification sent, once this transaction commits."""
    arguments = {"notification_id": str(notification_id), "receiver_id": str(receiver_id)}
    jobs.enqueue(conn, tenant_id, KINDS[CHANNELS[channel].lane], None, arguments)


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Does the jobs of KINDS; one of it in a process, for all threads."""

    outlets: Outlets
    told: Told
    public_url: str | None = None
    """Where people reach this installation; None: messages have no links."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    seconds: float = SECONDS
    """What one attempt may take."""
    places: Places = field(default_factory=Places)
    rests: Rests = field(default_factory=Rests)

    def __call__(self, database: Database, gate: Gate, job: Job) -> None:
        """Do one job. Raises Later if it is to be done again."""
        notification_id, receiver_id = _ids(job)
        now = self.clock()
        if self.places.under_way(receiver_id) >= MOST_OF_RECEIVER:
            raise Spared(self._patience(receiver_id), counts=False)
        with database.transaction(job.tenant_id) as conn:
            to = store.addressed(conn, gate, job.tenant_id, receiver_id)
            told = store.waiting(conn, gate, job.tenant_id, notification_id)
            if to is None or told is None:
                return  # removed, or delivered by a worker that died of it
            why = _needless(to, told)
            if why:
                return store.drop(conn, job.tenant_id, notification_id, why, now)
            until = _later(to.held_until, self.rests.until(to.channel, now), now)
            if until:
                store.postpone(conn, job.tenant_id, notification_id, until)
        if until:
            raise Spared(until - now, counts=False)
        most = {to.channel: MOST_OF_CHANNEL, receiver_id: MOST_OF_RECEIVER}
        with self.places.taken(most) as free:
            if not free:
                raise Spared(self._patience(receiver_id), counts=False)
            found = self._attempt(gate, job.tenant_id, to, told)
        if not found.is_ours:
            self.rests.worked(to.channel)
        elif found.result == "failed":
            self.rests.failed(to.channel, self.clock())
        self._conclude(database, gate, job, found)

    def _patience(self, receiver_id: UUID) -> timedelta:
        """Return how long to leave a receiver alone that has no place.

        As long as its attempts under way have lasted by now: so one that is slow is kept busy, and
        what waits for one that hangs asks again four times, not every second.
        """
        return max(FULL, timedelta(seconds=self.places.held_for(receiver_id)))

    def _attempt(self, gate: Gate, tenant_id: str, to: Addressed, told: Notification) -> Outcome:
        link = None
        if self.public_url and told.reason == "digest":
            link = unsubscribing.link(
                gate, self.public_url, tenant_id, told.receiver_id, to.address
            )
        target = Target(to.address, to.secret, link)
        try:
            said = message(told, gate.mode, self.public_url)
            return sent(self.outlets, to.channel, target, said, self.clock(), self.seconds)
        except Exception as error:  # a fault of ours must not look like one that passes
            log.error("notification %s cannot be sent: %s", told.id, type(error).__name__)
            return Outcome("refused", None, "We could not make this message.", is_ours=True)

    def _conclude(self, database: Database, gate: Gate, job: Job, found: Outcome) -> None:
        """Write down what an attempt came to. Raises Undelivered if another is to follow."""
        notification_id, receiver_id = _ids(job)
        now = self.clock()
        if found.result != "sent":
            return self._note_failure(database, gate, job, found, now)
        with database.transaction(job.tenant_id) as conn:
            store.succeeded(conn, job.tenant_id, receiver_id)
            attempts = store.note(conn, job.tenant_id, notification_id, found, "sent", now)
            if attempts > job.tries:  # it was a dead letter, and was replayed
                store.forget_dead(conn, job.tenant_id, notification_id)
            jobs.finish(conn, job)

    def _note_failure(
        self, database: Database, gate: Gate, job: Job, found: Outcome, now: datetime
    ) -> None:
        notification_id, receiver_id = _ids(job)
        wait = max(pause(job.tries), found.retry_after or timedelta(0))
        with database.transaction(job.tenant_id) as conn:
            ended = _receiver_failed(conn, job.tenant_id, receiver_id, found, now)
            is_over = ended or found.result != "failed" or job.tries >= MOST_TRIES
            if is_over:
                store.note(conn, job.tenant_id, notification_id, found, "failed", now)
                jobs.bury(conn, job, f"alerts.{found.result}", now)
            else:
                until = now + wait
                store.note(conn, job.tenant_id, notification_id, found, "pending", now, until)
            if ended:
                self.told(conn, gate, job.tenant_id, ended)
        if not is_over:
            raise Undelivered(wait)
        log.warning("notification %s is a dead letter: %s", notification_id, found.result)


def _later(held: datetime | None, rests: datetime | None, now: datetime) -> datetime | None:
    """Return until when nothing may be sent, or None if it may now."""
    return max((one for one in (held, rests) if one and now < one), default=None)


def _receiver_failed(
    conn: Connection, tenant_id: str, receiver_id: UUID, found: Outcome, now: datetime
) -> Happening | None:
    """Note the failure at the receiver; give it up if it is time to, and return that it was."""
    noted = None if found.is_ours else store.failed(conn, tenant_id, receiver_id, now)
    if noted is None:
        return None
    failures, since = noted
    until = held_until(failures, now)
    if found.retry_after:
        until = max(until or now, now + found.retry_after)
    store.hold(conn, tenant_id, receiver_id, until)
    if found.result != "gone" and not given_up(since, now):
        return None
    why: Why = "gone" if found.result == "gone" else "failing"
    receiver = store.end(conn, tenant_id, receiver_id, why, now)
    return _given_up(receiver_id, receiver, why, now) if receiver else None


def _needless(to: Addressed, told: Notification) -> str | None:
    """Return why a notification has nobody to reach, or nothing to say any more."""
    if not to.is_active:
        return "The receiver was switched off first."
    if not told.alerts and told.reason != "test":
        return "The alerts were dealt with first."
    return None


def _given_up(receiver_id: UUID, receiver: dict[str, Any], why: Why, now: datetime) -> Happening:
    facts = {
        "data.receiver_id": str(receiver_id),
        "data.title": f"Alerts do not reach {receiver['name']}",
        "data.message": REASONS[why].format(**receiver),
    }
    return Happening(uuid7(), FAILED, None, now, facts, f"{FAILED}:{receiver_id}")


def _ids(job: Job) -> tuple[UUID, UUID]:
    """Return the notification and the receiver that *job* is about."""
    said = (job.arguments[name] for name in ("notification_id", "receiver_id"))
    notification_id, receiver_id = (UUID(str(one)) for one in said)
    return notification_id, receiver_id


REASONS = {
    "gone": "It answered that it wants no more ({channel}), and was switched off.",
    "failing": "It failed for three days without one success ({channel}), and was switched off.",
}
