"""The preview: what each row would do, compared with what is known and with the rows before it.

A dry run of the check. It locks nothing and stores nothing but its own rows, so of what happens
meanwhile it may not know everything; the import decides by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import orjson

from services.dedup.dry_run import READING_SECONDS
from services.dedup.imports import preview_store, row_store
from services.dedup.imports.differing import Said, news
from services.dedup.imports.job import Import
from services.dedup.imports.judging_rows import Judged, judged_row
from services.dedup.imports.preview_store import Noted
from services.dedup.imports.reading_rows import Read
from services.dedup.imports.row import Row
from services.dedup.imports.taking import advanced
from services.dedup.judging import judged
from services.dedup.last_leads import LastLeads
from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import Outcome
from services.dedup.policy import Policies
from services.dedup.policy_cache import PolicyCache
from services.dedup.preparation import Prepared
from services.dedup.record import unpack
from services.dedup.trade.caps import Caps
from services.dedup.trade.trading import Trading
from services.dedup.verdict import Known
from shared.connection import Connection
from shared.db import Database
from shared.frozen import frozen
from shared.privacy.gate import Gate


@frozen
class _Spoken:
    """What somebody's lead says; *number* is its row, 0 for a lead that is stored."""

    number: int
    said: Said


class Preview:
    """A preview on its way: one connection, one row after another."""

    def __init__(self, database: Database, gate: Gate, job: Import):
        """*database* has one connection and nobody else uses it: what it notes stands there."""
        self._database, self._gate, self._job = database, gate, job
        self._policies = PolicyCache()
        self._caps = Caps(datetime.now(UTC))
        with database.transaction(job.tenant_id) as conn:
            preview_store.begin(conn)

    def judge(self, read: Read) -> Import:
        """Note what the rows of *read* would do; return the import after it.

        Raises Overtaken if the import is not what it was: cancelled, or asked for anew.
        """
        job = self._job
        with self._database.transaction(job.tenant_id, (), READING_SECONDS) as conn:
            rows = [*read.refused, *self._judged(conn, read)]
            row_store.save(conn, job.tenant_id, job.id, rows)
            self._job = advanced(conn, job, rows, read.until)
        return self._job

    def _judged(self, conn: Connection, read: Read) -> list[Row]:
        job, leads = self._job, [lead for _, lead in read.leads]
        if not leads:
            return []
        policies = self._policies.ask(conn, job.tenant_id)()
        around = Neighbourhood()
        around.read(conn, self._gate, job.tenant_id, leads)
        rows_of = self._meet(conn, around, leads) | {
            lead.arrival.lead_id: number for number, lead in read.leads
        }
        last_leads, trading = LastLeads(), Trading(datetime.now(UTC), self._caps)
        last_leads.read(conn, job.tenant_id, leads, around, policies)
        trading.read(conn, job.tenant_id, leads, around, policies, counting=False)
        work = _Work(around, last_leads, trading, policies)
        found = [work.judged(number, lead) for number, lead in read.leads]
        preview_store.note(conn, [_noted(each) for each in found if each.stored])
        known = self._said(conn, found)
        return [_previewed(judged_row(each, _news(each, known)), rows_of) for each in found]

    def _meet(
        self, conn: Connection, around: Neighbourhood, leads: Sequence[Prepared]
    ) -> dict[UUID, int]:
        """Let *leads* meet the rows before them; return those rows' numbers."""
        keys = sorted({key for lead in leads for key in lead.keys})
        numbers = {}
        for earlier in preview_store.sharing(conn, keys):
            opened = self._gate.unseal(self._job.tenant_id, earlier.compared, str(earlier.id))
            person = (earlier.id, earlier.subject_id, earlier.original)
            source_id = self._job.options.source_id
            known = Known(*person, source_id, earlier.submitted_at, unpack(opened))
            around.meet(known, earlier.blocking_keys)
            numbers[earlier.id] = earlier.row_number
        return numbers

    def _said(self, conn: Connection, found: Sequence[Judged]) -> Mapping[UUID, list[_Spoken]]:
        """Return by subject what known leads and earlier rows say of those who are known."""
        tenant_id = self._job.tenant_id
        subjects = sorted({each.person for each in found if each.of_somebody_known})
        said: dict[UUID, list[_Spoken]] = {subject: [] for subject in subjects}
        if not subjects:
            return said
        for subject_id, _, fields, packed in row_store.said_by(
            conn, self._gate, tenant_id, subjects
        ):
            said[subject_id].append(_Spoken(0, Said(unpack(packed), fields)))
        for subject_id, own_id, number, sealed, compared in preview_store.said_by(
            conn, subjects, row_store.MOST_RECORDS
        ):
            fields = orjson.loads(self._gate.unseal(tenant_id, sealed, f"{own_id}/said"))
            record = unpack(self._gate.unseal(tenant_id, compared, str(own_id)))
            said[subject_id].append(_Spoken(number, Said(record, fields)))
        return said


@dataclass(frozen=True, slots=True)
class _Work:
    """What is known around the rows of one stretch."""

    around: Neighbourhood
    last_leads: LastLeads
    trading: Trading
    policies: Policies

    def judged(self, number: int, lead: Prepared) -> Judged:
        policy = self.policies.of(lead.submission.source_id)
        outcome = judged(lead, self.around, policy=policy, last_leads=self.last_leads.of(lead))
        found = Judged.of(number, lead, self.trading.under(lead, outcome), self.around)
        if found.stored:
            self._remember(lead, found.outcome)
        return found

    def _remember(self, lead: Prepared, outcome: Outcome) -> None:
        self.around.add(lead, outcome)
        self.last_leads.add(outcome)
        self.trading.add(lead, outcome)


def _news(found: Judged, known: Mapping[UUID, list[_Spoken]]) -> tuple[str, ...]:
    if not found.of_somebody_known:
        return ()
    others = [each.said for each in known[found.person] if each.number < found.number]
    return news(found.said, others)


def _noted(found: Judged) -> Noted:
    lead, own_id = found.lead, found.outcome.lead_id
    subject_id, original = found.outcome.person
    return Noted(
        own_id,
        found.number,
        subject_id,
        original,
        lead.submission.submitted_at,
        lead.permit.seal(lead.reading.record.pack(), str(own_id)),
        lead.permit.seal(orjson.dumps(lead.submission.fields), f"{own_id}/said"),
        lead.keys,
    )


def _previewed(found: Row, rows_of: Mapping[UUID, int]) -> Row:
    """Return the row as a preview notes it: nothing is stored, so earlier rows have numbers."""
    earlier = rows_of.get(found.known_id) if found.known_id else None
    known_id = None if earlier else found.known_id
    return replace(found, lead_id=None, known_id=known_id, known_row=earlier)
