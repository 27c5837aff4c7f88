"""The SQL of rules and their versions, on a connection it is handed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from services.alerts.conditions import Tree, compiled
from services.alerts.rule import Rule
from services.alerts.rule_definition import Definition, as_rule
from services.alerts.rulebook import Ready, events


@dataclass(frozen=True, slots=True)
class Stored:
    """A rule as it is stored."""

    id: UUID
    version: int
    is_active: bool
    definition: Definition
    understood: Tree
    """Its conditions, as `rule_reading.read_rule` read them."""
    created_at: datetime
    created_by: str
    """Who did: the prefix of an API key, `local`, `command line` or `python`."""
    changed_at: datetime
    changed_by: str
    deleted_at: datetime | None = None

    @property
    def rule(self) -> Rule:
        """The rule itself."""
        return as_rule(self.id, self.version, self.is_active, self.definition)

    @property
    def ready(self) -> Ready:
        """The rule with its conditions, ready to be asked."""
        return Ready(self.rule, compiled(self.understood))


@dataclass(frozen=True, slots=True)
class Version:
    """What a rule once was."""

    version: int
    is_active: bool
    definition: Definition
    changed_at: datetime
    changed_by: str


def save(conn: Connection[Any], tenant_id: str, stored: Stored) -> None:
    """Store a version of a rule: its first, or the one after the last."""
    rule = stored.rule
    conn.execute(
        _SAVE,
        {
            "tenant": tenant_id,
            "id": stored.id,
            "version": stored.version,
            "name": rule.rule_name,
            "type": rule.rule_type,
            "definition": Jsonb(dict(stored.definition)),
            "understood": Jsonb(dict(stored.understood)),
            "events": list(events(rule)),
            "active": stored.is_active,
            "created_at": stored.created_at,
            "created_by": stored.created_by,
            "changed_at": stored.changed_at,
            "changed_by": stored.changed_by,
            "deleted_at": stored.deleted_at,
        },
    )


def one(
    conn: Connection[Any], tenant_id: str, rule_id: UUID, locked: bool = False
) -> Stored | None:
    """Return the rule of that id unless it was deleted; *locked*, nobody changes it meanwhile."""
    statement = _ONE_LOCKED if locked else _ONE
    with conn.cursor(row_factory=class_row(Stored)) as cursor:
        return cursor.execute(statement, {"tenant": tenant_id, "id": rule_id}).fetchone()


def page(
    conn: Connection[Any], tenant_id: str, asked: Mapping[str, Any], most: int
) -> list[Stored]:
    """Return up to *most* rules, oldest first, that are all that *asked* says.

    *asked*: `rule_type`, `is_active` and `after`, each None where nothing is asked.
    """
    with conn.cursor(row_factory=class_row(Stored)) as cursor:
        return cursor.execute(
            """
            SELECT id, version, is_active, definition, understood, created_at, created_by,
                   changed_at, changed_by, deleted_at
            FROM alerts.rules
            WHERE tenant_id = %(tenant)s AND deleted_at IS NULL AND id > %(after)s
              AND (%(type)s::text IS NULL OR rule_type = %(type)s)
              AND (%(active)s::boolean IS NULL OR is_active = %(active)s)
            ORDER BY id LIMIT %(most)s
            """,
            {
                "tenant": tenant_id,
                "after": asked.get("after") or UUID(int=0),
                "type": asked.get("rule_type"),
                "active": asked.get("is_active"),
                "most": most,
            },
        ).fetchall()


def count(conn: Connection[Any], tenant_id: str) -> int:
    """Return how many rules an account has."""
    row = conn.execute(
        """
        SELECT count(*) FROM alerts.rules WHERE tenant_id = %(tenant)s AND deleted_at IS NULL
        """,
        {"tenant": tenant_id},
    ).fetchone()
    return row[0] if row else 0


def active(conn: Connection[Any], tenant_id: str) -> list[Stored]:
    """Return all rules that are looked at, in the order of their ids."""
    with conn.cursor(row_factory=class_row(Stored)) as cursor:
        return cursor.execute(
            """
            SELECT id, version, is_active, definition, understood, created_at, created_by,
                   changed_at, changed_by, deleted_at
            FROM alerts.rules WHERE tenant_id = %(tenant)s AND is_active ORDER BY id
            """,
            {"tenant": tenant_id},
        ).fetchall()


def known(conn: Connection[Any], tenant_id: str, ids: list[UUID]) -> dict[UUID, Rule]:
    """Return the rules of *ids*, those that are inactive or were deleted as well, by id."""
    with conn.cursor(row_factory=class_row(Stored)) as cursor:
        rows = cursor.execute(
            """
            SELECT id, version, is_active, definition, understood, created_at, created_by,
                   changed_at, changed_by, deleted_at
            FROM alerts.rules WHERE tenant_id = %(tenant)s AND id = ANY (%(ids)s)
            """,
            {"tenant": tenant_id, "ids": ids},
        ).fetchall()
    return {row.id: row.rule for row in rows}


def stamp(conn: Connection[Any], tenant_id: str) -> tuple[int, int]:
    """Return how many rules there ever were, and how many versions: both only ever grow."""
    row: Any = conn.execute(
        """
        SELECT count(*), coalesce(sum(version), 0)::bigint
        FROM alerts.rules WHERE tenant_id = %(tenant)s
        """,
        {"tenant": tenant_id},
    ).fetchone()
    return row[0], row[1]


def versions(
    conn: Connection[Any], tenant_id: str, rule_id: UUID, before: int, most: int
) -> list[Version]:
    """Return up to *most* versions of a rule before version *before*, the latest first."""
    with conn.cursor(row_factory=class_row(Version)) as cursor:
        return cursor.execute(
            """
            SELECT version, is_active, definition, changed_at, changed_by
            FROM alerts.rule_versions
            WHERE tenant_id = %(tenant)s AND rule_id = %(id)s AND version < %(before)s
            ORDER BY version DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "id": rule_id, "before": before, "most": most},
        ).fetchall()


_ONE = """
    SELECT id, version, is_active, definition, understood, created_at, created_by, changed_at,
           changed_by, deleted_at
    FROM alerts.rules WHERE tenant_id = %(tenant)s AND id = %(id)s AND deleted_at IS NULL
    """
_ONE_LOCKED = _ONE + "FOR NO KEY UPDATE"

_SAVE = """
    WITH saved AS (
        INSERT INTO alerts.rules (
            tenant_id, id, rule_name, rule_type, definition, understood, events, is_active,
            version, created_at, created_by, changed_at, changed_by, deleted_at)
        VALUES (%(tenant)s, %(id)s, %(name)s, %(type)s, %(definition)s, %(understood)s,
                %(events)s, %(active)s, %(version)s, %(created_at)s, %(created_by)s,
                %(changed_at)s, %(changed_by)s, %(deleted_at)s)
        ON CONFLICT (tenant_id, id) DO UPDATE
            SET rule_name = excluded.rule_name, rule_type = excluded.rule_type,
                definition = excluded.definition, understood = excluded.understood,
                events = excluded.events, is_active = excluded.is_active,
                version = excluded.version, changed_at = excluded.changed_at,
                changed_by = excluded.changed_by, deleted_at = excluded.deleted_at
        RETURNING id
    )
    INSERT INTO alerts.rule_versions (tenant_id, rule_id, version, definition, is_active,
                                      changed_at, changed_by)
    SELECT %(tenant)s, saved.id, %(version)s, %(definition)s, %(active)s, %(changed_at)s,
           %(changed_by)s
    FROM saved
    """
