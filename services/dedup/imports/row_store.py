"""The SQL of an import's rows, and of the leads that were made of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection

from services.dedup.imports.job import Import
from services.dedup.imports.row import Row
from shared.array_text import array
from shared.privacy.gate import Gate

MOST_RECORDS = 50
"""Leads of one person that a row is compared with, the latest; people have one or two."""


def save(conn: Connection[Any], tenant_id: str, import_id: UUID, rows: Sequence[Row]) -> None:
    """Store what became of *rows*, over what was noted of them before."""
    conn.execute(
        """
        INSERT INTO dedup.import_rows AS row (tenant_id, import_id, row_number, outcome, reason,
                                              lead_id, known_id, known_row, differing)
        SELECT %(tenant)s, %(import)s::uuid, number, outcome, reason, lead_id, known_id, known_row,
               differing
        FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
            number bigint, outcome text, reason text, lead_id uuid, known_id uuid,
            known_row bigint, differing text[])
        ON CONFLICT (tenant_id, import_id, row_number) DO UPDATE
        SET outcome = excluded.outcome, reason = excluded.reason, lead_id = excluded.lead_id,
            known_id = excluded.known_id, known_row = excluded.known_row,
            differing = excluded.differing, kept = NULL
        """,
        {
            "tenant": tenant_id,
            "import": str(import_id),
            "rows": orjson.dumps([_row(one) for one in rows]).decode(),
        },
    )


def commit_unhurried(conn: Connection[Any]) -> None:
    """Let the transaction under way end before it is on disk, half a second later at most.

    For rows alone of which nobody hears before their import is done, which waits for the disk: a
    crash takes the last stretches back as a whole, and the import goes on from the one before them.
    """
    conn.execute("SELECT set_config('synchronous_commit', 'off', true)", {})


def _row(row: Row) -> dict[str, object]:
    """Return *row* as JSON; what it leaves open is null."""
    return {
        "number": row.number,
        "outcome": row.outcome,
        "reason": row.reason,
        "lead_id": row.lead_id,
        "known_id": row.known_id,
        "known_row": row.known_row,
        "differing": row.differing or None,
    }


def forget(conn: Connection[Any], tenant_id: str, import_id: UUID, most: int) -> int:
    """Delete up to *most* of an import's rows; return how many went."""
    row: Any = conn.execute(
        """
        WITH gone AS (
            DELETE FROM dedup.import_rows
            WHERE tenant_id = %(tenant)s AND import_id = %(import)s AND row_number = ANY (ARRAY(
                SELECT row_number FROM dedup.import_rows
                WHERE tenant_id = %(tenant)s AND import_id = %(import)s
                ORDER BY row_number LIMIT %(most)s))
            RETURNING row_number
        )
        SELECT count(*) FROM gone
        """,
        {"tenant": tenant_id, "import": import_id, "most": most},
    ).fetchone()
    return int(row[0])


def page(
    conn: Connection[Any],
    tenant_id: str,
    import_id: UUID,
    outcome: str | None,
    after: int,
    most: int,
) -> list[Row]:
    """Return up to *most* rows below row *after*, in order; with *outcome*, those that have it."""
    rows: Any = conn.execute(
        _PAGE_OF_ONE if outcome else _PAGE,
        {
            "tenant": tenant_id,
            "import": import_id,
            "outcome": outcome,
            "after": after,
            "most": most,
        },
    )
    return [_read(row) for row in rows]


def _read(row: Sequence[Any]) -> Row:
    number, outcome, reason, lead_id, known_id, known_row, differing, kept = row
    return Row(number, outcome, reason, lead_id, known_id, known_row, tuple(differing), kept)


def said_by(
    conn: Connection[Any], gate: Gate, tenant_id: str, subjects: Sequence[UUID]
) -> list[tuple[UUID, UUID, dict[str, str], bytes]]:
    """Return (subject, lead, what it said, its packed record) of the latest leads of *subjects*."""
    rows: Any = conn.execute(
        """
        SELECT wanted.subject_id, lead.id, lead.fields, lead.sealed, record.compared
        FROM unnest(%(subjects)s::uuid[]) AS wanted (subject_id)
        CROSS JOIN LATERAL (
            SELECT id, fields, sealed FROM public.leads
            WHERE tenant_id = %(tenant)s
              AND subject_id BETWEEN wanted.subject_id AND wanted.subject_id
            ORDER BY subject_id, id DESC LIMIT %(most)s
        ) AS lead
        CROSS JOIN LATERAL (
            SELECT compared FROM dedup.records
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN lead.id AND lead.id
            ORDER BY lead_id LIMIT 1
        ) AS record
        """,
        {"tenant": tenant_id, "subjects": array(subjects), "most": str(MOST_RECORDS)},
        binary=True,
    )
    found = []
    for subject_id, lead_id, fields, sealed, compared in rows:
        hidden = orjson.loads(gate.unseal(tenant_id, sealed, str(lead_id))) if sealed else {}
        packed = gate.unseal(tenant_id, compared, str(lead_id))
        found.append((subject_id, lead_id, fields | hidden, packed))
    return found


