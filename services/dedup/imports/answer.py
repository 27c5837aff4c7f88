"""Answers about imports, as `answer_schema` describes them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from services.dedup.imports.answer_schema import MOST_SHOWN
from services.dedup.imports.job import WORKING, Counts, Import
from services.dedup.imports.looking import Look
from services.dedup.imports.row_cells import Shown

Answer = dict[str, Any]

FEW = 100
"""Rows that must be done before the time that is left can be told."""


def shown(job: Import, now: datetime, name: str | None = None, waiting: bool = False) -> Answer:
    """Return an import as it stands at *now*."""
    done, total = progress(job)
    rate = _rate(job, done, now)
    left = None if not rate or total is None else max(0, total - done) / rate
    options = {key: value for key, value in asdict(job.options).items() if key != "columns"}
    return {
        "id": job.id,
        "name": name,
        "kind": job.kind,
        "size": job.size,
        "status": job.status,
        "resumable": job.resumable,
        "waiting": waiting,
        "options": options,
        "rows_total": job.rows_total,
        "rows_done": done,
        "rows_per_second": rate and round(rate, 1),
        "seconds_left": left if left is None else round(left, 1),
        "previewed": _counts(job.previewed),
        "imported": _counts(job.imported),
        "undone": job.undone,
        "kept": job.kept,
        "asked_at": _utc(job.asked_at),
        "asked_by": job.asked_by,
        "started_at": _utc(job.started_at),
        "ended_at": _utc(job.ended_at),
        "expires_at": _utc(job.expires_at),
        "failure": job.failure,
    }


def one(
    job: Import, now: datetime, name: str | None = None, waiting: bool = False, **more: object
) -> Answer:
    """Return the answer about one import."""
    return {"success": True, "import": shown(job, now, name, waiting), **more}


def looked(look: Look) -> Answer:
    """Return what there is to be seen of a file."""
    return {
        "sheets": look.sheet.sheets,
        "encoding": look.sheet.encoding,
        "columns": [
            {
                "column": column.heading,
                "field": column.field,
                "why": column.why,
                "examples": column.examples,
            }
            for column in look.columns[:MOST_SHOWN]
        ],
        "conflicts": [
            {"field": clash.field, "columns": clash.headings[:MOST_SHOWN], "further": clash.further}
            for clash in look.clashes
        ],
        "unread": [column.heading for column in look.columns[:MOST_SHOWN] if column.field is None],
        "sample": [
            {"row": row.number, "cells": row.cells[:MOST_SHOWN], "fault": row.fault}
            for row in look.sample
        ],
        "problem": look.problem,
    }


def rows(header: Sequence[str], found: Sequence[Shown], following: int | None) -> Answer:
    """Return a page of an import's rows."""
    return {
        "success": True,
        "count": len(found),
        "columns": header[:MOST_SHOWN],
        "rows": [
            {
                "row": row.number,
                "outcome": row.outcome,
                "reason": row.reason,
                "lead_id": row.lead_id,
                "known_lead_id": row.known_id,
                "known_row": row.known_row,
                "differing": row.differing,
                "kept": row.kept,
                "cells": cells and cells[:MOST_SHOWN],
            }
            for row, cells in found
        ],
        "next_after": following,
    }


def progress(job: Import) -> tuple[int, int | None]:
    """Return how much of the present status is done, and of how much if that is known.

    Rows, or leads of an undoing.
    """
    if job.status in ("undoing", "undone"):
        return job.undone + job.kept, job.imported.rows - job.imported.refused
    if job.status in ("importing", "done") or job.imported.rows:
        return job.imported.rows, job.rows_total
    return job.previewed.rows, job.rows_total


def _rate(job: Import, done: int, now: datetime) -> float | None:
    if job.status not in WORKING or job.started_at is None or done < FEW:
        return None
    passed = (now - job.started_at).total_seconds()
    return done / passed if passed > 0 else None


def _counts(counts: Counts) -> Answer:
    return {"rows": counts.rows, **asdict(counts)}


def _utc(at: datetime | None) -> datetime | None:
    return at and at.astimezone(UTC)
