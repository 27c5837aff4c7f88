"""Asking for what becomes of an import: another reading, a preview, its leads, an end, an undoing.

Every change of its state is made under its row's lock, and refused where the state does not allow
it. The work itself is the worker's, which sees by the state that there is some.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.dedup.imports import job_store, looking
from services.dedup.imports.job import (
    KEPT_CONFIRMED,
    KEPT_UNCONFIRMED,
    WORKING,
    Counts,
    Import,
    Status,
)
from services.dedup.imports.looking import Look
from shared.connection import Connection
from shared.db import Database
from shared.errors import Conflict, Malformed, NotFound
from shared.privacy.gate import Gate

UNKNOWN = {"import_id": "is no import of this account"}

UNCONFIRMED: tuple[Status, ...] = ("uploaded", "previewing", "previewed")
"""While it is so, the file can be read otherwise."""

FIRST = {
    "uploading": ": its file is to arrive first",
    "uploaded": ": preview it first",
    "previewing": ": its preview is to end first",
    "failed": ": preview it again first",
}
"""What is to be done before an import can be confirmed, by its status."""

ENDED: tuple[Status, ...] = ("done", "cancelled", "failed", "undone")


def found(database: Database, tenant_id: str, import_id: UUID) -> tuple[Import, bool]:
    """Return an import, and whether it waits for another one of its account. Raises NotFound."""
    with database.transaction(tenant_id) as conn:
        job = _found(conn, tenant_id, import_id)
        first = job_store.turn(conn, tenant_id) if job.status in WORKING else None
    return job, first is not None and first.id != job.id


def page(
    database: Database, tenant_id: str, after: UUID | None, limit: int
) -> tuple[list[Import], UUID | None, UUID | None]:
    """Return up to *limit* imports, the latest first, the next `after`, and whose turn it is."""
    with database.transaction(tenant_id) as conn:
        jobs = job_store.page(conn, tenant_id, after, limit + 1)
        first = job_store.turn(conn, tenant_id)
    following = jobs[limit - 1].id if len(jobs) > limit else None
    return jobs[:limit], following, first.id if first else None


def change(
    database: Database,
    gate: Gate,
    tenant_id: str,
    import_id: UUID,
    said: Mapping[str, Any],
    now: datetime,
) -> tuple[Import, Look]:
    """Have a file read as is *said*; what is absent stays, columns each for itself.

    A preview starts anew. Raises NotFound, Conflict once it is confirmed, and Malformed if the file
    cannot be read so.
    """
    with database.transaction(tenant_id) as conn:
        before = _found(conn, tenant_id, import_id)
    _expect(before, _changeable(before), now)
    columns = {**before.options.columns, **said.get("columns", {})}
    changed = replace(before, options=replace(before.options, **{**said, "columns": columns}))
    if {"sheet", "encoding"} & said.keys():
        columns = said.get("columns", {})  # another table has other columns
        changed = replace(changed, options=replace(changed.options, columns=columns))
    look = looking.look(database, gate, tenant_id, changed)
    changed = looking.understood(changed, look)

    def asked(job: Import) -> Import:
        _expect(job, job.options == before.options and _changeable(job), now)
        anew = replace(job, kind=changed.kind, options=changed.options)
        if anew == job:
            return job
        return anew if job.status == "uploaded" else _previewing(anew, now)

    return _ask(database, gate, tenant_id, import_id, asked, look.sheet.header), look


def preview(
    database: Database, gate: Gate, tenant_id: str, import_id: UUID, now: datetime
) -> Import:
    """Have it found out what each row would do; one that is under way goes on.

    Raises NotFound, Conflict, and Malformed if no column is known by which people are reached.
    """
    with database.transaction(tenant_id) as conn:
        before = _found(conn, tenant_id, import_id)
    _expect(before, _changeable(before), now)
    problem = looking.look(database, gate, tenant_id, before).problem
    if problem:
        raise Malformed(problem)

    def asked(job: Import) -> Import:
        _expect(job, _changeable(job), now)
        return job if job.status == "previewing" else _previewing(job, now)

    return _ask(database, gate, tenant_id, import_id, asked)


def confirm(
    database: Database,
    gate: Gate,
    tenant_id: str,
    import_id: UUID,
    seen: Mapping[str, int],
    now: datetime,
) -> Import:
    """Have leads made of the rows; an import that failed goes on where it was.

    *seen* are the counts that whoever confirms has seen, as many of them as they name. Raises
    NotFound, and Conflict if it is not previewed or the counts are others.
    """

    def asked(job: Import) -> Import:
        _expect(job, job.status == "previewed" or job.resumable, now, FIRST.get(job.status, ""))
        _agree(seen, job.previewed)
        return _resumed(job, now) if job.resumable else _begun(job, "importing", now)

    return _ask(database, gate, tenant_id, import_id, asked)


def cancel(
    database: Database, gate: Gate, tenant_id: str, import_id: UUID, now: datetime
) -> tuple[Import, bool]:
    """Let an import go no further; return it, and whether it would have.

    What it imported stays, and can be undone. Raises NotFound, and Conflict while it is undone.
    """
    changed = False

    def asked(job: Import) -> Import:
        nonlocal changed
        if job.status in ENDED:
            return job
        _expect(job, job.status in (*UNCONFIRMED, "importing"), now, ever=True)
        changed = True
        expires_at = job.expires_at if job.status == "importing" else now
        return replace(job, status="cancelled", ended_at=now, expires_at=expires_at)

    return _ask(database, gate, tenant_id, import_id, asked), changed


def undo(
    database: Database,
    gate: Gate,
    tenant_id: str,
    import_id: UUID,
    including_changed: bool,
    now: datetime,
) -> Import:
    """Have the leads go that an import made.

    *including_changed*: those, too, that people worked on since. Raises NotFound, and Conflict if
    it made none, is under way, or is so long ago that its rows are forgotten.
    """

    def asked(job: Import) -> Import:
        made = job.status in ("done", "cancelled", "failed", "undone") and job.imported.rows > 0
        more = job.status != "undone" or (job.kept > 0 and including_changed)
        _expect(job, made and more, now)
        return replace(_begun(job, "undoing", now), including_changed=including_changed)

    return _ask(database, gate, tenant_id, import_id, asked)


def _changeable(job: Import) -> bool:
    return job.status in UNCONFIRMED or (job.status == "failed" and job.imported.rows == 0)


def _previewing(job: Import, now: datetime) -> Import:
    return replace(
        job,
        status="previewing",
        rows_total=None,
        previewed=Counts(),
        done_until=0,
        started_at=None,
        ended_at=None,
        failure=None,
        expires_at=now + KEPT_UNCONFIRMED,
    )


def _begun(job: Import, status: Status, now: datetime) -> Import:
    return replace(
        job,
        status=status,
        done_until=0,
        started_at=None,
        ended_at=None,
        failure=None,
        kept=0,
        expires_at=now + KEPT_CONFIRMED,
    )


def _resumed(job: Import, now: datetime) -> Import:
    """Return an import that goes on: its rows are read as of when it began."""
    expires_at = now + KEPT_CONFIRMED
    return replace(job, status="importing", ended_at=None, failure=None, expires_at=expires_at)


def _expect(job: Import, allowed: bool, now: datetime, first: str = "", ever: bool = False) -> None:
    """Raise Conflict unless the state of *job* is *allowed* and its file kept; *ever*: or not.

    *first* says what is to be done before it.
    """
    if not allowed:
        message = f"An import that is {job.status} does not allow that{first}."
        raise Conflict(message, _state(job))
    if not ever and (job.expires_at is None or job.expires_at <= now):
        raise Conflict("The file of this import is not kept any more.", _state(job))


def _agree(seen: Mapping[str, int], counts: Counts) -> None:
    others: dict[str, object] = {
        f"counts.{outcome}": f"is {getattr(counts, outcome)} by now"
        for outcome, count in seen.items()
        if count != getattr(counts, outcome)
    }
    if others:
        raise Conflict("The preview counts otherwise than you have seen.", others)


def _state(job: Import) -> dict[str, object]:
    return {"status": job.status}


def _ask(
    database: Database,
    gate: Gate,
    tenant_id: str,
    import_id: UUID,
    asked: Callable[[Import], Import],
    header: list[str] | None = None,
) -> Import:
    """Store what *asked* makes of an import, which nobody else changes meanwhile; return that."""
    with database.transaction(tenant_id) as conn:
        job = _found(conn, tenant_id, import_id, locked=True)
        changed = asked(job)
        if changed != job or header is not None:
            job_store.ask(conn, gate, tenant_id, changed, header)
    return changed


def _found(conn: Connection, tenant_id: str, import_id: UUID, locked: bool = False) -> Import:
    job = job_store.one(conn, tenant_id, import_id, locked)
    if job is None:
        raise NotFound(details=UNKNOWN)
    return job
