"""The SQL of sources that accounts set up, on a connection it is handed."""

from typing import Any
from uuid import UUID

from psycopg import Connection

from services.discovery.configured import Configured
from services.discovery.sealing import opened_settings, sealed_settings
from shared.privacy.gate import Gate


def add(conn: Connection[Any], gate: Gate, tenant_id: str, source: Configured) -> bool:
    """Store a new source; False if another one has its name."""
    row = conn.execute(
        """
        INSERT INTO discovery.sources (tenant_id, id, name, type, settings, created_at, created_by,
                                       changed_at, changed_by)
        VALUES (%(tenant)s, %(id)s, %(name)s, %(type)s, %(settings)s, %(created)s, %(creator)s,
                %(changed)s, %(changer)s)
        ON CONFLICT (tenant_id, name) DO NOTHING RETURNING id
        """,
        _written(gate, tenant_id, source),
    ).fetchone()
    return row is not None


def change(conn: Connection[Any], gate: Gate, tenant_id: str, source: Configured) -> None:
    """Store a source as it is from now on."""
    conn.execute(
        """
        UPDATE discovery.sources
        SET name = %(name)s, type = %(type)s, settings = %(settings)s, changed_at = %(changed)s,
            changed_by = %(changer)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        _written(gate, tenant_id, source),
    )


def delete(conn: Connection[Any], tenant_id: str, source_id: UUID) -> None:
    """Delete a source."""
    conn.execute(
        "DELETE FROM discovery.sources WHERE tenant_id = %(tenant)s AND id = %(id)s",
        {"tenant": tenant_id, "id": source_id},
    )


def one(conn: Connection[Any], gate: Gate, tenant_id: str, source_id: UUID) -> Configured | None:
    """Return the source of that id, or None."""
    return _first(conn, gate, tenant_id, _ONE, {"id": source_id})


def called(conn: Connection[Any], gate: Gate, tenant_id: str, name: str) -> Configured | None:
    """Return the source of that name, or None."""
    return _first(conn, gate, tenant_id, _CALLED, {"name": name})


def page(
    conn: Connection[Any], gate: Gate, tenant_id: str, after: UUID, most: int
) -> list[Configured]:
    """Return up to *most* sources, oldest first, from *after* that id on."""
    return _all(conn, gate, tenant_id, _PAGE, {"after": after, "most": most})


def count(conn: Connection[Any], tenant_id: str) -> int:
    """Return how many sources an account has."""
    row: Any = conn.execute(
        "SELECT count(*) FROM discovery.sources WHERE tenant_id = %(tenant)s",
        {"tenant": tenant_id},
    ).fetchone()
    return int(row[0])


def _first(
    conn: Connection[Any], gate: Gate, tenant_id: str, statement: str, said: dict[str, Any]
) -> Configured | None:
    return next(iter(_all(conn, gate, tenant_id, statement, said)), None)


def _all(
    conn: Connection[Any], gate: Gate, tenant_id: str, statement: str, said: dict[str, Any]
) -> list[Configured]:
    rows = conn.execute(statement, {"tenant": tenant_id, **said}).fetchall()
    return [
        Configured(id, name, type, opened_settings(gate, tenant_id, id, bytes(settings)), *audit)
        for id, name, type, settings, *audit in rows
    ]


def _written(gate: Gate, tenant_id: str, source: Configured) -> dict[str, Any]:
    return {
        "tenant": tenant_id,
        "id": source.id,
        "name": source.name,
        "type": source.type,
        "settings": sealed_settings(gate, tenant_id, source.id, source.settings),
        "created": source.created_at,
        "creator": source.created_by,
        "changed": source.changed_at,
        "changer": source.changed_by,
    }


_ONE = """
    SELECT id, name, type, settings, created_at, created_by, changed_at, changed_by
    FROM discovery.sources WHERE tenant_id = %(tenant)s AND id = %(id)s
"""

_CALLED = """
    SELECT id, name, type, settings, created_at, created_by, changed_at, changed_by
    FROM discovery.sources WHERE tenant_id = %(tenant)s AND name = %(name)s
"""

_PAGE = """
    SELECT id, name, type, settings, created_at, created_by, changed_at, changed_by
    FROM discovery.sources WHERE tenant_id = %(tenant)s AND id > %(after)s
    ORDER BY id LIMIT %(most)s
"""
