"""Uploading: a file arrives, is sealed piece by piece, and is looked at once it is there.

Of one that breaks off nothing is left, or, where we cannot even see to that, an import that the
purge takes.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from services.dedup.imports import job_store, looking, piece_store
from services.dedup.imports.job import KEPT_UNCONFIRMED, Import, Options
from services.dedup.imports.looking import Look
from services.dedup.imports.pieces import PIECE
from shared.db import Database
from shared.errors import Conflict, Malformed, ServiceError
from shared.ids import uuid7
from shared.privacy.gate import Gate

MOST_HELD = 10
"""Files of an account that nobody confirmed yet; they fill the disk of all."""

PATIENCE = timedelta(hours=1)
"""How long a file may take to arrive."""

TOO_SLOW = "The file took too long to arrive; send it again."


def take(
    database: Database,
    gate: Gate,
    tenant_id: str,
    ordered: tuple[Options, str | None],
    chunks: Iterable[bytes],
    by: str,
    now: datetime,
) -> tuple[Import, Look]:
    """Store a file as it arrives, and return its import and what there is to be seen of it.

    *ordered* are the options, and what the file is called. Raises Malformed for a file that is no
    table, Conflict if too many wait, and what *chunks* raise; then nothing is left of it.
    """
    options, name = ordered
    job = Import(
        uuid7(), tenant_id, options, "uploading", "csv", 0, now, by, expires_at=now + PATIENCE
    )
    with database.transaction(tenant_id, [_turn(gate, tenant_id)]) as conn:
        if job_store.count_held(conn, tenant_id) >= MOST_HELD:
            raise Conflict(f"{MOST_HELD} files wait to be confirmed; confirm or cancel one.")
        job_store.add(conn, gate, tenant_id, job, name)
    try:
        size = _store(database, gate, job, chunks)
        return _complete(database, gate, replace(job, size=size), now)
    except BaseException:
        with suppress(ServiceError), database.transaction(tenant_id) as conn:
            job_store.delete(conn, tenant_id, job.id)
        raise


def _store(database: Database, gate: Gate, job: Import, chunks: Iterable[bytes]) -> int:
    """Store the pieces of a file; return how many bytes it has."""
    size = 0
    for number, piece in enumerate(pieces(chunks)):
        with database.transaction(job.tenant_id) as conn:
            if not piece_store.add(conn, gate, job.tenant_id, job.id, number, piece):
                raise Malformed(TOO_SLOW)
        size += len(piece)
    return size


def _complete(database: Database, gate: Gate, job: Import, now: datetime) -> tuple[Import, Look]:
    look = looking.look(database, gate, job.tenant_id, job)
    there = replace(
        looking.understood(job, look), status="uploaded", expires_at=now + KEPT_UNCONFIRMED
    )
    with database.transaction(job.tenant_id) as conn:
        if not job_store.complete(conn, gate, job.tenant_id, there, look.sheet.header):
            raise Malformed(TOO_SLOW)
    return there, look


def pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what *chunks* yield in pieces of PIECE bytes, the last one shorter."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)


def _turn(gate: Gate, tenant_id: str) -> int:
    return gate.keyring.pseudonym(tenant_id, "imports", "uploading")
