"""Exporting leads: page by page, for a purpose that their people agree to, with an audit.

Each page is a short transaction of its own, so that a million leads are neither in memory nor in
one long transaction; what changes meanwhile may be in the file or not. The audit is begun before
the first lead leaves and counted on with every page, so what broke off half way is in it, too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from services.leads import (
    consent_store,
    csv_cells,
    export_store,
    filter_store,
    lead_answer,
    lead_store,
)
from services.leads.export_store import Export
from services.leads.filter import Filter
from shared.db import Database
from shared.ids import uuid7
from shared.privacy.gate import Gate

PAGE = 1000
"""Leads of one transaction: tens of milliseconds, and less than a megabyte."""

BYTE_ORDER_MARK = "\ufeff"
"""Tells some spreadsheets that what follows is UTF-8."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be exported, and why."""

    wanted: Filter
    said: Mapping[str, Any]
    """The filter as the audit keeps it."""
    purpose: str
    """One of shared.privacy.purposes."""
    byte_order_mark: bool = False


def begin(
    database: Database, gate: Gate, tenant_id: str, order: Order, by: str
) -> tuple[UUID, Iterator[bytes]]:
    """Return the id of a new export, and its file in pieces, of which the first is made already.

    Raises NotFound for an investigation that is not there.
    """
    export = Export(uuid7(), order.purpose, order.said, 0, 0, datetime.now(UTC), by)
    with database.transaction(tenant_id) as conn:
        filter_store.check(conn, tenant_id, order.wanted)
        export_store.add(conn, tenant_id, export)
    pieces = _pieces(database, gate, tenant_id, order, export.id)
    # A database that is away is an answer of its own as long as nothing has been sent.
    return export.id, chain([next(pieces)], pieces)


def _pieces(
    database: Database, gate: Gate, tenant_id: str, order: Order, export_id: UUID
) -> Iterator[bytes]:
    first = BYTE_ORDER_MARK if order.byte_order_mark else ""
    first += csv_cells.lines([csv_cells.HEADER])
    for rows in _pages(database, gate, tenant_id, order, export_id):
        yield (first + csv_cells.lines(rows)).encode()
        first = ""


def _pages(
    database: Database, gate: Gate, tenant_id: str, order: Order, export_id: UUID
) -> Iterator[list[list[str]]]:
    """Yield the cells of page after page, one at least."""
    needed, after = gate.mode.needs_consent(order.purpose), UUID(int=0)
    while True:
        with database.transaction(tenant_id) as conn:
            ids = export_store.page(conn, tenant_id, order.wanted, after, PAGE)
            left = consent_store.refused(conn, tenant_id, ids, order.purpose, needed)
            kept = lead_store.many(conn, tenant_id, [one for one in ids if one not in left])
            last = len(ids) < PAGE
            ended_at = datetime.now(UTC) if last else None
            export_store.count(conn, tenant_id, export_id, len(kept), len(left), ended_at)
        yield [csv_cells.row(lead_answer.lead(gate, tenant_id, one)) for one in kept]
        if last:
            return
        after = ids[-1]
