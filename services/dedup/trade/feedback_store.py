"""The SQL of feedback, on a connection it is handed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.sql import SQL

from services.dedup.trade import deal
from services.dedup.trade.feedback import Concerned, Said
from shared.privacy.gate import Sealed


@dataclass(frozen=True, slots=True)
class Given:
    """Feedback as it is stored, but for its note, which is sealed."""

    id: UUID
    lead_id: UUID
    said: Said
    """With its moment and its buyer, and without the note."""
    note: bytes | None
    counted: bool
    state_before: str | None
    """Of the deal that a return ended."""
    settled_before_at: datetime | None
    status_before: str | None
    """Of the lead that a conversion moved."""
    given_at: datetime
    given_by: str
    undone_at: datetime | None = None
    undone_by: str | None = None


def concerned(conn: Connection, tenant_id: str, lead_id: UUID) -> Concerned | None:
    """Return a lead with its latest decision and its deal; not to be erased meanwhile.

    The deal is locked: nobody settles it before the transaction ends.
    """
    row: Any = conn.execute(
        """
        SELECT lead.id, lead.source_id, lead.status, lead.submitted_at, lead.received_at,
               decided.action, decided.compared_with, decided.evidence -> 'levels',
               decided.model_version
        FROM public.leads AS lead
        LEFT JOIN LATERAL (
            SELECT action, compared_with, evidence, model_version FROM dedup.decisions
            WHERE tenant_id = %(tenant)s AND lead_id = lead.id
            ORDER BY decided_at DESC, id DESC LIMIT 1
        ) AS decided ON true
        WHERE lead.tenant_id = %(tenant)s AND lead.id = %(lead)s
        FOR KEY SHARE OF lead
        """,
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    if row is None:
        return None
    dealt: Any = conn.execute(
        """
        SELECT buyer_id, campaign_id, state, settled_at FROM dedup.deals
        WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s FOR NO KEY UPDATE
        """,
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    named, source_id, status, submitted_at, received_at, *decided = row
    sent = (submitted_at.astimezone(UTC), received_at.astimezone(UTC))
    return Concerned(named, source_id, status, *sent, *decided, *(dealt or ()))


def stored(conn: Connection, tenant_id: str, lead_id: UUID) -> bool:
    """Return True if the account has that lead; if so it is not erased meanwhile.

    One that is being erased is gone: whoever erases two leads of a person may wait for the other.
    """
    row = conn.execute(
        """
        SELECT FROM public.leads WHERE tenant_id = %(tenant)s AND id = %(lead)s
        FOR KEY SHARE SKIP LOCKED
        """,
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    return row is not None


def standing(conn: Connection, tenant_id: str, lead_id: UUID) -> Given | None:
    """Return what is said of a lead and was not taken back."""
    where = SQL("lead_id = %(lead)s AND undone_at IS NULL")
    return _found(conn, where, {"tenant": tenant_id, "lead": lead_id})


def under_key(conn: Connection, tenant_id: str, key: int) -> Given | None:
    """Return what was said by the request of that name, taken back or not."""
    where = SQL("retry_key = %(key)s")
    return _found(conn, where, {"tenant": tenant_id, "key": key})


def one(conn: Connection, tenant_id: str, lead_id: UUID, feedback_id: UUID) -> Given | None:
    """Return one word on a lead, taken back or not."""
    where = SQL("lead_id = %(lead)s AND id = %(id)s")
    return _found(conn, where, {"tenant": tenant_id, "lead": lead_id, "id": feedback_id})


def page(
    conn: Connection, tenant_id: str, lead_id: UUID, after: UUID | None, most: int
) -> list[Given]:
    """Return up to *most* words on a lead, the latest first, from after *after* on."""
    where = SQL("lead_id = %(lead)s AND (%(after)s::uuid IS NULL OR id < %(after)s)")
    named = {"tenant": tenant_id, "lead": lead_id, "after": after, "most": most}
    rows = conn.execute(_READ.format(where), named).fetchall()
    return [_given(row) for row in rows]


def add(
    conn: Connection, tenant_id: str, given: Given, note: Sealed | None, key: int | None
) -> None:
    """Store what is said of a lead, its *note* sealed."""
    said = given.said
    conn.execute(
        """
        INSERT INTO dedup.feedback (tenant_id, id, lead_id, type, reason, buyer_id, note,
                                    happened_at, value, currency, retry_key, counted,
                                    state_before, settled_before_at, status_before, given_at,
                                    given_by)
        VALUES (%(tenant)s, %(id)s, %(lead)s, %(type)s, %(reason)s, %(buyer)s, %(note)s,
                %(happened_at)s, %(value)s, %(currency)s, %(key)s, %(counted)s,
                %(state)s, %(settled_at)s, %(status)s, %(given_at)s, %(given_by)s)
        """,
        {
            "tenant": tenant_id,
            "id": given.id,
            "lead": given.lead_id,
            "type": said.type,
            "reason": said.reason,
            "buyer": said.buyer_id,
            "note": note,
            "happened_at": said.at,
            "value": said.value,
            "currency": said.currency,
            "key": key,
            "counted": given.counted,
            "state": given.state_before,
            "settled_at": given.settled_before_at,
            "status": given.status_before,
            "given_at": given.given_at,
            "given_by": given.given_by,
        },
    )


def undo(conn: Connection, tenant_id: str, feedback_id: UUID, at: datetime, by: str) -> None:
    """Note who took a word back, and when; what it taught goes."""
    conn.execute(
        """
        WITH forgotten AS (
            DELETE FROM dedup.feedback_labels
            WHERE tenant_id = %(tenant)s AND feedback_id = %(id)s
        )
        UPDATE dedup.feedback SET undone_at = %(at)s, undone_by = %(by)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        {"tenant": tenant_id, "id": feedback_id, "at": at, "by": by},
    )


