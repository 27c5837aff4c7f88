"""The SQL of exports, on a connection it is handed: which leads come next, and the audit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection, sql
from psycopg.rows import class_row

from services.leads import filter_store
from services.leads.filter import Filter

NEWEST = UUID(int=2**128 - 1)
"""An id after all others."""


@dataclass(frozen=True, slots=True)
class Export:
    """Leads that somebody took out."""

    id: UUID
    purpose: str
    filter: Mapping[str, Any]
    leads: int
    """Handed out so far."""
    left_out: int
    """So far, because their person does not agree."""
    begun_at: datetime
    begun_by: str
    ended_at: datetime | None = None
    """None while it goes on, and if it broke off."""

    def answer(self) -> dict[str, Any]:
        """Return it as callers read it."""
        return {
            "id": self.id,
            "purpose": self.purpose,
            "filter": self.filter,
            "leads": self.leads,
            "left_out": self.left_out,
            "begun_at": self.begun_at.astimezone(UTC),
            "begun_by": self.begun_by,
            "ended_at": self.ended_at and self.ended_at.astimezone(UTC),
        }


def page(conn: Connection, tenant_id: str, wanted: Filter, after: UUID, most: int) -> list[UUID]:
    """Return the next *most* leads that are *wanted*, by their ids, after the id *after*."""
    condition, parameters = filter_store.where(wanted)
    said = {"tenant": tenant_id, "after": after, "most": most, **parameters}
    return [lead_id for (lead_id,) in conn.execute(_PAGE.format(condition), said)]


def add(conn: Connection, tenant_id: str, export: Export) -> None:
    """Write down an export that begins."""
    conn.execute(
        """
        INSERT INTO leads.exports (tenant_id, id, purpose, filter, leads, left_out, begun_at,
                                   begun_by)
        VALUES (%(tenant)s, %(id)s, %(purpose)s, %(filter)s::jsonb, 0, 0, %(at)s, %(by)s)
        """,
        {
            "tenant": tenant_id,
            "id": export.id,
            "purpose": export.purpose,
            "filter": orjson.dumps(export.filter).decode(),
            "at": export.begun_at,
            "by": export.begun_by,
        },
    )


def count(
    conn: Connection,
    tenant_id: str,
    export_id: UUID,
    leads: int,
    left_out: int,
    ended_at: datetime | None,
) -> None:
    """Count what a page handed out and left out; *ended_at* with the last one."""
    conn.execute(
        """
        UPDATE leads.exports
        SET leads = leads + %(leads)s, left_out = left_out + %(left)s, ended_at = %(ended)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        {
            "tenant": tenant_id,
            "id": export_id,
            "leads": leads,
            "left": left_out,
            "ended": ended_at,
        },
    )


def one(conn: Connection, tenant_id: str, export_id: UUID) -> Export | None:
    """Return one export, or None."""
    with conn.cursor(row_factory=class_row(Export)) as cursor:
        return cursor.execute(
            """
            SELECT id, purpose, filter, leads, left_out, begun_at, begun_by, ended_at
            FROM leads.exports WHERE tenant_id = %(tenant)s AND id = %(id)s
            """,
            {"tenant": tenant_id, "id": export_id},
        ).fetchone()


def many(conn: Connection, tenant_id: str, after: UUID | None, most: int) -> list[Export]:
    """Return up to *most* exports of an account, newest first, that were begun before *after*."""
    with conn.cursor(row_factory=class_row(Export)) as cursor:
        return cursor.execute(
            """
            SELECT id, purpose, filter, leads, left_out, begun_at, begun_by, ended_at
            FROM leads.exports
            WHERE tenant_id = %(tenant)s AND id < %(after)s ORDER BY id DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "after": after or NEWEST, "most": most},
        ).fetchall()


_PAGE = sql.SQL("""
    SELECT listed.lead_id FROM leads.listing AS listed
    WHERE listed.tenant_id = %(tenant)s AND listed.lead_id > %(after)s AND {}
    ORDER BY listed.lead_id LIMIT %(most)s
""")
