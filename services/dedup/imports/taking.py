"""Taking rows in: through the check, as any lead, with what became of each beside it.

A stretch of rows is one transaction: its leads, what is noted of each row, the counts and how far
the import is. A worker that dies leaves nothing half done, and nothing is done twice.

Stretches may be under way side by side, each in a line (`Line`) of which the order is the file's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from uuid import UUID

from psycopg import Connection

from services.dedup.check import check
from services.dedup.imports import job_store, row, row_store
from services.dedup.imports.differing import Said, news
from services.dedup.imports.job import Import
from services.dedup.imports.judging_rows import Judged, judged_row
from services.dedup.imports.reading_rows import Read
from services.dedup.imports.row import Row
from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import Outcome
from services.dedup.policy_cache import PolicyCache
from services.dedup.preparation import Prepared
from services.dedup.record import unpack
from shared.db import Database
from shared.errors import Conflict
from shared.privacy.gate import Gate


class Overtaken(Conflict):
    """This import is not what it was: it was cancelled, or another worker is ahead."""


class Line(Protocol):
    """The place of a stretch among those that are under way."""

    @property
    def waits(self) -> bool:
        """True while rows before these are not in, as far as is known."""

    def let_in(self) -> None:
        """Let the stretch behind begin: the keys are held, and what is known of them is read."""

    def turn(self) -> Import:
        """Return the import with all rows before these, once they are in. Raises Overtaken."""


class First:
    """The place of a stretch before which all rows are in; nobody waits behind it."""

    waits = False

    def __init__(self, job: Import):
        """*job* is the import with those rows."""
        self._job = job

    def let_in(self) -> None:
        """Do nothing."""

    def turn(self) -> Import:
        """Return the import."""
        return self._job


@dataclass(slots=True)
class _Rows:
    """The manner of an import (`services.dedup.manner.Manner`)."""

    gate: Gate
    policies: PolicyCache
    job: Import
    read: Read
    line: Line
    numbers: Mapping[UUID, int]
    """Rows by the leads that they may become."""
    judged: dict[UUID, Judged] = field(default_factory=dict)
    begun: bool = False

    @property
    def tells(self) -> bool:
        """Return whether the import's new leads are told of."""
        return self.job.options.tell

    def amended(self, lead: Prepared, outcome: Outcome, around: Neighbourhood | None) -> Outcome:
        """Return *outcome*, or a review where a certain duplicate contradicts."""
        if not self.begun:
            self._let_in(outcome)
        found = Judged.of(self.numbers[outcome.lead_id], lead, outcome, around)
        self.judged[outcome.lead_id] = found
        return found.outcome

    def _let_in(self, outcome: Outcome) -> None:
        """Let the next stretch begin, unless a decision may rest on more than the keys held.

        Caps count leads, and terms and pauses look at what else a person sent.
        """
        self.begun, policy = True, outcome.verdict.policy
        silent = policy is not None and policy.reengage_after_days is None
        if silent and not self.policies.terms(self.job.tenant_id):
            self.line.let_in()

    def keeps(self, outcome: Outcome) -> bool:
        """Return whether a lead is made of the row: none of who is turned away."""
        return row.stored(outcome.verdict.decision)

    def settle(self, conn: Connection) -> None:
        """Note what became of the rows. Raises Overtaken, and nothing is stored."""
        tenant_id, import_id = self.job.tenant_id, self.job.id
        if not self.job.options.tell:
            row_store.commit_unhurried(conn)
        if self.line.waits:  # what is asked for last has the leads sent, and stored while we wait
            job_store.one(conn, tenant_id, import_id)
        job = self.line.turn()
        rows = [*self.read.refused, *self._rows(conn)]
        row_store.save(conn, tenant_id, import_id, rows)
        self.job = advanced(conn, job, rows, self.read.until)

    def _rows(self, conn: Connection) -> list[Row]:
        known = self._said(conn)
        return [judged_row(each, _news(each, known, self.numbers)) for each in self.judged.values()]

    def _said(self, conn: Connection) -> Mapping[UUID, Mapping[UUID, Said]]:
        """Return by subject, and by lead, what is said of those who are known; own rows, too."""
        subjects = sorted({each.person for each in self.judged.values() if each.of_somebody_known})
        said: dict[UUID, dict[UUID, Said]] = {subject: {} for subject in subjects}
        if subjects:
            tenant_id = self.job.tenant_id
            for subject_id, lead_id, fields, packed in row_store.said_by(
                conn, self.gate, tenant_id, subjects
            ):
                said[subject_id][lead_id] = Said(unpack(packed), fields)
        return said


def take(
    database: Database,
    gate: Gate,
    policies: PolicyCache,
    job: Import,
    read: Read,
    line: Line | None = None,
) -> Import:
    """Take the rows of *read* in; return the import after it.

    With *line* others are taken in meanwhile, and *job* may lag behind. Raises Overtaken if the
    import is not what it was, Unavailable if nothing could be stored.
    """
    numbers = {lead.arrival.lead_id: number for number, lead in read.leads}
    manner = _Rows(gate, policies, job, read, line or First(job), numbers)
    leads = [lead for _, lead in read.leads]
    check(
        database, gate, job.tenant_id, leads, lambda outcome: b"", policies=policies, manner=manner
    )
    return manner.job


def advanced(conn: Connection, job: Import, rows: Sequence[Row], until: int) -> Import:
    """Store that *rows* are in, all up to row *until*; return the import after it.

    Raises Overtaken if it is not what *job* says: then the transaction must not be committed.
    """
    ours = job_store.one(conn, job.tenant_id, job.id, locked=True)
    if ours is None or not ours.same_work(job) or ours.done_until != job.done_until:
        raise Overtaken
    before = ours.previewed if job.status == "previewing" else ours.imported
    counts = row.counted(rows, before)
    named = {"previewed" if job.status == "previewing" else "imported": counts}
    after = replace(ours, done_until=until, **named)  # type: ignore[arg-type]
    job_store.save(conn, job.tenant_id, after)
    return after


def _news(
    found: Judged, known: Mapping[UUID, Mapping[UUID, Said]], numbers: Mapping[UUID, int]
) -> tuple[str, ...]:
    if not found.of_somebody_known:
        return ()
    others = known[found.person].items()
    before = [said for lead_id, said in others if numbers.get(lead_id, 0) < found.number]
    return news(found.said, before)
