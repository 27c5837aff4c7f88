"""Fetching: a lead that was announced is asked for, and then checked and kept like one that came.

The job is the promise: it is done once the lead is kept, and tried again until then. Its reference
is the lead's key, so that a second fetch changes nothing.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import orjson

from services.dedup.admission import Keeping
from services.dedup.answer import answer
from services.dedup.intake import decoding, source_store
from services.dedup.intake.detection import named
from services.dedup.intake.sender import Fetch, Sender
from services.dedup.intake.sent import Item, Sent
from services.dedup.intake.source import Source
from services.dedup.intake.submitting import Unreachable, name_of, read
from services.dedup.outcome import Outcome
from services.dedup.preparation import prepare
from shared import jobs
from shared.db import Database
from shared.errors import Malformed, ServiceError
from shared.jobs import Job, Later
from shared.outbound import Answer, Door
from shared.outbound import Unreachable as NoAnswer
from shared.privacy.gate import Gate

NOT_ALLOWED = (401, 403)
"""The access token has expired, or may not read this lead; its owner can give another one."""

BUSY = (408, 425, 429)
"""4xx that pass by themselves, as 5xx do; the others, 404 above all, are final."""

UNTIL_ALLOWED = timedelta(hours=1)
"""Pause after NOT_ALLOWED, or an answer without the lead, which a token too weak may get: the
twelve tries of a job give the owner half a day, then it is a dead letter that can be replayed."""

LONGEST_WAIT = timedelta(hours=1)
"""The longest Retry-After that is believed."""

OWN_HEADERS = {"Accept": "application/json", "User-Agent": "LeadFly-Intake/1"}

log = logging.getLogger(__name__)


class NoAccess(ServiceError):
    """The source holds no access token, or none that serves; give it one and replay this job."""


class NotFetched(Later):
    """The platform did not give the lead out just now."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """What leads are fetched with."""

    door: Door
    keeping: Keeping
    bases: Mapping[str, str]
    """By sender, the address below which its leads are."""
    country: str
    """How a national number is read where the source names no country."""

    def __call__(self, database: Database, gate: Gate, job: Job) -> None:
        """Do one job of the kind `news.FETCH`. Raises NotFetched, NoAccess or Unavailable."""
        with database.transaction(job.tenant_id) as conn:
            stored = source_store.find(conn, gate, job.tenant_id, str(job.arguments["source_id"]))
        if stored is None:
            return  # it was deleted, and with it what it was to bring
        sender, reference = named(str(job.arguments["adapter"])), str(job.arguments["reference"])
        how = sender.fetch(reference, stored.source.secrets) if sender.fetch else None
        if how is None:
            raise NoAccess
        found = self._asked(sender, how, job)
        if found is not None:
            self._keep(stored.source, sender, reference, found)

    def _asked(self, sender: Sender, how: Fetch, job: Job) -> bytes | None:
        """Return what the platform says of the lead; None if there is nothing to be had."""
        url = self.bases[sender.name] + how.path
        try:
            said = self.door.send("GET", url, {**OWN_HEADERS, **how.headers})
        except NoAnswer as error:
            log.warning("%s did not answer: %s", sender.name, type(error).__name__)
            raise NotFetched(jobs.pause(job.tries)) from error
        if said.status == 200 and said.whole:
            return said.body
        why = "too much" if said.status == 200 else said.status
        log.warning("a lead was not fetched: %s answered %s", sender.name, why)
        _refuse(said, job)
        return None

    def _keep(self, source: Source, sender: Sender, reference: str, body: bytes) -> None:
        try:
            payload = decoding.payload(body, "application/json")
        except Malformed:
            payload = None
        sent = [item for item in _fetched(sender, payload, reference) if isinstance(item, Sent)]
        if not sent:
            log.warning("%s answered without a lead", sender.name)
            raise NotFetched(UNTIL_ALLOWED)
        for one in sent:
            if not one.test:
                self._keep_lead(source, sender, replace(one, key=reference), body)

    def _keep_lead(self, source: Source, sender: Sender, sent: Sent, body: bytes) -> None:
        now, key = datetime.now(UTC), name_of(source.source_id, sent.key or "")
        try:
            found = read(source, sender.name, sent, key, body, now)
        except Unreachable:
            log.warning("a lead of %s holds no email or phone that reaches anybody", sender.name)
            return
        country, gate = source.country or self.country, self.keeping.gate
        lead = prepare(gate, source.tenant_id, found.submission, country)
        (answered,) = self.keeping.admit(source.tenant_id, [lead], _rendered)
        if answered.error:
            raise answered.error


def _fetched(sender: Sender, payload: object, reference: str) -> Sequence[Item]:
    return sender.fetched(payload, reference) if sender.fetched else ()


def _refuse(said: Answer, job: Job) -> None:
    """Raise what becomes of a job whose lead was refused; return if no other try would help."""
    if said.status in NOT_ALLOWED:
        raise NotFetched(UNTIL_ALLOWED) from NoAccess()
    if said.status in BUSY or said.status >= 500 or 300 <= said.status < 400:
        raise NotFetched(_wished(said.retry_after, datetime.now(UTC)) or jobs.pause(job.tries))


def _wished(retry_after: str | None, now: datetime) -> timedelta | None:
    """Return how long a platform wants to be left alone (RFC 9110, section 10.2.3)."""
    text = (retry_after or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(text).astimezone(UTC) - now
    except ValueError:
        return None
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


def _rendered(outcome: Outcome) -> bytes:
    return orjson.dumps(answer(outcome))
