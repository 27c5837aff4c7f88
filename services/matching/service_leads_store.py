"""The SQL of the leads that a service was matched with, on a connection it is handed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians, sin
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from shared.great_circle import EARTH_RADIUS_KM


@dataclass(frozen=True, slots=True)
class Around:
    """Where leads are to be: within a circle, a region or a country."""

    country: str | None = None
    admin1: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which leads of a service, and which part of their list."""

    service_id: UUID
    purpose: str
    """That a lead must have agreed to before the provider may see it."""
    consent_needed: bool
    """True if one that is not known is none."""
    min_match_score: float = 0.0
    around: Around | None = None
    industry: Sequence[str] = ()
    """Prefixes of NAICS codes, any of them; empty is any."""
    after: tuple[float, UUID] | None = None
    """Score and id of the lead before the first."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One lead of a service, with what may be known of it without opening what it said."""

    lead_id: UUID
    match_id: UUID
    match_score: float
    score_low: float
    score_high: float
    confidence_level: str
    priority: str
    status: str
    outdated: bool
    matched_at: datetime
    lead_status: str
    place: str | None
    admin1: str | None
    country: str | None
    industry: str | None
    company_size: str | None
    lead_type: str | None
    lead_category: str | None
    signal_strength: int
    intent_score: int


def ranked(conn: Connection[Any], tenant_id: str, wanted: Wanted, most: int) -> list[Ranked]:
    """Return up to *most* leads of a service, the best match first, of equal ones by id.

    None whose person withdrew the consent, or never gave one that is needed; no duplicates and no
    invalid leads.
    """
    around, after = wanted.around or Around(), wanted.after
    with conn.cursor(row_factory=class_row(Ranked)) as cursor:
        return cursor.execute(
            _RANKED,
            {
                "tenant": tenant_id,
                "service": wanted.service_id,
                "least": wanted.min_match_score,
                "score": after and after[0],
                "lead": after and after[1],
                "prefixes": list(wanted.industry),
                "country": around.country,
                "admin1": around.admin1,
                **_circle(around),
                "purpose": wanted.purpose,
                "needed": wanted.consent_needed,
                "most": most,
            },
        ).fetchall()


def _circle(around: Around) -> dict[str, float | None]:
    """Return the values of a circle's haversine, all None without one."""
    if around.latitude is None or around.radius_km is None:
        return dict.fromkeys(("north", "east", "parallel", "reach"))
    return {
        "north": around.latitude,
        "east": around.longitude,
        "parallel": cos(radians(around.latitude)),
        "reach": sin(around.radius_km / EARTH_RADIUS_KM / 2) ** 2,
    }


_RANKED = """
    SELECT match.lead_id, match.id AS match_id, match.match_score, match.score_low,
           match.score_high, match.confidence_level, match.priority, match.status,
           match.service_version < service.version AS outdated, match.matched_at,
           lead.status AS lead_status, lead.place, lead.admin1, lead.country, lead.industry,
           lead.company_size, lead.lead_type, lead.lead_category, lead.signal_strength,
           lead.intent_score
    FROM matching.matches AS match
    JOIN matching.services AS service
        ON service.tenant_id = %(tenant)s AND service.id = match.service_id
    JOIN leads.profiles AS lead
        ON lead.tenant_id = %(tenant)s AND lead.lead_id = match.lead_id
    JOIN public.leads AS record
        ON record.tenant_id = %(tenant)s AND record.id = match.lead_id
    LEFT JOIN LATERAL (
        SELECT latest.purposes, latest.withdrawn_at
        FROM public.leads AS other
        JOIN public.consents AS latest
            ON latest.tenant_id = %(tenant)s AND latest.lead_id = other.id
        WHERE other.tenant_id = %(tenant)s AND other.subject_id = record.subject_id
        ORDER BY latest.recorded_at DESC, latest.id DESC LIMIT 1
    ) AS consent ON true
    WHERE match.tenant_id = %(tenant)s AND match.service_id = %(service)s
      AND match.ended_at IS NULL AND match.match_score >= %(least)s
      AND (%(lead)s::uuid IS NULL OR match.match_score < %(score)s
           OR match.match_score = %(score)s AND match.lead_id > %(lead)s)
      AND NOT lead.duplicate AND lead.status <> 'invalid'
      AND (%(country)s::text IS NULL OR lead.country = %(country)s)
      AND (%(admin1)s::text IS NULL OR lead.admin1 = %(admin1)s)
      AND (%(north)s::double precision IS NULL
           OR power(sin(radians(lead.latitude - %(north)s) / 2), 2)
              + %(parallel)s * cos(radians(lead.latitude))
              * power(sin(radians(lead.longitude - %(east)s) / 2), 2) <= %(reach)s)
      AND (cardinality(%(prefixes)s::text[]) = 0
           OR EXISTS (SELECT FROM unnest(%(prefixes)s::text[]) AS prefix
                      WHERE starts_with(lead.industry, prefix)))
      AND CASE WHEN consent.purposes IS NULL THEN NOT %(needed)s
               ELSE consent.withdrawn_at IS NULL AND cardinality(consent.purposes) > 0
                    AND (NOT %(needed)s OR %(purpose)s = ANY (consent.purposes)) END
    ORDER BY match.match_score DESC, match.lead_id LIMIT %(most)s
    """
