"""The duplicate check as services ask for it that find or make leads."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from services.dedup import schema
from services.dedup.admission import Keeping
from services.dedup.answer import answer
from services.dedup.check import MOST_PER_TRANSACTION, Answered
from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared, prepare
from shared import idempotency
from shared.admission import Admitted, Sent
from shared.errors import Malformed, ServiceError
from shared.idempotency import apart
from shared.spool import SpoolUnavailable

INSIDE = "lead_data."
"""What the check puts before the name of a field, which callers of the leads service do not."""

UNKEEPABLE = "must be text without the NUL character and halves of surrogate pairs"
"""As of a request's body (`shared.web.json_body`): the database keeps no such text."""


class LeadAdmission:
    """Checks and keeps leads as the webhook does, with the same locks, policies and spool."""

    def __init__(self, keeping: Callable[[], Keeping], country: str):
        """*keeping* returns what keeps this process's leads; *country* reads national numbers."""
        self._keeping, self._country = keeping, country

    def admit(self, tenant_id: str, sent: Sent) -> Admitted:
        """Return what became of *sent*, as `shared.admission.Admission` says."""
        keeping = self._keeping()
        lead = self._prepared(keeping, tenant_id, sent)
        (answered,) = keeping.admit(tenant_id, [lead], _rendered)
        found = _admitted(answered)
        if isinstance(found, ServiceError):
            raise found
        return found

    def admit_all(self, tenant_id: str, sent: Sequence[Sent]) -> list[Admitted | ServiceError]:
        """Return what became of each of *sent*, as `shared.admission.Admission` says."""
        keeping, found = self._keeping(), dict[int, Admitted | ServiceError]()
        prepared: list[tuple[int, Prepared]] = []
        for place, one in enumerate(sent):
            try:
                prepared.append((place, self._prepared(keeping, tenant_id, one)))
            except ServiceError as error:
                found[place] = error
        for start in range(0, len(prepared), MOST_PER_TRANSACTION):
            part = prepared[start : start + MOST_PER_TRANSACTION]
            try:
                answered = keeping.admit(tenant_id, [lead for _, lead in part], _rendered)
            except ServiceError as error:
                found |= {place: error for place, _ in part}
            else:
                places = [place for place, _ in part]
                found |= zip(places, map(_admitted, answered), strict=True)
        return [found[place] for place in range(len(sent))]

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
        _check_texts({**sent.fields, "consent": sent.consent})
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


def _check_texts(said: Mapping[str, Any]) -> None:
    """Return if all that is *said* can be kept. Raises Malformed, by field."""
    faults: dict[str, object] = {
        name: UNKEEPABLE for name, value in said.items() if not all(map(_keepable, _texts(value)))
    }
    if faults:
        raise Malformed(details=faults)


def _keepable(text: str) -> bool:
    return "\0" not in text and (text.isascii() or not _SURROGATE.search(text))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        parts = [*value.keys(), *value.values()] if isinstance(value, Mapping) else value
        for part in parts:
            yield from _texts(part)


def _admitted(answered: Answered) -> Admitted | ServiceError:
    """Return what the check answered, as those who asked through this read it."""
    if answered.error:
        return answered.error
    said = orjson.loads(answered.body)
    first_id = said["first_id"]
    return Admitted(
        UUID(said["check"]["lead_id"]),
        UUID(first_id) if first_id else None,
        said["check"],
        repeated=answered.outcome is None,
    )


def _rendered(outcome: Outcome) -> bytes:
    """Return what is kept as the answer: the check's own, and whose record the lead is."""
    known = outcome.verdict.decision.duplicate
    return orjson.dumps(
        {"first_id": outcome.person[1] if known else None, "check": answer(outcome)}
    )


_SURROGATE = re.compile("[\ud800-\udfff]")
