"""The rows of an import together with their cells, which stand in its sealed file alone."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from services.dedup.imports import asking, job_store, reading, row_store
from services.dedup.imports.job import Import
from services.dedup.imports.row import Row
from services.dedup.imports.sheet import SheetRow
from shared.csv_cells import defused, lines
from shared.db import Database
from shared.errors import Conflict, Malformed
from shared.privacy.gate import Gate

PAGE = 1000
"""Rows of one transaction of a file that we hand out."""

BYTE_ORDER_MARK = "\ufeff"
"""Tells some spreadsheets that what follows is UTF-8."""

UNDER_WAY = ("previewing",)
"""States in which rows beyond `done_until` are those of an earlier preview."""


class Shown(NamedTuple):
    """A row and its cells; None if nobody asked for them, or the file is not kept any more."""

    row: Row
    cells: list[str] | None


def page(
    database: Database,
    gate: Gate,
    tenant_id: str,
    import_id: UUID,
    asked: Mapping[str, Any],
) -> tuple[list[str], list[Shown], int | None]:
    """Return the header, the rows that are *asked* for (`schema.FileImportRowsPage`), the next one.

    With their cells a workbook is read from its start, so rows far down take their time. Raises
    NotFound.
    """
    job, _ = asking.found(database, tenant_id, import_id)
    place, limit = (asked["outcome"], asked["after"]), asked["limit"]
    with database.transaction(tenant_id) as conn:
        found = _rows(row_store.page(conn, tenant_id, import_id, *place, limit + 1), job)
        header = job_store.header(conn, gate, tenant_id, import_id)
    shown = found[:limit]
    following = shown[-1].number if len(found) > limit else None
    if not asked["cells"]:
        return header, [Shown(row, None) for row in shown], following
    cells = Cells(database, gate, tenant_id, job)
    return header, [Shown(row, cells.of(row.number)) for row in shown], following


def file(
    database: Database, gate: Gate, tenant_id: str, import_id: UUID, outcome: str, marked: bool
) -> Iterator[bytes]:
    """Return a CSV file of the rows of one outcome: number, reason, then the cells as they came.

    *marked*: with a byte order mark. Raises NotFound, and Purged before anything is sent.
    """
    job, _ = asking.found(database, tenant_id, import_id)
    with database.transaction(tenant_id) as conn:
        header = job_store.header(conn, gate, tenant_id, import_id)
    if not header:
        raise reading.Purged
    first = (BYTE_ORDER_MARK if marked else "") + _lines([["row", "reason", *header]])
    parts = _parts(database, gate, tenant_id, job, outcome)
    # A database that is away is an answer of its own as long as nothing has been sent.
    return chain([(first + next(parts, "")).encode()], map(str.encode, parts))


def _parts(
    database: Database, gate: Gate, tenant_id: str, job: Import, outcome: str
) -> Iterator[str]:
    cells, after = Cells(database, gate, tenant_id, job), 0
    while True:
        with database.transaction(tenant_id) as conn:
            every = row_store.page(conn, tenant_id, job.id, outcome, after, PAGE)
        rows = _rows(every, job)
        if rows:
            yield _lines(
                [str(row.number), row.reason or "", *(cells.of(row.number) or ())] for row in rows
            )
        if len(every) < PAGE:
            return
        after = every[-1].number


class Cells:
    """The cells of a file's rows, for whoever asks for them in their order, any row first."""

    def __init__(self, database: Database, gate: Gate, tenant_id: str, job: Import):
        self._asked = (database, gate, tenant_id, job)
        self._rows: Iterator[SheetRow] | None = None
        self._last: SheetRow | None = None

    def of(self, number: int) -> list[str] | None:
        """Return the cells of row *number*; None if the file is not kept any more."""
        try:
            if self._rows is None:
                self._rows = reading.opened(*self._asked, wanted=number).rows()
            while self._last is None or self._last.number < number:
                self._last = next(self._rows, None)
                if self._last is None:
                    return None
        except (Conflict, Malformed):
            self._rows = iter(())
            return None
        return self._last.cells if self._last.number == number else None


def _rows(rows: Sequence[Row], job: Import) -> list[Row]:
    """Return what holds of *rows* by now."""
    return [row for row in rows if job.status not in UNDER_WAY or row.number <= job.done_until]


def _lines(rows: Iterator[list[str]] | Sequence[list[str]]) -> str:
    return lines([defused(cell) for cell in row] for row in rows)
