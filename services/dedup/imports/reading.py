"""Reading an import's file, in whatever process: the web's, the worker's, one of its own."""

import io
from functools import partial
from uuid import UUID

from services.dedup.imports import piece_store, places
from services.dedup.imports.job import Import
from services.dedup.imports.pieces import Pieces
from services.dedup.imports.places import Places
from services.dedup.imports.sheet import Sheet
from shared.columns import Columns, mapped
from shared.csv_table import SAMPLE_BYTES
from shared.db import Database
from shared.errors import Conflict, Malformed
from shared.privacy.gate import Gate

UNREACHABLE = "No column is known to hold an email or a phone: name it in `columns`."


class Purged(Conflict):
    """The file of this import is not kept any more; send it again."""


def opened(
    database: Database, gate: Gate, tenant_id: str, job: Import, wanted: int | None = None
) -> Sheet:
    """Return the sheet that an import is about; its rows are read as they are asked for.

    With *wanted*, the number of a row, some of those above it may be left out. Raises Malformed
    for a file that is no table, and Purged. Reading rows raises Purged, too, and Unavailable.
    """
    pieces = Pieces(partial(_piece, database, gate, tenant_id, job.id), job.size)
    file: io.BufferedReader = io.BufferedReader(pieces, SAMPLE_BYTES)
    sheet = Sheet(file, job.options.sheet, job.options.encoding)
    if wanted is not None:
        _skip(database, gate, tenant_id, job, sheet, wanted)
    return sheet


def columns(sheet: Sheet, job: Import) -> Columns:
    """Return which field each column of *sheet* holds. Raises Malformed if nobody is reached."""
    known = set(sheet.header)
    named = {heading: to for heading, to in job.options.columns.items() if heading in known}
    try:
        return mapped(sheet.header, named)
    except Malformed:
        raise Malformed(UNREACHABLE) from None


def note_places(database: Database, gate: Gate, tenant_id: str, job: Import, found: Places) -> None:
    """Keep where rows of the file begin."""
    with database.transaction(tenant_id) as conn:
        number = places.piece(job.size)
        piece_store.note(conn, gate, tenant_id, job.id, number, found.pack())


def _skip(
    database: Database, gate: Gate, tenant_id: str, job: Import, sheet: Sheet, wanted: int
) -> None:
    """Let *sheet* begin above row *wanted*, if a preview noted where, in the same encoding."""
    with database.transaction(tenant_id) as conn:
        number = places.piece(job.size)
        packed = piece_store.one(conn, gate, tenant_id, job.id, number)
    found = places.unpacked(packed) if packed else Places()
    place = found.before(wanted)
    if place and found.encoding == sheet.encoding:
        sheet.go_on(*place)


def _piece(database: Database, gate: Gate, tenant_id: str, import_id: UUID, number: int) -> bytes:
    with database.transaction(tenant_id) as conn:
        piece = piece_store.one(conn, gate, tenant_id, import_id, number)
    if piece is None:
        raise Purged
    return piece
