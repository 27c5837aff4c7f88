"""The SQL of bulk actions, on a connection it is handed: which leads they mean, and their audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection, sql
from psycopg.rows import class_row

from services.leads import filter_store
from services.leads.change import INVALID
from services.leads.filter import Filter
from shared.array_text import array
from shared.connection import PLANNED_ANEW

NEWEST = UUID(int=2**128 - 1)
"""An id after all others."""


@dataclass(frozen=True, slots=True)
class Action:
    """One change that was made to many leads."""

    id: UUID
    change: Mapping[str, Any]
    """What was set, as callers said it."""
    leads: int
    """How many were given another value."""
    made_at: datetime
    made_by: str
    undone_at: datetime | None = None
    undone_by: str | None = None
    put_back: int | None = None
    """How many leads undoing it changed."""
    changed_since: int | None = None
    """How many values that left, for somebody had changed them since."""

    def answer(self) -> dict[str, Any]:
        """Return it as callers read it."""
        return {
            "id": self.id,
            "change": self.change,
            "leads": self.leads,
            "made_at": self.made_at.astimezone(UTC),
            "made_by": self.made_by,
            "undone_at": self.undone_at and self.undone_at.astimezone(UTC),
            "undone_by": self.undone_by,
            "put_back": self.put_back,
            "changed_since": self.changed_since,
        }


def picked(conn: Connection, tenant_id: str, wanted: Filter, most: int, locked: bool) -> list[UUID]:
    """Return up to *most* leads that are *wanted*, by their ids.

    *locked*, nobody else changes them before the transaction ends; whoever had changed one
    meanwhile is waited for, and it is looked at again.
    """
    condition, parameters = filter_store.where(wanted)
    values = {"tenant": tenant_id, "most": most, **parameters}
    found = [lead_id for (lead_id,) in conn.execute(_PICKED.format(condition), values)]
    return lock(conn, tenant_id, found, condition, parameters) if locked else found


def known(conn: Connection, tenant_id: str, lead_ids: Sequence[UUID]) -> int:
    """Return how many of *lead_ids* are listed leads of this tenant."""
    return _number(
        conn,
        """
        SELECT count(*) FROM leads.listing
        WHERE tenant_id = %(tenant)s AND lead_id = ANY (%(leads)s::uuid[])
        """,
        {"tenant": tenant_id, "leads": array(lead_ids)},
    )


def invalid(conn: Connection, tenant_id: str, lead_ids: Sequence[UUID]) -> int:
    """Return how many of *lead_ids* are invalid."""
    return _number(
        conn,
        """
        SELECT count(*) FROM leads.listing
        WHERE tenant_id = %(tenant)s AND lead_id = ANY (%(leads)s::uuid[])
          AND status = %(invalid)s
        """,
        {"tenant": tenant_id, "leads": array(lead_ids), "invalid": INVALID},
    )


def add(conn: Connection, tenant_id: str, action: Action) -> None:
    """Write down an action that was made."""
    conn.execute(
        """
        INSERT INTO leads.bulk_actions (tenant_id, id, change, leads, made_at, made_by)
        VALUES (%(tenant)s, %(id)s, %(change)s::jsonb, %(leads)s, %(at)s, %(by)s)
        """,
        {
            "tenant": tenant_id,
            "id": action.id,
            "change": orjson.dumps(action.change).decode(),
            "leads": action.leads,
            "at": action.made_at,
            "by": action.made_by,
        },
    )


def one(conn: Connection, tenant_id: str, bulk_id: UUID, locked: bool = False) -> Action | None:
    """Return one action, or None; *locked*, nobody else takes it back meanwhile."""
    with conn.cursor(row_factory=class_row(Action)) as cursor:
        statement = _ONE_LOCKED if locked else _ONE
        return cursor.execute(statement, {"tenant": tenant_id, "id": bulk_id}).fetchone()


def page(conn: Connection, tenant_id: str, after: UUID | None, most: int) -> list[Action]:
    """Return up to *most* actions of an account, newest first, that came before *after*."""
    with conn.cursor(row_factory=class_row(Action)) as cursor:
        return cursor.execute(
            """
            SELECT id, change, leads, made_at, made_by, undone_at, undone_by, put_back,
                   changed_since
            FROM leads.bulk_actions
            WHERE tenant_id = %(tenant)s AND id < %(after)s ORDER BY id DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "after": after or NEWEST, "most": most},
        ).fetchall()


