"""What a person agreed to last, on a connection it is handed: the latest word counts.

A person is all records of a subject: agreed to with one form, a purpose is agreed to for the first
record as well, and taken back, it is taken back for all.
"""

from uuid import UUID

from psycopg import Connection

from shared.privacy.consent import Consent


def latest(conn: Connection, tenant_id: str, lead_id: UUID) -> Consent | None:
    """Return the latest consent of whom a lead is about; None if it was withdrawn.

    Each part is looked up by a whole key, in the order that stands here: docs/decisions/0056.
    """
    row = conn.execute(
        """
        SELECT consent.purposes, consent.given_at, consent.text_version, consent.withdrawn_at
        FROM (
            SELECT subject_id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN %(lead)s AND %(lead)s
            ORDER BY id LIMIT 1
        ) AS lead
        CROSS JOIN LATERAL (
            SELECT id FROM public.leads
            WHERE tenant_id = %(tenant)s
              AND subject_id BETWEEN lead.subject_id AND lead.subject_id
            ORDER BY subject_id
        ) AS record
        CROSS JOIN LATERAL (
            SELECT * FROM public.consents
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN record.id AND record.id
            ORDER BY lead_id
        ) AS consent
        ORDER BY consent.recorded_at DESC, consent.id DESC LIMIT 1
        """,
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    if row is None or row[3] is not None:
        return None
    purposes, given_at, text_version, _ = row
    return Consent(frozenset(purposes), given_at, text_version)
