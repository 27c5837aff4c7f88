"""The SQL of imports: what is asked for, how far it is. What may name somebody is sealed here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from services.dedup.imports import sealing
from services.dedup.imports.job import Counts, Import, Options
from shared.privacy.gate import Gate

NEWEST = UUID(int=2**128 - 1)
"""Comes after every id."""


def add(conn: Connection[Any], gate: Gate, tenant_id: str, job: Import, name: str | None) -> None:
    """Store an import whose file is about to arrive; *name* is what the file is called."""
    sealed = sealing.sealed_name(gate, tenant_id, job.id, name) if name else None
    conn.execute(
        """
        INSERT INTO dedup.imports (tenant_id, id, name, kind, options, status, asked_at, asked_by,
                                   expires_at)
        VALUES (%(tenant)s, %(id)s, %(name)s, %(kind)s, %(options)s, %(status)s, %(asked_at)s,
                %(asked_by)s, %(expires_at)s)
        """,
        {
            "tenant": tenant_id,
            "id": job.id,
            "name": sealed,
            "kind": job.kind,
            "options": _options_json(job.options),
            "status": job.status,
            "asked_at": job.asked_at,
            "asked_by": job.asked_by,
            "expires_at": job.expires_at,
        },
    )


def complete(
    conn: Connection[Any], gate: Gate, tenant_id: str, job: Import, header: list[str]
) -> bool:
    """Store that the file of an import is there, its first row being *header*.

    False if it is not expected any more.
    """
    done = conn.execute(
        """
        UPDATE dedup.imports
        SET status = %(status)s, kind = %(kind)s, size = %(size)s, options = %(options)s,
            header = %(header)s, expires_at = %(expires_at)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND status = 'uploading'
        RETURNING id
        """,
        {
            "tenant": tenant_id,
            "id": job.id,
            "status": job.status,
            "kind": job.kind,
            "size": job.size,
            "options": _options_json(job.options),
            "header": sealing.sealed_header(gate, tenant_id, job.id, header),
            "expires_at": job.expires_at,
        },
    )
    return done.fetchone() is not None


def delete(conn: Connection[Any], tenant_id: str, import_id: UUID) -> None:
    """Delete an import whose file never arrived, and what is there of it."""
    conn.execute(
        """
        DELETE FROM dedup.imports
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND status = 'uploading'
        """,
        {"tenant": tenant_id, "id": import_id},
    )


def one(
    conn: Connection[Any], tenant_id: str, import_id: UUID, locked: bool = False
) -> Import | None:
    """Return one import, or None; *locked*, nobody changes it before the transaction ends."""
    statement = _ONE_LOCKED if locked else _ONE
    return next(iter(_all(conn, statement, {"tenant": tenant_id, "id": import_id})), None)


def page(conn: Connection[Any], tenant_id: str, after: UUID | None, most: int) -> list[Import]:
    """Return up to *most* imports, the latest first, whose files came before *after*."""
    said = {"tenant": tenant_id, "after": after or NEWEST, "most": most}
    return _all(conn, _PAGE, said)


def tenants(conn: Connection[Any], most: int) -> list[str]:
    """Return up to *most* accounts that have an import in WORKING.

    The connection must have named no tenant.
    """
    rows = conn.execute("SELECT tenant_id FROM dedup.tenants_importing(%s)", [most])
    return [tenant_id for (tenant_id,) in rows]


def turn(conn: Connection[Any], tenant_id: str) -> Import | None:
    """Return the import in WORKING whose turn it is: an account has one at a time."""
    return next(iter(_all(conn, _TURN, {"tenant": tenant_id})), None)


def count_held(conn: Connection[Any], tenant_id: str) -> int:
    """Return how many files of the account wait to be confirmed or are on their way here."""
    row: Any = conn.execute(
        """
        SELECT count(*) FROM dedup.imports
        WHERE tenant_id = %(tenant)s
          AND status IN ('uploading', 'uploaded', 'previewing', 'previewed')
        """,
        {"tenant": tenant_id},
    ).fetchone()
    return int(row[0])


def save(conn: Connection[Any], tenant_id: str, job: Import) -> None:
    """Store how far an import is."""
    conn.execute(
        """
        UPDATE dedup.imports
        SET status = %(status)s, rows_total = %(rows_total)s, previewed = %(previewed)s,
            imported = %(imported)s, undone = %(undone)s, kept = %(kept)s,
            done_until = %(done_until)s, started_at = %(started_at)s, ended_at = %(ended_at)s,
            expires_at = %(expires_at)s, failure = %(failure)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        {
            "tenant": tenant_id,
            "previewed": Jsonb(asdict(job.previewed)),
            "imported": Jsonb(asdict(job.imported)),
            **{name: getattr(job, name) for name in _SAVED},
        },
    )


