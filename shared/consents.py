"""What a person agreed to last, on a connection it is handed: the latest word counts.

A person is all records of a subject: agreed to with one form, a purpose is agreed to for the first
record as well, and taken back, it is taken back for all.
"""

from uuid import UUID

from psycopg import Connection

from shared.privacy.consent import Consent


def latest(conn: Connection, tenant_id: str, lead_id: UUID) -> Consent | None:
    """Return the latest consent of whom a lead is about; None if it was withdrawn."""
    row = conn.execute(
        """
        SELECT consent.purposes, consent.given_at, consent.text_version, consent.withdrawn_at
        FROM public.leads AS lead
        JOIN public.leads AS record
            ON record.tenant_id = %(tenant)s AND record.subject_id = lead.subject_id
        JOIN public.consents AS consent
            ON consent.tenant_id = %(tenant)s AND consent.lead_id = record.id
        WHERE lead.tenant_id = %(tenant)s AND lead.id = %(lead)s
        ORDER BY consent.recorded_at DESC, consent.id DESC LIMIT 1
        """,
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    if row is None or row[3] is not None:
        return None
    purposes, given_at, text_version, _ = row
    return Consent(frozenset(purposes), given_at, text_version)
