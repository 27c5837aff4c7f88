"""The SQL of findings: each under a pseudonym of what it says, and what it says sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection

from services.enrichment.comparable import CROSSED, Comparable, comparable
from services.enrichment.finding import Finding
from services.enrichment.held import Held
from shared.leads import base64_or_none
from shared.privacy.gate import Gate, Permit, Pseudonym

MOST_HELD = 1_000
"""Findings of one lead that are read: ten providers' worth."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one provider found in one run."""

    run_id: UUID
    provider: str
    findings: Sequence[Finding]


def replace(
    conn: Connection[Any],
    permit: Permit,
    lead_id: UUID,
    found: Found,
    country: str,
    expires_at: datetime,
) -> None:
    """Store what a provider found of a lead in place of what it found before.

    What it had found before and finds again keeps the time at which it was first seen.
    """
    findings = enumerate(found.findings)
    rows = [_row(permit, lead_id, one, place, country) for place, one in findings]
    said: dict[str, object] = {"tenant": permit.tenant_id, "lead": lead_id}
    said |= {"run": found.run_id, "provider": found.provider}
    conn.execute(
        """
        INSERT INTO enrichment.findings AS known (
            tenant_id, lead_id, provider, value_key, run_id, position, field, sealed, personal,
            crossed_as, crossed_key, first_seen_at, found_at, expires_at)
        SELECT %(tenant)s, %(lead)s, %(provider)s, value_key, %(run)s, position, field,
               decode(sealed, 'base64'), personal, crossed_as, crossed_key, found_at, found_at,
               %(expires)s
        FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
            value_key bigint, position smallint, field text, sealed text, personal boolean,
            crossed_as text, crossed_key bigint, found_at timestamptz)
        ON CONFLICT (tenant_id, lead_id, provider, value_key) DO UPDATE
        SET run_id = excluded.run_id, position = excluded.position, sealed = excluded.sealed,
            personal = excluded.personal, crossed_as = excluded.crossed_as,
            crossed_key = excluded.crossed_key, found_at = excluded.found_at,
            expires_at = excluded.expires_at
        """,
        said | {"rows": orjson.dumps(rows).decode(), "expires": expires_at},
    )
    conn.execute(
        """
        DELETE FROM enrichment.findings
        WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND provider = %(provider)s
          AND run_id <> %(run)s
        """,
        said,
    )


def of_lead(
    conn: Connection[Any], gate: Gate, tenant_id: str, lead_id: UUID, now: datetime
) -> list[Held]:
    """Return what is held of a lead at *now*, by provider and in the order it was found."""
    rows = conn.execute(
        """
        SELECT provider, value_key, run_id, field, sealed, personal, first_seen_at, found_at,
               expires_at
        FROM enrichment.findings
        WHERE tenant_id = %(tenant)s AND lead_id BETWEEN %(lead)s AND %(lead)s
          AND expires_at > %(now)s
        ORDER BY lead_id, provider, position LIMIT %(most)s
        """,
        {"tenant": tenant_id, "lead": lead_id, "now": now, "most": MOST_HELD},
    )
    return [_read(gate, tenant_id, lead_id, row) for row in rows]


def delete(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> int:
    """Delete what is held of a lead; return how many findings that were."""
    row: Any = conn.execute(
        """
        WITH gone AS (
            DELETE FROM enrichment.findings
            WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s RETURNING 1
        )
        SELECT count(*) FROM gone
        """,
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    return int(row[0])


def crossed(field: str, value: str, country: str) -> Comparable | None:
    """Return what a finding is compared by with those of other leads; None: with none."""
    found = comparable(field, value, country)
    return found if found and found.kind in CROSSED else None


def crossed_key(permit: Permit, one: Comparable) -> Pseudonym:
    """Return the key under which findings that say the same of several leads are found."""
    return permit.pseudonym(f"enrichment.{one.kind}", one.text)


def _row(
    permit: Permit, lead_id: UUID, finding: Finding, place: int, country: str
) -> dict[str, object]:
    key = permit.pseudonym("enrichment", f"{finding.field}\0{finding.value}")
    told = {"value": finding.value, "source_url": finding.source_url, "note": finding.note}
    one = crossed(finding.field, finding.value, country)
    bound_to = _bound_to(lead_id, finding.provider, key)
    return {
        "value_key": key,
        "position": place,
        "field": finding.field,
        "sealed": base64_or_none(permit.seal(orjson.dumps(told), bound_to)),
        "personal": finding.personal,
        "crossed_as": one and one.kind,
        "crossed_key": one and crossed_key(permit, one),
        "found_at": finding.found_at,
    }


def _read(gate: Gate, tenant_id: str, lead_id: UUID, row: Any) -> Held:
    provider, key, run_id, field, sealed, personal, first_seen_at, found_at, expires_at = row
    told = orjson.loads(gate.unseal(tenant_id, bytes(sealed), _bound_to(lead_id, provider, key)))
    finding = Finding(
        field, told["value"], provider, told["source_url"], found_at, told["note"], personal
    )
    return Held(finding, run_id, first_seen_at, expires_at)


def _bound_to(lead_id: UUID, provider: str, key: int) -> str:
    return f"enrichment/{lead_id}/{provider}/{key}"
