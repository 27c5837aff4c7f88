"""The SQL of finds: which leads they are, where those come from, which job found them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.discovery.find import Provenance
from services.discovery.sealing import sealed_url
from shared.array_text import array
from shared.connection import PLANNED_ANEW
from shared.privacy.gate import Gate


@dataclass(frozen=True, slots=True)
class Known:
    """A find that was a lead once."""

    lead_id: UUID | None
    """None: it was erased since."""
    made_by: int | None
    """Which source of this very job found it first, by its place; None: it was there before."""
    invalid: bool
    """True: terms, a list or a person said that it is none."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A find that is a lead."""

    key: int
    lead_id: UUID
    provenance: Provenance
    made_by: int | None
    """As of `Known`."""
    own: bool
    """True: it was the account's before, and needs no key to be known by."""
    shown: bool = True
    """False: it was turned away, and is only known again by its key."""


def known(
    conn: Connection[Any], tenant_id: str, job_id: UUID, keys: Sequence[int]
) -> dict[int, Known]:
    """Return what is known of finds, by their keys; each is looked up by whole keys."""
    rows: Any = conn.execute(
        """
        SELECT met.key, find.lead_id, job_lead.made_by,
               coalesce(lead.status = 'invalid', false)
        FROM unnest(%(keys)s::bigint[]) AS wanted (key)
        CROSS JOIN LATERAL (
            SELECT key FROM discovery.met
            WHERE tenant_id = %(tenant)s AND key BETWEEN wanted.key AND wanted.key
            ORDER BY key LIMIT 1
        ) AS met
        LEFT JOIN LATERAL (
            SELECT lead_id FROM discovery.finds
            WHERE tenant_id = %(tenant)s AND key BETWEEN wanted.key AND wanted.key
            ORDER BY key LIMIT 1
        ) AS find ON true
        LEFT JOIN LATERAL (
            SELECT status FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN find.lead_id AND find.lead_id
            ORDER BY id LIMIT 1
        ) AS lead ON true
        LEFT JOIN LATERAL (
            SELECT made_by FROM discovery.job_leads
            WHERE tenant_id = %(tenant)s AND job_id = %(job)s
              AND lead_id BETWEEN find.lead_id AND find.lead_id
            ORDER BY lead_id LIMIT 1
        ) AS job_lead ON true
        """,
        {"tenant": tenant_id, "job": job_id, "keys": array(keys)},
        prepare=PLANNED_ANEW,
    )
    return {key: Known(*about) for key, *about in rows}


def there(conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of *lead_ids* that are leads; nobody erases them before the transaction ends."""
    rows: Any = conn.execute(
        """
        SELECT lead.id
        FROM unnest(%(leads)s::uuid[]) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
            ORDER BY id LIMIT 1 FOR KEY SHARE
        ) AS lead
        """,
        {"tenant": tenant_id, "leads": array(sorted(set(lead_ids)))},
        prepare=PLANNED_ANEW,
    )
    return {lead_id for (lead_id,) in rows}


def keep(
    conn: Connection[Any],
    gate: Gate,
    tenant_id: str,
    job_id: UUID,
    kept: Sequence[Kept],
    now: datetime,
) -> None:
    """Store finds that are leads, as found by a job; what is stored already stays as it is."""
    met = [one for one in kept if not one.own]
    said = {"tenant": tenant_id, "job": job_id, "now": now}
    conn.execute(
        _KEEP_KEYS,
        said | {"keys": array(one.key for one in met), "leads": array(one.lead_id for one in met)},
    )
    shown = [one for one in kept if one.shown]
    conn.execute(
        _KEEP_LEADS,
        said
        | {
            "leads": array(one.lead_id for one in shown),
            "made": [one.made_by for one in shown],
        },
    )
    _keep_provenance(conn, gate, tenant_id, job_id, kept)


def _keep_provenance(
    conn: Connection[Any], gate: Gate, tenant_id: str, job_id: UUID, kept: Sequence[Kept]
) -> None:
    urls = [sealed_url(gate, tenant_id, one.lead_id, one.key, one.provenance.url) for one in kept]
    conn.execute(
        """
        INSERT INTO discovery.provenance (tenant_id, lead_id, key, source, url, licence,
                                          attribution, found_at, job_id)
        SELECT %(tenant)s, lead_id, key, source, url, licence, attribution, found_at, %(job)s
        FROM unnest(%(leads)s::uuid[], %(keys)s::bigint[], %(sources)s::text[], %(urls)s::bytea[],
                    %(licences)s::text[], %(attributions)s::text[], %(times)s::timestamptz[])
            AS new (lead_id, key, source, url, licence, attribution, found_at)
        ORDER BY lead_id, key
        ON CONFLICT DO NOTHING
        """,
        {
            "tenant": tenant_id,
            "job": job_id,
            "leads": [one.lead_id for one in kept],
            "keys": [one.key for one in kept],
            "sources": [one.provenance.source for one in kept],
            "urls": urls,
            "licences": [one.provenance.licence for one in kept],
            "attributions": [one.provenance.attribution for one in kept],
            "times": [one.provenance.found_at for one in kept],
        },
    )


def leads(
    conn: Connection[Any], tenant_id: str, job_id: UUID, after: UUID | None, most: int
) -> list[UUID]:
    """Return up to *most* leads that a job found, by their ids from *after* on."""
    rows = conn.execute(
        """
        SELECT lead_id FROM discovery.job_leads
        WHERE tenant_id = %(tenant)s AND job_id = %(job)s AND lead_id > %(after)s
        ORDER BY lead_id LIMIT %(most)s
        """,
        {"tenant": tenant_id, "job": job_id, "after": after or UUID(int=0), "most": most},
    )
    return [lead_id for (lead_id,) in rows]


def count(conn: Connection[Any], tenant_id: str, job_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many leads each of these jobs found that are still there."""
    rows: Any = conn.execute(
        """
        SELECT job_id, count(*) FROM discovery.job_leads
        WHERE tenant_id = %(tenant)s AND job_id = ANY (%(jobs)s::uuid[]) GROUP BY job_id
        """,
        {"tenant": tenant_id, "jobs": list(job_ids)},
    )
    return dict(rows.fetchall())


_KEEP_KEYS = """
    WITH new AS (
        SELECT key, lead_id FROM unnest(%(keys)s::bigint[], %(leads)s::uuid[]) AS new (key, lead_id)
        ORDER BY key
    ), met AS (
        INSERT INTO discovery.met (tenant_id, key, met_at)
        SELECT %(tenant)s, key, %(now)s FROM new
        ON CONFLICT DO NOTHING
    )
    INSERT INTO discovery.finds (tenant_id, key, lead_id)
    SELECT %(tenant)s, key, lead_id FROM new
    ON CONFLICT DO NOTHING
"""

_KEEP_LEADS = """
    INSERT INTO discovery.job_leads (tenant_id, job_id, lead_id, made_by)
    SELECT %(tenant)s, %(job)s, lead_id, min(made_by)
    FROM unnest(%(leads)s::uuid[], %(made)s::smallint[]) AS new (lead_id, made_by)
    GROUP BY lead_id ORDER BY lead_id
    ON CONFLICT DO NOTHING
"""
