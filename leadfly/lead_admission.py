"""The duplicate check as the leads service asks for it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import orjson

from services.dedup import schema
from services.dedup.admission import Keeping
from services.dedup.answer import answer
from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared, prepare
from services.leads.admission import Admitted, Sent
from shared import idempotency
from shared.errors import Malformed
from shared.idempotency import apart
from shared.spool import SpoolUnavailable

INSIDE = "lead_data."
"""What the check puts before the name of a field, which callers of the leads service do not."""


class LeadAdmission:
    """Checks and keeps leads as the webhook does, with the same locks, policies and spool."""

    def __init__(self, keeping: Callable[[], Keeping], country: str):
        """*keeping* returns what keeps this process's leads; *country* reads national numbers."""
        self._keeping, self._country = keeping, country

    def admit(self, tenant_id: str, sent: Sent) -> Admitted:
        """Return what became of *sent*, as `services.leads.admission.Admission` says."""
        keeping = self._keeping()
        lead = self._prepared(keeping, tenant_id, sent)
        (answered,) = keeping.admit(tenant_id, [lead], _rendered)
        if answered.error:
            raise answered.error
        said = orjson.loads(answered.body)
        first_id = said["first_id"]
        return Admitted(
            UUID(said["check"]["lead_id"]),
            UUID(first_id) if first_id else None,
            said["check"],
            repeated=answered.outcome is None,
        )

    def answered(self, tenant_id: str, sent: Sent) -> bool:
        """True if a request under the key of *sent* was answered before, here or in the spool."""
        keeping = self._keeping()
        lead = self._prepared(keeping, tenant_id, sent)
        if lead.retry is None:
            return False
        try:
            if keeping.spool.find(lead.receipt_id):
                return True
        except SpoolUnavailable:
            pass  # as for any lead: a broken disk stops no healthy database
        with keeping.database.transaction(tenant_id) as conn:
            now = datetime.now(UTC)
            return any(idempotency.answers(conn, tenant_id, [lead.retry.key], now))

    def _prepared(self, keeping: Keeping, tenant_id: str, sent: Sent) -> Prepared:
        data = {
            "source_id": sent.source_id,
            "lead_data": dict(sent.fields),
            "consent": sent.consent,
        }
        try:
            submission = schema.submission(data, raw=sent.raw)
        except Malformed as error:
            shown = {path.removeprefix(INSIDE): why for path, why in error.details.items()}
            raise Malformed(error.message, shown) from None
        # The webhook's answers are in another shape: the keys are a space of their own.
        key = sent.key and apart("leads", sent.key)
        submission = replace(submission, idempotency_key=key or None, asked=sent.asked)
        return prepare(keeping.gate, tenant_id, submission, self._country)


def _rendered(outcome: Outcome) -> bytes:
    """Return what is kept as the answer: the check's own, and whose record the lead is."""
    known = outcome.verdict.decision.duplicate
    return orjson.dumps(
        {"first_id": outcome.person[1] if known else None, "check": answer(outcome)}
    )
