"""Reading an import's file, in whatever process: the web's, the worker's, one of its own."""

import io
from functools import partial
from uuid import UUID

from services.dedup.imports import piece_store
from services.dedup.imports.job import Import
from services.dedup.imports.pieces import Pieces
from services.dedup.imports.sheet import Sheet
from shared.columns import Columns, mapped
from shared.csv_table import SAMPLE_BYTES
from shared.db import Database
from shared.errors import Conflict, Malformed
from shared.privacy.gate import Gate

UNREACHABLE = "No column is known to hold an email or a phone: name it in `columns`."


class Purged(Conflict):
    """The file of this import is not kept any more; send it again."""


def opened(database: Database, gate: Gate, tenant_id: str, job: Import) -> Sheet:
    """Return the sheet that an import is about; its rows are read as they are asked for.

    Raises Malformed for a file that is no table, and Purged. Reading rows raises Purged, too, and
    Unavailable.
    """
    pieces = Pieces(partial(_piece, database, gate, tenant_id, job.id), job.size)
    file: io.BufferedReader = io.BufferedReader(pieces, SAMPLE_BYTES)
    return Sheet(file, job.options.sheet, job.options.encoding)


def columns(sheet: Sheet, job: Import) -> Columns:
    """Return which field each column of *sheet* holds. Raises Malformed if nobody is reached."""
    known = set(sheet.header)
    named = {heading: to for heading, to in job.options.columns.items() if heading in known}
    try:
        return mapped(sheet.header, named)
    except Malformed:
        raise Malformed(UNREACHABLE) from None


def _piece(database: Database, gate: Gate, tenant_id: str, import_id: UUID, number: int) -> bytes:
    with database.transaction(tenant_id) as conn:
        piece = piece_store.one(conn, gate, tenant_id, import_id, number)
    if piece is None:
        raise Purged
    return piece
