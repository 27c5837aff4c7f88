"""The SQL of the catalogue of services, on a connection it is handed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from services.matching.definition import Definition, Understood

NEWEST = UUID(int=2**128 - 1)
"""An id after all others."""

FIRST = UUID(int=0)
"""An id before all others."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A service as it is stored."""

    id: UUID
    version: int
    is_active: bool
    definition: Definition
    understood: Understood
    created_at: datetime
    created_by: str
    """Who did: the prefix of an API key, `local`, `command line` or `python`."""
    changed_at: datetime
    changed_by: str
    weights: list[float] | None = None
    """Points for each of CRITERIA that hold of it; None: the usual."""
    weights_version: int | None = None
    """Which of those that were learned these are."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a service once was."""

    version: int
    is_active: bool
    definition: Definition
    changed_at: datetime
    changed_by: str
    weights: list[float] | None
    weights_version: int | None


def save(conn: Connection[Any], tenant_id: str, service: Stored) -> None:
    """Store a version of a service: its first, or the one after the last."""
    conn.execute(
        """
        WITH saved AS (
            INSERT INTO matching.services AS former (
                tenant_id, id, version, service_name, service_type, service_category, is_active,
                definition, understood, created_at, created_by, changed_at, changed_by, weights,
                weights_version)
            VALUES (%(tenant)s, %(id)s, %(version)s, %(name)s, %(type)s, %(category)s, %(active)s,
                    %(definition)s, %(understood)s, %(created_at)s, %(created_by)s,
                    %(changed_at)s, %(changed_by)s, %(weights)s, %(weights_version)s)
            ON CONFLICT (tenant_id, id) DO UPDATE
                SET version = excluded.version, service_name = excluded.service_name,
                    service_type = excluded.service_type,
                    service_category = excluded.service_category,
                    is_active = excluded.is_active, definition = excluded.definition,
                    understood = excluded.understood, changed_at = excluded.changed_at,
                    changed_by = excluded.changed_by, weights = excluded.weights,
                    weights_version = excluded.weights_version
        )
        INSERT INTO matching.service_versions (tenant_id, service_id, version, definition,
                                               is_active, changed_at, changed_by, weights,
                                               weights_version)
        VALUES (%(tenant)s, %(id)s, %(version)s, %(definition)s, %(active)s, %(changed_at)s,
                %(changed_by)s, %(weights)s, %(weights_version)s)
        """,
        {
            "tenant": tenant_id,
            "id": service.id,
            "version": service.version,
            "name": service.definition["service_name"],
            "type": service.definition["service_type"],
            "category": service.definition["service_category"],
            "active": service.is_active,
            "definition": Jsonb(service.definition),
            "understood": Jsonb(service.understood),
            "created_at": service.created_at,
            "created_by": service.created_by,
            "changed_at": service.changed_at,
            "changed_by": service.changed_by,
            "weights": service.weights,
            "weights_version": service.weights_version,
        },
    )


def one(
    conn: Connection[Any], tenant_id: str, service_id: UUID, locked: bool = False
) -> Stored | None:
    """Return one service; *locked*, nobody changes it before the transaction ends."""
    statement = _ONE_LOCKED if locked else _ONE
    with conn.cursor(row_factory=class_row(Stored)) as cursor:
        return cursor.execute(statement, {"tenant": tenant_id, "id": service_id}).fetchone()


def known(conn: Connection[Any], tenant_id: str, service_ids: Sequence[UUID]) -> dict[UUID, Stored]:
    """Return those of *service_ids* that there are; nobody changes them meanwhile."""
    with conn.cursor(row_factory=class_row(Stored)) as cursor:
        rows = cursor.execute(
            """
            SELECT id, version, is_active, definition, understood, created_at, created_by,
                   changed_at, changed_by, weights, weights_version
            FROM matching.services WHERE tenant_id = %(tenant)s AND id = ANY (%(ids)s)
            ORDER BY id FOR UPDATE
            """,
            {"tenant": tenant_id, "ids": list(service_ids)},
        ).fetchall()
    return {row.id: row for row in rows}


def page(
    conn: Connection[Any], tenant_id: str, asked: Mapping[str, Any], most: int
) -> list[Stored]:
    """Return up to *most* services, newest first, that are all that *asked* says.

    *asked*: `service_type`, `service_category`, `is_active` and `after`, each None where nothing is
    asked.
    """
    with conn.cursor(row_factory=class_row(Stored)) as cursor:
        return cursor.execute(
            """
            SELECT id, version, is_active, definition, understood, created_at, created_by,
                   changed_at, changed_by, weights, weights_version
            FROM matching.services
            WHERE tenant_id = %(tenant)s AND id < %(after)s
              AND (%(type)s::text IS NULL OR service_type = %(type)s)
              AND (%(category)s::text IS NULL OR service_category = %(category)s)
              AND (%(active)s::boolean IS NULL OR is_active = %(active)s)
            ORDER BY id DESC LIMIT %(most)s
            """,
            {
                "tenant": tenant_id,
                "after": asked.get("after") or NEWEST,
                "type": asked.get("service_type"),
                "category": asked.get("service_category"),
                "active": asked.get("is_active"),
                "most": most,
            },
        ).fetchall()


def after(conn: Connection[Any], tenant_id: str, last: UUID, most: int) -> list[Stored]:
    """Return up to *most* services after the one named *last*, in the order of their ids."""
    with conn.cursor(row_factory=class_row(Stored)) as cursor:
        return cursor.execute(
            """
            SELECT id, version, is_active, definition, understood, created_at, created_by,
                   changed_at, changed_by, weights, weights_version
            FROM matching.services WHERE tenant_id = %(tenant)s AND id > %(last)s
            ORDER BY id LIMIT %(most)s
            """,
            {"tenant": tenant_id, "last": last, "most": most},
        ).fetchall()


def active(conn: Connection[Any], tenant_id: str) -> list[Stored]:
    """Return all services that leads may be matched with, in the order of their ids."""
    with conn.cursor(row_factory=class_row(Stored)) as cursor:
        return cursor.execute(
            """
            SELECT id, version, is_active, definition, understood, created_at, created_by,
                   changed_at, changed_by, weights, weights_version
            FROM matching.services WHERE tenant_id = %(tenant)s AND is_active ORDER BY id
            """,
            {"tenant": tenant_id},
        ).fetchall()


def stamp(conn: Connection[Any], tenant_id: str) -> tuple[int, int]:
    """Return how many services there are, and how many versions they had: both only ever grow."""
    row: Any = conn.execute(
        """
        SELECT count(*), coalesce(sum(version), 0)::bigint
        FROM matching.services WHERE tenant_id = %(tenant)s
        """,
        {"tenant": tenant_id},
    ).fetchone()
    return row[0], row[1]


def versions(
    conn: Connection[Any], tenant_id: str, service_id: UUID, before: int, most: int
) -> list[Version]:
    """Return up to *most* versions of a service before version *before*, the latest first."""
    with conn.cursor(row_factory=class_row(Version)) as cursor:
        return cursor.execute(
            """
            SELECT version, is_active, definition, changed_at, changed_by, weights, weights_version
            FROM matching.service_versions
            WHERE tenant_id = %(tenant)s AND service_id = %(id)s AND version < %(before)s
            ORDER BY version DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "id": service_id, "before": before, "most": most},
        ).fetchall()


_ONE = """
    SELECT id, version, is_active, definition, understood, created_at, created_by, changed_at,
           changed_by, weights, weights_version
    FROM matching.services WHERE tenant_id = %(tenant)s AND id = %(id)s
    """
_ONE_LOCKED = _ONE + "FOR UPDATE"
