"""What is known around a place, on a connection it is handed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, sql

from services.leads import bulk_store
from services.leads.filter import Circle, Filter
from services.leads.filter_store import distance, half_chord, where

LEADS_SHOWN = 10
"""Leads named for one business."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """One lead around a point."""

    lead_id: UUID
    investigation_id: UUID | None


@dataclass(frozen=True, slots=True)
class Business:
    """The leads that work for one company."""

    company: str
    """Its canonical name."""
    leads: int
    lead_ids: Sequence[UUID]
    """Newest first, LEADS_SHOWN at most."""
    industry: str | None
    """NAICS code; that of its newest lead that names one."""
    half_chord: float
    """Of its nearest lead (`filter_store.half_chord`)."""
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Tally:
    """How much there is of one industry; of all of them together where *industry* is None."""

    industry: str | None
    leads: int
    businesses: int


def nearest(
    conn: Connection, tenant_id: str, wanted: Filter, circle: Circle | None, most: int
) -> list[Nearby]:
    """Return the leads that are *wanted*, nearest to the middle of *circle* first."""
    conditions, values = where(wanted)
    order = sql.SQL("{} NULLS LAST,").format(half_chord("from")) if circle else sql.SQL("")
    rows = conn.execute(
        _NEAREST.format(conditions, order),
        values | _middle(circle) | {"tenant": tenant_id, "most": most},
    )
    return [Nearby(*row) for row in rows]


def lock(conn: Connection, tenant_id: str, lead_ids: Sequence[UUID]) -> list[UUID]:
    """Return those of *lead_ids* that are in no investigation; nobody changes them meanwhile."""
    return bulk_store.lock(conn, tenant_id, lead_ids, _FREE, {})


def businesses(
    conn: Connection, tenant_id: str, wanted: Filter, circle: Circle, most: int
) -> list[Business]:
    """Return the companies of leads that are *wanted*, nearest first."""
    conditions, values = where(wanted)
    rows = conn.execute(
        _BUSINESSES.format(half_chord("from"), conditions),
        values | _middle(circle) | {"tenant": tenant_id, "most": most, "shown": LEADS_SHOWN},
    )
    return [Business(*row) for row in rows]


def tallies(conn: Connection, tenant_id: str, wanted: Filter) -> list[Tally]:
    """Return the leads and businesses that are *wanted*, by industry, and all of them together.

    Leads of no known industry are in the sum alone.
    """
    conditions, values = where(wanted)
    rows: Any = conn.execute(_TALLIES.format(conditions), values | {"tenant": tenant_id})
    return [
        Tally(None if whole else code, *counts) for whole, code, *counts in rows if whole or code
    ]


def weekly(
    conn: Connection, tenant_id: str, wanted: Filter, since: datetime
) -> dict[date, tuple[int, float]]:
    """Return by the Monday of a week (UTC) its leads and their average signal strength."""
    conditions, values = where(wanted)
    rows: Any = conn.execute(
        _WEEKLY.format(conditions), values | {"tenant": tenant_id, "since": since}
    )
    return {monday: (leads, strength) for monday, leads, strength in rows}


def _middle(circle: Circle | None) -> dict[str, object]:
    return distance("from", circle) if circle else {}


_FREE = sql.SQL("listed.investigation_id IS NULL")

_NEAREST = sql.SQL("""
    SELECT listed.lead_id, listed.investigation_id
    FROM leads.listing AS listed
    WHERE listed.tenant_id = %(tenant)s AND listed.status <> 'invalid' AND {}
    ORDER BY {} listed.signal_strength DESC, listed.received_at DESC, listed.lead_id DESC
    LIMIT %(most)s
    """)

_BUSINESSES = sql.SQL("""
    WITH near AS (
        SELECT listed.lead_id, listed.company, listed.industry, listed.received_at,
               listed.latitude, listed.longitude, {} AS half_chord
        FROM leads.listing AS listed
        WHERE listed.tenant_id = %(tenant)s AND listed.status <> 'invalid'
          AND listed.company IS NOT NULL AND {}
    )
    SELECT company, count(*),
           (array_agg(lead_id ORDER BY received_at DESC, lead_id DESC))[:%(shown)s],
           (array_agg(industry ORDER BY received_at DESC) FILTER (WHERE industry IS NOT NULL))[1],
           min(half_chord),
           (array_agg(latitude ORDER BY half_chord))[1],
           (array_agg(longitude ORDER BY half_chord))[1]
    FROM near GROUP BY company
    ORDER BY min(half_chord), count(*) DESC, company LIMIT %(most)s
    """)

_TALLIES = sql.SQL("""
    SELECT grouping(listed.industry) = 1, listed.industry, count(*),
           count(DISTINCT listed.company)
    FROM leads.listing AS listed
    WHERE listed.tenant_id = %(tenant)s AND listed.status <> 'invalid' AND {}
    GROUP BY GROUPING SETS ((listed.industry), ())
    """)

_WEEKLY = sql.SQL("""
    SELECT date_trunc('week', listed.received_at AT TIME ZONE 'UTC')::date, count(*),
           avg(listed.signal_strength)::float8
    FROM leads.listing AS listed
    WHERE listed.tenant_id = %(tenant)s AND listed.status <> 'invalid'
      AND listed.received_at >= %(since)s AND {}
    GROUP BY 1
    """)
