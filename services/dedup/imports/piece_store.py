"""The SQL of an import's file: its pieces, which are sealed here."""

from typing import Any
from uuid import UUID

from psycopg import Connection

from services.dedup.imports import sealing
from shared.privacy.gate import Gate


def add(
    conn: Connection[Any], gate: Gate, tenant_id: str, import_id: UUID, number: int, content: bytes
) -> bool:
    """Store a piece; False if the import is not expected any more."""
    sealed = sealing.sealed_piece(gate, tenant_id, import_id, number, content)
    added = conn.execute(
        """
        INSERT INTO dedup.import_pieces (tenant_id, import_id, number, content)
        SELECT tenant_id, id, %(number)s, %(content)s FROM dedup.imports
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND status = 'uploading'
        FOR SHARE
        RETURNING number
        """,
        {"tenant": tenant_id, "id": import_id, "number": number, "content": sealed},
    )
    return added.fetchone() is not None  # in a pipeline no row count is known


def note(
    conn: Connection[Any], gate: Gate, tenant_id: str, import_id: UUID, number: int, content: bytes
) -> None:
    """Store what is noted of the file as a piece behind its last, over what was noted before."""
    conn.execute(
        """
        INSERT INTO dedup.import_pieces (tenant_id, import_id, number, content)
        VALUES (%(tenant)s, %(id)s, %(number)s, %(content)s)
        ON CONFLICT (tenant_id, import_id, number) DO UPDATE SET content = excluded.content
        """,
        {
            "tenant": tenant_id,
            "id": import_id,
            "number": number,
            "content": sealing.sealed_piece(gate, tenant_id, import_id, number, content),
        },
    )


def one(
    conn: Connection[Any], gate: Gate, tenant_id: str, import_id: UUID, number: int
) -> bytes | None:
    """Return a piece, opened; None if it was purged. Raises Unsealable."""
    row: Any = conn.execute(
        """
        SELECT content FROM dedup.import_pieces
        WHERE tenant_id = %(tenant)s AND import_id = %(id)s AND number = %(number)s
        """,
        {"tenant": tenant_id, "id": import_id, "number": number},
    ).fetchone()
    if row is None:
        return None
    return sealing.opened_piece(gate, tenant_id, import_id, number, bytes(row[0]))
