"""The SQL of an account's own leads, as the leads and signals services publish them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection

from services.discovery.fitting import Looked
from shared.array_text import array
from shared.connection import PLANNED_ANEW
from shared.privacy.gate import Gate

NEWEST = UUID(int=2**128 - 1)
"""An id after all others."""

KM_A_DEGREE = 111.0
"""Of latitude; the box around a circle is cut by it, the circle itself in `fitting`."""

MOST_DONE = 50
"""Things that somebody did which are looked through (contract, section 3)."""


@dataclass(frozen=True, slots=True)
class Own:
    """One lead of the account, as far as it is compared."""

    lead_id: UUID
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Block:
    """Some leads, one after another."""

    last: UUID | None
    """The last that was looked at; None: there are no more."""
    looked_at: int
    leads: Sequence[Own]
    """Those among them that may fit."""


def count(conn: Connection[Any], tenant_id: str) -> int:
    """Return how many leads of an account lists show."""
    row: Any = conn.execute(
        "SELECT count(*) FROM leads.discoverable WHERE tenant_id = %(tenant)s",
        {"tenant": tenant_id},
    ).fetchone()
    return int(row[0])


def block(
    conn: Connection[Any],
    tenant_id: str,
    before: UUID,
    most: int,
    wanted: Looked,
    active_since: datetime | None,
) -> Block:
    """Return the next *most* leads before *before*, newest first, and which of them may fit.

    Those in the box around a circle may; keywords are not compared. With *active_since* only
    those may that did something since.
    """
    rows: Any = conn.execute(_BLOCK, _asked(tenant_id, before, most, wanted, active_since))
    found = rows.fetchall()
    fit = [Own(id, *point) for id, *point, may_fit in found if may_fit]
    return Block(found[-1][0] if len(found) == most else None, len(found), fit)


def texts(
    conn: Connection[Any], gate: Gate, tenant_id: str, lead_ids: Sequence[UUID]
) -> dict[UUID, list[str]]:
    """Return what leads said of themselves."""
    rows: Any = conn.execute(
        """
        SELECT lead.id, lead.fields, lead.sealed
        FROM unnest(%(leads)s::uuid[]) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT id, fields, sealed FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
            ORDER BY id LIMIT 1
        ) AS lead
        """,
        {"tenant": tenant_id, "leads": array(lead_ids)},
        prepare=PLANNED_ANEW,
    )
    return {id: _opened(gate, tenant_id, fields, sealed, str(id)) for id, fields, sealed in rows}


def done(
    conn: Connection[Any], gate: Gate, tenant_id: str, lead_ids: Sequence[UUID]
) -> dict[UUID, list[str]]:
    """Return what is kept of what leads did lately: pages, searches, forms.

    It is kept only as far as they agreed to it (docs/decisions/0039).
    """
    rows: Any = conn.execute(
        """
        SELECT done.lead_id, done.behavior_type, done.details, done.sealed_for
        FROM unnest(%(leads)s::uuid[]) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT * FROM signals.behaviours_kept
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN wanted.id AND wanted.id
            ORDER BY lead_id, occurred_at DESC LIMIT %(most)s
        ) AS done
        """,
        {"tenant": tenant_id, "leads": array(lead_ids), "most": MOST_DONE},
        prepare=PLANNED_ANEW,
    )
    found: dict[UUID, list[str]] = {}
    for lead_id, kind, details, sealed_for in rows:
        said = _opened(gate, tenant_id, {}, details, sealed_for)
        found.setdefault(lead_id, []).extend([kind, *said])
    return found


def _opened(
    gate: Gate, tenant_id: str, clear: Mapping[str, Any], sealed: bytes | None, place: str
) -> list[str]:
    secret = orjson.loads(gate.unseal(tenant_id, bytes(sealed), place)) if sealed else {}
    return [text for text in {**clear, **secret}.values() if isinstance(text, str)]


def _asked(
    tenant_id: str, before: UUID, most: int, wanted: Looked, active_since: datetime | None
) -> dict[str, object]:
    circle, region = wanted.circle, wanted.region
    reach = circle.radius_km / KM_A_DEGREE + 0.01 if circle else 0.0
    return {
        "tenant": tenant_id,
        "before": before,
        "most": most,
        "south": circle.latitude - reach if circle else None,
        "north": circle.latitude + reach if circle else None,
        "country": region and region.country,
        "admin1": region and region.admin1,
        "prefixes": list(wanted.prefixes),
        "size": wanted.size,
        "category": wanted.category,
        "since": active_since,
    }


_BLOCK = """
    SELECT own.lead_id, own.latitude, own.longitude,
           (%(south)s::float8 IS NULL OR own.latitude BETWEEN %(south)s AND %(north)s)
           AND (%(country)s::text IS NULL OR own.country = %(country)s)
           AND (%(admin1)s::text IS NULL OR own.admin1 = %(admin1)s)
           AND (%(prefixes)s::text[] = '{}' OR EXISTS (
                    SELECT FROM unnest(%(prefixes)s::text[]) AS branch (code)
                    WHERE starts_with(own.industry, branch.code)))
           AND (%(size)s::text = '' OR own.company_size = %(size)s)
           AND (%(category)s::text = '' OR own.lead_category = %(category)s)
           AND (%(since)s::timestamptz IS NULL OR EXISTS (
                    SELECT FROM signals.activities AS act
                    WHERE act.tenant_id = %(tenant)s AND act.lead_id = own.lead_id
                      AND act.occurred_at >= %(since)s))
    FROM (
        SELECT * FROM leads.discoverable
        WHERE tenant_id = %(tenant)s AND lead_id < %(before)s
        ORDER BY lead_id DESC LIMIT %(most)s
    ) AS own
    ORDER BY own.lead_id DESC
"""
