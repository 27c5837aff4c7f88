"""Preparation: all that can be done for a lead before a lock is held."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from uuid import UUID

from services.dedup import blocking, record
from services.dedup.record import Reading, Record
from services.dedup.trade import ping_token
from services.dedup.trade.ping import PingOver
from services.dedup.trade.terms import Scope
from services.dedup.verdict import Submission
from shared.frozen import frozen
from shared.idempotency import Retry
from shared.ids import uuid7
from shared.privacy.gate import Gate, Permit, Pseudonym
from shared.privacy.purposes import LEAD_PROCESSING
from shared.spool import receipt

PROVIDED = "provided"
"""The kind of pseudonym that stands for a sender's name for a lead."""

log = logging.getLogger(__name__)


@frozen
class Arrival:
    """When a lead came, and the id it goes by: once for all attempts to decide it."""

    lead_id: UUID
    received_at: datetime
    passed: bytes | None = None
    """The answer that let it pass unchecked; None if it was not answered yet."""
    attempted: bool = False
    """True if an earlier attempt of this request may have been answered."""


@frozen
class Prepared:
    """A submission read and admitted."""

    submission: Submission
    permit: Permit
    reading: Reading
    keys: Sequence[Pseudonym]
    values: Mapping[str, Pseudonym]
    """Those of the keys that stand for a value alone, by the names of `beside.Carriers`."""
    relations: Sequence[Pseudonym]
    """Keys that colleagues share: read, never locked."""
    ip_key: Pseudonym | None
    retry: Retry | None
    country: str
    """What its national phone number was read as."""
    arrival: Arrival
    receipt_id: UUID
    """The name of this request, the same for every attempt."""
    readable: bool
    """False if reading it failed, so that it cannot be compared."""
    took_ms: float
    """What reading took, in milliseconds."""
    ping_over: bool = False
    """True if the ping that it follows is too old, and only an earlier answer may be repeated."""

    @property
    def provided(self) -> Pseudonym | None:
        """Return what stands for the sender's name for this lead; None if it has none."""
        key = self.submission.idempotency_key
        if not (self.submission.provided and key):
            return None
        return self.permit.pseudonym(PROVIDED, key)

    @property
    def locked(self) -> list[Pseudonym]:
        """Return every key that must be held before anything is read.

        One of them names the request: two attempts at it never overlap, whatever the lead says.
        """
        if self.retry:
            return [*self.keys, self.retry.key]
        return [*self.keys, self.permit.pseudonym("receipt", str(self.receipt_id))]


def prepare(
    gate: Gate,
    tenant_id: str,
    submission: Submission,
    country: str,
    arrival: Arrival | None = None,
) -> Prepared:
    """Return *submission* read and admitted; *country* reads its national phone number.

    Without *arrival* it comes now. Raises ConsentMissing where the privacy mode asks for a
    consent that was not given, PingUnknown and PingOver.
    """
    started = perf_counter()
    permit = gate.admit(tenant_id, LEAD_PROCESSING, submission.consent)
    follows = arrival is None and submission.deal.ping_id
    arrival = arrival or Arrival(uuid7(), datetime.now(UTC))
    reading = _read(submission, country)
    readable, reading = reading is not None, reading or Reading(None, None, Record())
    named = blocking.keys(reading.record)
    keys = [permit.pseudonym(*key) for key in named]
    pseudonyms = dict(zip(named, keys, strict=True))
    return Prepared(
        submission,
        permit,
        reading,
        keys,
        {name: pseudonyms[key] for name, key in blocking.values(reading.record).items()},
        relations=[permit.pseudonym(*key) for key in blocking.relations(reading.record)],
        ip_key=permit.pseudonym("ip", submission.ip) if submission.ip else None,
        retry=_retry(permit, submission),
        country=country,
        arrival=arrival,
        receipt_id=receipt(tenant_id, submission.idempotency_key or str(arrival.lead_id)),
        readable=readable,
        took_ms=(perf_counter() - started) * 1000,
        ping_over=_ping_over(permit, submission, arrival.received_at) if follows else False,
    )


def _ping_over(permit: Permit, submission: Submission, now: datetime) -> bool:
    """Return whether the lead's ping has expired; raise at once where no retry can be meant."""
    deal, keyring = submission.deal, permit.gate.keyring
    sign = partial(keyring.signature, permit.tenant_id, ping_token.KIND)
    scope = Scope(submission.source_id, deal.buyer_id, deal.campaign_id)
    over = ping_token.expires_at(sign, scope, deal.ping_id or "") <= now
    if over and submission.idempotency_key is None:
        raise PingOver
    return over


def _read(submission: Submission, country: str) -> Reading | None:
    """Return the lead as read, or None: a fault of ours is no reason to lose somebody."""
    try:
        return record.read(submission.fields, country)
    except Exception as error:
        log.error("a lead could not be read", exc_info=error)
        return None


def _retry(permit: Permit, submission: Submission) -> Retry | None:
    if submission.idempotency_key is None:
        return None
    # The lead is what was asked about; a retry may well carry another time in its context.
    asked = submission.asked or repr((submission.source_id, sorted(submission.fields.items())))
    return Retry(
        permit.pseudonym("idempotency", submission.idempotency_key),
        permit.pseudonym("request", asked),
    )