def made(
    conn: Connection[Any], tenant_id: str, import_id: UUID, after: int, most: int
) -> list[tuple[int, UUID]]:
    """Return up to *most* (row, lead) below row *after* of which a lead was made that is there."""
    rows: Any = conn.execute(
        """
        SELECT row_number, lead_id FROM dedup.import_rows
        WHERE tenant_id = %(tenant)s AND import_id = %(import)s AND row_number > %(after)s
          AND lead_id IS NOT NULL
        ORDER BY row_number LIMIT %(most)s
        """,
        {"tenant": tenant_id, "import": import_id, "after": after, "most": most},
    )
    return list(rows)


def worked_on(conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of *lead_ids* that somebody changed, noted, fed back, gave away or judged."""
    rows: Any = conn.execute(
        """
        SELECT wanted.id FROM unnest(%(leads)s::uuid[]) AS wanted (id)
        WHERE EXISTS (SELECT FROM leads.worked_on AS own
                      WHERE own.tenant_id = %(tenant)s AND own.lead_id = wanted.id)
           OR EXISTS (SELECT FROM matching.worked_on AS own
                      WHERE own.tenant_id = %(tenant)s AND own.lead_id = wanted.id)
           OR EXISTS (SELECT FROM dedup.feedback AS own
                      WHERE own.tenant_id = %(tenant)s AND own.lead_id = wanted.id)
           OR EXISTS (SELECT FROM dedup.merged_leads AS own
                      WHERE own.tenant_id = %(tenant)s AND own.lead_id = wanted.id)
           OR EXISTS (SELECT FROM dedup.reviews AS own
                      WHERE own.tenant_id = %(tenant)s AND own.lead_id = wanted.id
                        AND own.judgement IS NOT NULL)
        """,
        {"tenant": tenant_id, "leads": array(lead_ids)},
    )
    return {lead_id for (lead_id,) in rows}


def keep(conn: Connection[Any], tenant_id: str, import_id: UUID, numbers: Sequence[int]) -> None:
    """Note that the leads of these rows stay: somebody worked on them."""
    conn.execute(
        """
        UPDATE dedup.import_rows SET kept = true
        WHERE tenant_id = %(tenant)s AND import_id = %(import)s AND row_number = ANY (%(rows)s)
        """,
        {"tenant": tenant_id, "import": import_id, "rows": list(numbers)},
    )


def put_back(
    conn: Connection[Any], tenant_id: str, job: Import, until: int, gone: int, kept: int
) -> bool:
    """Store that *gone* more leads went and *kept* stay, up to row *until*.

    For the eraser, in the transaction that erases. False if the import is not what *job* says.
    """
    done = conn.execute(
        """
        UPDATE dedup.imports
        SET undone = undone + %(gone)s, kept = kept + %(kept)s, done_until = %(until)s
        WHERE tenant_id = %(tenant)s AND id = %(import)s AND status = 'undoing'
          AND done_until = %(before)s
        RETURNING id
        """,
        {
            "tenant": tenant_id,
            "import": job.id,
            "before": job.done_until,
            "until": until,
            "gone": gone,
            "kept": kept,
        },
    )
    return done.fetchone() is not None


def alone(conn: Connection[Any], key: int) -> bool:
    """Return whether nobody else goes on with the account's imports, as long as *conn* lives."""
    row: Any = conn.execute("SELECT pg_try_advisory_lock(%(key)s)", {"key": key}).fetchone()
    return bool(row[0])


_COLUMNS = """
    SELECT row.row_number, row.outcome, row.reason, row.lead_id, known.id, row.known_row,
           coalesce(row.differing, '{}'), coalesce(row.kept, false)
    FROM dedup.import_rows AS row
    LEFT JOIN LATERAL (
        SELECT id FROM public.leads
        WHERE tenant_id = %(tenant)s AND id BETWEEN row.known_id AND row.known_id
        ORDER BY id LIMIT 1
    ) AS known ON true
    WHERE row.tenant_id = %(tenant)s AND row.import_id = %(import)s AND row.row_number > %(after)s
    """
_PAGE = _COLUMNS + "ORDER BY row.row_number LIMIT %(most)s"
_PAGE_OF_ONE = _COLUMNS + "AND row.outcome = %(outcome)s ORDER BY row.row_number LIMIT %(most)s"
