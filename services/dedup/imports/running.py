"""Running an import: its file read a stretch at a time, and what it comes to in the end."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from services.dedup.imports import job_store, reading, row_store
from services.dedup.imports.job import KEPT_CONFIRMED, Counts, Import, Status
from services.dedup.imports.places import Places
from services.dedup.imports.previewing import Preview
from services.dedup.imports.reading_rows import Read, read
from services.dedup.imports.row import refused
from services.dedup.imports.sheet import Sheet, SheetRow
from services.dedup.imports.taking import Overtaken, take
from services.dedup.imports.undoing import Erase, undo_some
from services.dedup.policy_cache import PolicyCache
from shared.columns import Columns
from shared.db import Database
from shared.errors import ServiceError, Unavailable
from shared.privacy.gate import Gate

STRETCH = 100
"""Rows of one transaction: as many as of a batch (`services.dedup.check.MOST_PER_TRANSACTION`), for
their keys are locked."""

PREVIEWED = 500
"""Rows of one transaction of a preview, which locks nothing."""

FORGOTTEN = 20_000
"""Rows deleted in one statement before a preview begins anew."""

Take = Callable[[Import, Columns, Iterator[list[SheetRow]]], Import]
"""Takes all rows of a file in, in their order; returns the import after it."""

log = logging.getLogger(__name__)


def run(database: Database, gate: Gate, job: Import, take_all: Take, erase: Erase) -> None:
    """Go on with an import until its present work is done, or it is another's.

    *take_all* takes rows in, *erase* erases leads. Raises Unavailable: go on later.
    """
    try:
        if job.status == "previewing":
            _preview(database, gate, job)
        elif job.status == "importing":
            _import(database, gate, job, take_all)
        elif job.status == "undoing":
            _undo(database, job, erase)
    except Overtaken:
        return
    except Unavailable:
        raise
    except ServiceError as error:
        fail(database, job, error.message)
    except Exception as error:
        about = {"import": str(job.id), "error": type(error).__name__}
        log.error("an import failed", exc_info=error, extra={"fields": about})
        fail(database, job, "a fault of ours; the log of the worker tells more")


def fail(database: Database, job: Import, why: str) -> None:
    """Store that an import cannot go on, and *why*, unless it is another's by now."""
    now = datetime.now(UTC)
    with database.transaction(job.tenant_id) as conn:
        ours = job_store.one(conn, job.tenant_id, job.id, locked=True)
        if ours is not None and (ours.status, ours.options) == (job.status, job.options):
            job_store.save(
                conn, job.tenant_id, replace(ours, status="failed", failure=why, ended_at=now)
            )


def stretches(sheet: Sheet, after: int, size: int) -> Iterator[list[SheetRow]]:
    """Yield the rows below row *after*, at most *size* at a time."""
    rows: list[SheetRow] = []
    for row in sheet.rows():
        if row.number <= after:
            continue
        rows.append(row)
        if len(rows) == size:
            yield rows
            rows = []
    if rows:
        yield rows


def take_in_turn(database: Database, gate: Gate) -> Take:
    """Return what takes rows in, in this process alone."""

    def take_all(job: Import, columns: Columns, rows: Iterator[list[SheetRow]]) -> Import:
        policies = PolicyCache()
        for some in rows:
            job = taken(database, gate, policies, job, read(gate, job, columns, some))
        return job

    return take_all


def taken(database: Database, gate: Gate, policies: PolicyCache, job: Import, rows: Read) -> Import:
    """Take *rows* in, one by one if a fault of ours spoils them together; return the import after.

    A row that cannot be taken by itself is refused. Raises Overtaken, Unavailable.
    """
    try:
        return take(database, gate, policies, job, rows)
    except (Overtaken, Unavailable):
        raise
    except Exception as error:
        log.error("rows are taken one by one after a fault", exc_info=error)
    for number, lead in rows.leads:
        out = [row for row in rows.refused if job.done_until < row.number < number]
        try:
            job = take(database, gate, policies, job, Read([(number, lead)], out, number))
        except (Overtaken, Unavailable):
            raise
        except Exception:
            fault = refused(number, "could not be stored: a fault of ours")
            job = take(database, gate, policies, job, Read([], [*out, fault], number))
    left = [row for row in rows.refused if row.number > job.done_until]
    return take(database, gate, policies, job, Read([], left, rows.until)) if left else job


def _preview(database: Database, gate: Gate, job: Import) -> None:
    """Preview the whole file: what a preview notes of earlier rows did not outlive a break."""
    job = _anew(database, job)
    preview = Preview(database, gate, job)
    sheet = reading.opened(database, gate, job.tenant_id, job)
    columns = reading.columns(sheet, job)
    found = Places(sheet.encoding)
    for rows in stretches(sheet, 0, PREVIEWED):
        job = preview.judge(read(gate, job, columns, rows))
        if found.due(rows[-1].number) and (mark := sheet.mark()) is not None:
            found.note(rows[-1].number, mark)
    reading.note_places(database, gate, job.tenant_id, job, found)
    _end(database, job, "previewed", rows_total=job.previewed.rows)


def _anew(database: Database, job: Import) -> Import:
    """Forget what an earlier preview of the file said."""
    gone = FORGOTTEN
    while gone == FORGOTTEN:
        with database.transaction(job.tenant_id) as conn:
            gone = row_store.forget(conn, job.tenant_id, job.id, FORGOTTEN)
    with database.transaction(job.tenant_id) as conn:
        ours = job_store.one(conn, job.tenant_id, job.id, locked=True)
        if ours is None or ours.status != "previewing":
            raise Overtaken
        ours = replace(ours, done_until=0, previewed=Counts(), started_at=datetime.now(UTC))
        job_store.save(conn, job.tenant_id, ours)
    return ours


def _import(database: Database, gate: Gate, job: Import, take_all: Take) -> None:
    job = _begun(database, job)
    sheet = reading.opened(database, gate, job.tenant_id, job, wanted=job.done_until + 1)
    columns = reading.columns(sheet, job)
    job = take_all(job, columns, stretches(sheet, job.done_until, STRETCH))
    _end(database, job, "done", rows_total=job.imported.rows)


def _begun(database: Database, job: Import) -> Import:
    """Return the import with the time when its present work began: now, unless it goes on."""
    with database.transaction(job.tenant_id) as conn:
        ours = job_store.one(conn, job.tenant_id, job.id, locked=True)
        if ours is None or ours.status != job.status:
            raise Overtaken
        if ours.started_at is None:
            ours = replace(ours, started_at=datetime.now(UTC))
            job_store.save(conn, job.tenant_id, ours)
    return ours


def _undo(database: Database, job: Import, erase: Erase) -> None:
    after: Import | None = _begun(database, job)
    while after is not None:
        job = after
        after = undo_some(database, erase, job)
    _end(database, job, "undone", rows_total=job.rows_total)


def _end(database: Database, job: Import, status: Status, rows_total: int | None) -> None:
    """Store that the present work of an import is done. Raises Overtaken."""
    now = datetime.now(UTC)
    with database.transaction(job.tenant_id) as conn:
        ours = job_store.one(conn, job.tenant_id, job.id, locked=True)
        if ours is None or not ours.same_work(job) or ours.done_until != job.done_until:
            raise Overtaken
        ended = replace(ours, status=status, rows_total=rows_total, ended_at=now)
        if status == "done":
            ended = replace(ended, expires_at=now + KEPT_CONFIRMED)
        job_store.save(conn, job.tenant_id, ended)
