"""Rows of a file read as leads: prepared for the check, or refused with the reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.dedup import importing
from services.dedup.importing import Plan
from services.dedup.imports.job import Import
from services.dedup.imports.row import Row, refused
from services.dedup.imports.sheet import SheetRow
from services.dedup.preparation import Prepared
from shared.columns import Columns
from shared.errors import ServiceError
from shared.privacy.gate import Gate


@dataclass(frozen=True, slots=True)
class Read:
    """A stretch of rows, read."""

    leads: Sequence[tuple[int, Prepared]]
    """Those that can be leads, by their numbers, in order."""
    refused: Sequence[Row]
    until: int
    """The number of the last of all of them."""


def plan(job: Import, columns: Columns) -> Plan:
    """Return how the rows of an import are read: as of when it began, also when it goes on."""
    options = job.options
    return Plan(
        job.tenant_id,
        options.source_id,
        options.country,
        columns,
        job.started_at or job.asked_at,
        options.consent_version,
    )


def read(gate: Gate, job: Import, columns: Columns, rows: Iterable[SheetRow]) -> Read:
    """Return *rows* read; nothing that a row says makes another one fail."""
    how, joined = plan(job, columns), job.options.investigation_id
    also = {"investigation_id": str(joined)} if joined else importing.NOTHING_MORE
    leads: list[tuple[int, Prepared]] = []
    out: list[Row] = []
    number = 0
    for number, cells, fault in rows:
        if fault:
            out.append(refused(number, fault))
            continue
        said = columns.read(cells)
        if not said:
            out.append(refused(number, "is empty"))
            continue
        try:
            leads.append((number, importing.prepared(gate, how, cells, said, also)[0]))
        except ServiceError as error:
            out.append(refused(number, importing.reason(error)))
    return Read(leads, out, number)
