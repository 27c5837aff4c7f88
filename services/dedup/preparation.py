"""Preparation: all that can be done for a lead before a lock is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from services.dedup import blocking, record
from services.dedup.record import Reading
from services.dedup.verdict import Submission
from shared.idempotency import Retry
from shared.privacy.gate import Gate, Permit, Pseudonym
from shared.privacy.purposes import LEAD_PROCESSING


@dataclass(frozen=True, slots=True)
class Prepared:
    """A submission read and admitted."""

    submission: Submission
    permit: Permit
    reading: Reading
    keys: Sequence[Pseudonym]
    relations: Sequence[Pseudonym]
    """Keys that colleagues share: read, never locked."""
    ip_key: Pseudonym | None
    retry: Retry | None
    took_ms: float
    """What reading took, in milliseconds."""

    @property
    def locked(self) -> list[Pseudonym]:
        """Return every key that must be held before anything is read."""
        return [*self.keys, *([self.retry.key] if self.retry else [])]


def prepare(gate: Gate, tenant_id: str, submission: Submission, country: str) -> Prepared:
    """Return *submission* read and admitted; *country* reads its national phone number.

    Raises ConsentMissing where the privacy mode asks for a consent that was not given.
    """
    started = perf_counter()
    permit = gate.admit(tenant_id, LEAD_PROCESSING, submission.consent)
    reading = record.read(submission.fields, country)
    return Prepared(
        submission,
        permit,
        reading,
        keys=[permit.pseudonym(*key) for key in blocking.keys(reading.record)],
        relations=[permit.pseudonym(*key) for key in blocking.relations(reading.record)],
        ip_key=permit.pseudonym("ip", submission.ip) if submission.ip else None,
        retry=_retry(permit, submission),
        took_ms=(perf_counter() - started) * 1000,
    )


def _retry(permit: Permit, submission: Submission) -> Retry | None:
    if submission.idempotency_key is None:
        return None
    # The lead is what was asked about; a retry may well carry another time in its context.
    asked = repr((submission.source_id, sorted(submission.fields.items())))
    return Retry(
        permit.pseudonym("idempotency", submission.idempotency_key),
        permit.pseudonym("request", asked),
    )