def ask(
    conn: Connection[Any], gate: Gate, tenant_id: str, job: Import, header: list[str] | None = None
) -> None:
    """Store what is asked of an import from now on, and how far it is.

    *header*, if given, is the first row of the table that it is about from now on.
    """
    sealed = header and sealing.sealed_header(gate, tenant_id, job.id, header)
    conn.execute(
        """
        UPDATE dedup.imports
        SET options = %(options)s, including_changed = %(including_changed)s,
            header = coalesce(%(header)s::bytea, header)
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        {
            "tenant": tenant_id,
            "id": job.id,
            "options": _options_json(job.options),
            "including_changed": job.including_changed,
            "header": sealed,
        },
    )
    save(conn, tenant_id, job)


def names(
    conn: Connection[Any], gate: Gate, tenant_id: str, import_ids: Sequence[UUID]
) -> dict[UUID, str]:
    """Return what the files of imports are called, of those that are called something."""
    rows = conn.execute(
        """
        SELECT id, name FROM dedup.imports
        WHERE tenant_id = %(tenant)s AND id = ANY (%(ids)s) AND name IS NOT NULL
        """,
        {"tenant": tenant_id, "ids": list(import_ids)},
    )
    return {one_id: sealing.opened_name(gate, tenant_id, one_id, name) for one_id, name in rows}


def header(conn: Connection[Any], gate: Gate, tenant_id: str, import_id: UUID) -> list[str]:
    """Return the first row of an import's table; nothing once it is purged."""
    row: Any = conn.execute(
        "SELECT header FROM dedup.imports WHERE tenant_id = %(tenant)s AND id = %(id)s",
        {"tenant": tenant_id, "id": import_id},
    ).fetchone()
    if row is None or row[0] is None:
        return []
    return sealing.opened_header(gate, tenant_id, import_id, row[0])


def _options_json(options: Options) -> Jsonb:
    return Jsonb(
        {
            "source_id": options.source_id,
            "country": options.country,
            "columns": dict(options.columns),
            "sheet": options.sheet,
            "encoding": options.encoding,
            "consent_version": options.consent_version,
            "investigation_id": options.investigation_id and str(options.investigation_id),
            "tell": options.tell,
        }
    )


def _options(said: Mapping[str, Any]) -> Options:
    joined = said.get("investigation_id")
    return Options(**{**said, "investigation_id": UUID(joined) if joined else None})


def _all(conn: Connection[Any], statement: str, said: dict[str, Any]) -> list[Import]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return [_read(row) for row in cursor.execute(statement, said)]


def _read(row: dict[str, Any]) -> Import:
    return Import(
        **{
            **row,
            "options": _options(row["options"]),
            "previewed": Counts(**row["previewed"]),
            "imported": Counts(**row["imported"]),
        }
    )


_SAVED = (
    *("id", "status", "rows_total", "undone", "kept", "done_until", "started_at", "ended_at"),
    *("expires_at", "failure"),
)
_JOB = """
    SELECT id, tenant_id, options, status, kind, size, asked_at, asked_by, rows_total, previewed,
           imported, undone, kept, including_changed, done_until, started_at, ended_at, expires_at,
           failure
    FROM dedup.imports
    WHERE tenant_id = %(tenant)s
    """
_ONE = _JOB + "AND id BETWEEN %(id)s AND %(id)s ORDER BY id LIMIT 1 "
_ONE_LOCKED = _ONE + "FOR UPDATE"
_PAGE = _JOB + "AND id < %(after)s ORDER BY id DESC LIMIT %(most)s"
_TURN = _JOB + (
    "AND status IN ('previewing', 'importing', 'undoing') "
    "ORDER BY started_at NULLS LAST, id LIMIT 1"
)