def locked(conn: Connection, tenant_id: str, bulk_id: UUID) -> list[UUID]:
    """Return the leads that an action changed, locked in the order of their ids."""
    rows = conn.execute(
        """
        SELECT DISTINCT lead_id FROM leads.changes
        WHERE tenant_id = %(tenant)s AND bulk_id = %(bulk)s
        """,
        {"tenant": tenant_id, "bulk": bulk_id},
    )
    return lock(conn, tenant_id, [lead_id for (lead_id,) in rows], sql.SQL("true"), {})


def lock(
    conn: Connection,
    tenant_id: str,
    lead_ids: Sequence[UUID],
    condition: sql.Composable,
    parameters: Mapping[str, object],
) -> list[UUID]:
    """Return those of *lead_ids* of which *condition* holds; nobody changes them meanwhile.

    Leads are locked before their listing, as everywhere, and no statement joins the two: of an
    account that has grown at once PostgreSQL knows nothing yet, and compared each lead with each.
    """
    values = {"tenant": tenant_id, "picked": array(lead_ids), **parameters}
    conn.execute(_LOCKED, values, prepare=PLANNED_ANEW)
    still = conn.execute(_STILL.format(condition), values, prepare=PLANNED_ANEW)
    return [lead_id for (lead_id,) in still]


def values(conn: Connection, tenant_id: str, bulk_id: UUID) -> int:
    """Return how many values an action set, of leads that are still there."""
    return _number(
        conn,
        """
        SELECT count(*) FROM leads.changes
        WHERE tenant_id = %(tenant)s AND bulk_id = %(bulk)s AND NOT taken_back
        """,
        {"tenant": tenant_id, "bulk": bulk_id},
    )


def undone(conn: Connection, tenant_id: str, action: Action) -> None:
    """Write down that an action was taken back."""
    conn.execute(
        """
        UPDATE leads.bulk_actions
        SET undone_at = %(at)s, undone_by = %(by)s, put_back = %(put_back)s,
            changed_since = %(since)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        {
            "tenant": tenant_id,
            "id": action.id,
            "at": action.undone_at,
            "by": action.undone_by,
            "put_back": action.put_back,
            "since": action.changed_since,
        },
    )


def _number(conn: Connection, statement: Any, said: Mapping[str, object]) -> int:
    row = conn.execute(statement, said).fetchone()
    return row[0] if row else 0


_PICKED = sql.SQL("""
    SELECT listed.lead_id FROM leads.listing AS listed
    WHERE listed.tenant_id = %(tenant)s AND {}
    ORDER BY listed.lead_id LIMIT %(most)s
""")
_LOCKED = """
    SELECT FROM public.leads WHERE tenant_id = %(tenant)s AND id = ANY (%(picked)s::uuid[])
    ORDER BY id FOR NO KEY UPDATE
    """
_STILL = sql.SQL("""
    SELECT listed.lead_id FROM leads.listing AS listed
    WHERE listed.tenant_id = %(tenant)s AND listed.lead_id = ANY (%(picked)s::uuid[]) AND {}
    ORDER BY listed.lead_id FOR NO KEY UPDATE
""")
_ONE = """
    SELECT id, change, leads, made_at, made_by, undone_at, undone_by, put_back, changed_since
    FROM leads.bulk_actions WHERE tenant_id = %(tenant)s AND id = %(id)s
    """
_ONE_LOCKED = """
    SELECT id, change, leads, made_at, made_by, undone_at, undone_by, put_back, changed_since
    FROM leads.bulk_actions WHERE tenant_id = %(tenant)s AND id = %(id)s FOR NO KEY UPDATE
    """