def label(
    conn: Connection, tenant_id: str, given: Given, lead: Concerned, same_person: bool | None
) -> None:
    """Keep what a return says of its lead, with what was compared if it names that pair."""
    known = given.said.duplicate_of
    conn.execute(
        """
        INSERT INTO dedup.feedback_labels (tenant_id, feedback_id, lead_id, known_lead_id, label,
                                           same_person, levels, model_version, labelled_at)
        SELECT %(tenant)s, %(id)s, %(lead)s, %(known)s, %(label)s, %(same)s,
               CASE WHEN %(compared)s THEN decided.evidence -> 'levels' END,
               %(version)s, %(at)s
        FROM (VALUES (1)) AS one
        LEFT JOIN LATERAL (
            SELECT evidence FROM dedup.decisions
            WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s
            ORDER BY decided_at DESC, id DESC LIMIT 1
        ) AS decided ON true
        """,
        {
            "tenant": tenant_id,
            "id": given.id,
            "lead": given.lead_id,
            "known": known,
            "label": given.said.reason,
            "same": same_person,
            "compared": known is not None and known == lead.compared_with,
            "version": lead.model_version,
            "at": given.given_at,
        },
    )


def end_deal(conn: Connection, tenant_id: str, lead: Concerned, now: datetime) -> None:
    """Make the deal of a lead a returned one; a row is made if there is none."""
    conn.execute(
        """
        INSERT INTO dedup.deals (tenant_id, lead_id, buyer_id, campaign_id, state, settled_at,
                                 offered_at)
        VALUES (%(tenant)s, %(lead)s, '', '', %(returned)s, %(now)s, %(offered_at)s)
        ON CONFLICT (tenant_id, lead_id) DO UPDATE
            SET state = excluded.state, settled_at = excluded.settled_at
        """,
        {
            "tenant": tenant_id,
            "lead": lead.id,
            "returned": deal.RETURNED,
            "now": now,
            "offered_at": lead.submitted_at,
        },
    )


def resume_deal(conn: Connection, tenant_id: str, given: Given) -> None:
    """Make the deal that a return ended what it was before, if it is still a returned one."""
    conn.execute(
        """
        UPDATE dedup.deals SET state = %(state)s, settled_at = %(settled_at)s
        WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND state = %(returned)s
        """,
        {
            "tenant": tenant_id,
            "lead": given.lead_id,
            "state": given.state_before,
            "settled_at": given.settled_before_at,
            "returned": deal.RETURNED,
        },
    )


_READ = SQL("""
    SELECT given.*, label.known_lead_id
    FROM (
        SELECT id, lead_id, type, reason, buyer_id, happened_at, value, currency, note, counted,
               state_before, settled_before_at, status_before, given_at, given_by, undone_at,
               undone_by
        FROM dedup.feedback WHERE tenant_id = %(tenant)s AND {} ORDER BY id DESC LIMIT %(most)s
    ) AS given
    LEFT JOIN LATERAL (
        SELECT known_lead_id FROM dedup.feedback_labels
        WHERE tenant_id = %(tenant)s AND feedback_id = given.id LIMIT 1
    ) AS label ON true
    ORDER BY given.id DESC
""")


def _found(conn: Connection, where: SQL, named: Mapping[str, object]) -> Given | None:
    row = conn.execute(_READ.format(where), {**named, "most": 1}).fetchone()
    return _given(row) if row else None


def _given(row: Sequence[Any]) -> Given:
    named, lead_id, kind, reason, buyer_id, at, value, currency, note, *rest, known = row
    said = Said(kind, reason, buyer_id, known, None, at.astimezone(UTC), value, currency)
    return Given(named, lead_id, said, note, *rest)
