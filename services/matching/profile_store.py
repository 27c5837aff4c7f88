"""The SQL of what is known of a lead, on a connection it is handed: others' published views."""

from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection

from services.matching.lead_reading import Known, Listed
from shared.privacy.consent import Consent
from shared.privacy.gate import Gate


def known(
    conn: Connection[Any], gate: Gate, tenant_id: str, lead_id: UUID, locked: bool = False
) -> tuple[Known, Consent | None] | None:
    """Return what is known of a lead, and the consent of its person that stands; None: no lead.

    *locked*, nobody else stores its matches before the transaction ends.
    """
    row: Any = conn.execute(
        _LOCKED if locked else _KNOWN, {"tenant": tenant_id, "lead": lead_id}
    ).fetchone()
    if row is None:
        return None
    said, sealed, last_activity_at, is_listed, *rest = row
    listed, (strength, listed_strength, intent, needs, types) = rest[:9], rest[9:14]
    if sealed is not None:
        said = {**said, **orjson.loads(gate.unseal(tenant_id, sealed, str(lead_id)))}
    consent, purposes = _agreed(*rest[14:])
    detected = strength is not None
    found = Known(
        id=lead_id,
        said=said,
        listed=Listed(*listed) if is_listed else None,
        signal_strength=max(strength or 0, listed_strength or 0) if detected or types else None,
        intent_score=intent,
        needs=needs or (),
        signal_types=types,
        last_activity_at=last_activity_at,
        purposes=purposes,
    )
    return found, consent


def _agreed(
    purposes: list[str] | None, given_at: Any, text_version: str | None, withdrawn_at: Any
) -> tuple[Consent | None, frozenset[str] | None]:
    """Return the consent that stands, and its purposes: none at all once it was withdrawn."""
    if purposes is None:
        return None, None
    if withdrawn_at is not None:
        return None, frozenset()
    return Consent(frozenset(purposes), given_at, text_version), frozenset(purposes)


_KNOWN = """
    SELECT lead.fields, lead.sealed,
           greatest(lead.submitted_at, (
               SELECT max(occurred_at) FROM signals.behaviours_kept
               WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s)),
           listed.lead_id IS NOT NULL, listed.country, listed.admin1, listed.place,
           listed.latitude, listed.longitude, listed.industry, listed.company_size,
           listed.lead_category, listed.lead_type,
           scores.signal_strength, listed.signal_strength, scores.intent_score, scores.needs,
           ARRAY(SELECT signal_type FROM leads.signals_given
                 WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s
                 ORDER BY strength DESC, signal_type),
           consent.purposes, consent.given_at, consent.text_version, consent.withdrawn_at
    FROM public.leads AS lead
    LEFT JOIN leads.profiles AS listed
        ON listed.tenant_id = %(tenant)s AND listed.lead_id = lead.id
    LEFT JOIN signals.scores AS scores
        ON scores.tenant_id = %(tenant)s AND scores.lead_id = lead.id
    LEFT JOIN LATERAL (
        SELECT latest.purposes, latest.given_at, latest.text_version, latest.withdrawn_at
        FROM public.leads AS record
        JOIN public.consents AS latest
            ON latest.tenant_id = %(tenant)s AND latest.lead_id = record.id
        WHERE record.tenant_id = %(tenant)s AND record.subject_id = lead.subject_id
        ORDER BY latest.recorded_at DESC, latest.id DESC LIMIT 1
    ) AS consent ON true
    WHERE lead.tenant_id = %(tenant)s AND lead.id = %(lead)s
    """
_LOCKED = _KNOWN + "FOR NO KEY UPDATE OF lead"
