"""Looking at a file: what each of its columns is taken for, and its first rows."""

from dataclasses import dataclass, replace
from itertools import islice

from services.dedup.imports import guessing, reading
from services.dedup.imports.guessing import LOOKED_AT, Clash, Column
from services.dedup.imports.job import Import
from services.dedup.imports.sheet import Sheet, SheetRow
from shared.db import Database
from shared.errors import Malformed
from shared.field_names import shown
from shared.normalize.text import fold
from shared.privacy.gate import Gate

SAMPLE = 5
"""Rows that are shown."""

NO_ROWS = "The file has no row below the names of its columns."


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to be seen of a file before its preview."""

    sheet: Sheet
    columns: list[Column]
    sample: list[SheetRow]

    @property
    def clashes(self) -> list[Clash]:
        """The fields that several columns are taken for."""
        return guessing.clashes(self.columns)

    @property
    def problem(self) -> str | None:
        """What keeps the file from being read as leads."""
        return guessing.problem(self.columns)


def look(database: Database, gate: Gate, tenant_id: str, job: Import) -> Look:
    """Return what there is to be seen of the file of *job*.

    Raises Malformed for a file that is no table of anything, or names in `columns` what it has not.
    """
    sheet = reading.opened(database, gate, tenant_id, job)
    _check(sheet.header, job)
    rows = list(islice(sheet.rows(), LOOKED_AT))
    if not rows:
        raise Malformed(NO_ROWS)
    whole = [row.cells for row in rows if row.fault is None]
    options = job.options
    columns = guessing.columns(sheet.header, whole, options.columns, options.country)
    return Look(sheet, columns, rows[:SAMPLE])


def understood(job: Import, look: Look) -> Import:
    """Return *job* with the columns whose cells alone tell what they hold."""
    known = {fold(heading) for heading in look.sheet.header}
    chosen = {name: to for name, to in job.options.columns.items() if fold(name) in known}
    columns = chosen | guessing.by_values(look.columns)
    return replace(job, kind=look.sheet.kind, options=replace(job.options, columns=columns))


def _check(header: list[str], job: Import) -> None:
    known = {fold(heading) for heading in header}
    faults: dict[str, object] = {
        f"columns.{shown(heading, position)}": "is no column of this table"
        for position, heading in enumerate(job.options.columns, 1)
        if fold(heading) not in known
    }
    if faults:
        raise Malformed(details=faults)
