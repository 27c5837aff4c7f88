"""The SQL of runs: who asked about a lead, on which basis, and what became of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from services.enrichment.held import Run
from services.enrichment.permitting import Basis
from shared.privacy.gate import Gate, Permit

MOST_RUNS = 20
"""Shown of one lead."""

ABANDONED = timedelta(seconds=60)
"""After which a run that has not ended never will: it takes 10 s, and its process died."""


def begin(
    conn: Connection[Any],
    permit: Permit,
    lead_id: UUID,
    run: Run,
    expires_at: datetime,
) -> bool:
    """Store that a run began; False if another one of the lead goes on.

    A run that was abandoned is ended first.
    """
    note = run.basis and run.basis.note
    said = {"tenant": permit.tenant_id, "lead": lead_id, "id": run.id}
    conn.execute(
        """
        UPDATE enrichment.runs SET ended_at = %(now)s
        WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND ended_at IS NULL
          AND asked_at < %(abandoned)s
        """,
        said | {"now": run.asked_at, "abandoned": run.asked_at - ABANDONED},
    )
    row = conn.execute(
        """
        INSERT INTO enrichment.runs (tenant_id, lead_id, id, asked_at, asked_by, basis, basis_note,
                                     expires_at)
        VALUES (%(tenant)s, %(lead)s, %(id)s, %(now)s, %(by)s, %(basis)s, %(note)s, %(expires)s)
        ON CONFLICT (tenant_id, lead_id) WHERE ended_at IS NULL DO NOTHING RETURNING id
        """,
        said
        | {
            "now": run.asked_at,
            "by": run.asked_by,
            "basis": run.basis and run.basis.basis,
            "note": permit.seal(note.encode(), _bound_to(run.id)) if note else None,
            "expires": expires_at,
        },
    ).fetchone()
    return row is not None


def end(
    conn: Connection[Any],
    tenant_id: str,
    lead_id: UUID,
    run_id: UUID,
    outcomes: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> bool:
    """Store what became of a run; False if it is there no more, or was taken for abandoned."""
    row = conn.execute(
        """
        UPDATE enrichment.runs SET ended_at = %(now)s, outcomes = %(outcomes)s
        WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND id = %(id)s AND ended_at IS NULL
        RETURNING id
        """,
        {
            "tenant": tenant_id,
            "lead": lead_id,
            "id": run_id,
            "now": now,
            "outcomes": Jsonb(outcomes),
        },
    ).fetchone()
    return row is not None


def latest(conn: Connection[Any], gate: Gate, tenant_id: str, lead_id: UUID) -> list[Run]:
    """Return the latest runs of a lead, MOST_RUNS, the latest first."""
    rows = conn.execute(
        """
        SELECT id, asked_at, asked_by, basis, basis_note, outcomes, ended_at
        FROM enrichment.runs
        WHERE tenant_id = %(tenant)s AND lead_id BETWEEN %(lead)s AND %(lead)s
        ORDER BY lead_id DESC, id DESC LIMIT %(most)s
        """,
        {"tenant": tenant_id, "lead": lead_id, "most": MOST_RUNS},
    )
    return [_read(gate, tenant_id, row) for row in rows]


def delete(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> None:
    """Delete every run of a lead; one that goes on then keeps nothing of what it finds."""
    conn.execute(
        "DELETE FROM enrichment.runs WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s",
        {"tenant": tenant_id, "lead": lead_id},
    )


def _read(gate: Gate, tenant_id: str, row: Any) -> Run:
    run_id, asked_at, asked_by, basis, note, outcomes, ended_at = row
    said = gate.unseal(tenant_id, bytes(note), _bound_to(run_id)).decode() if note else None
    named = Basis(basis, said) if basis else None
    return Run(run_id, asked_at, asked_by, named, outcomes, ended_at)


def _bound_to(run_id: UUID) -> str:
    return f"enrichment/{run_id}"
