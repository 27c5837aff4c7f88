"""What a database says about itself: version, roles, isolation, clock; for those who diagnose."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection


@dataclass(frozen=True, slots=True)
class Facts:
    """A database as its catalogue describes it to the login that asks."""

    version: int
    """As `server_version_num`: 150004 is 15.4."""
    login: str
    login_is_powerful: bool
    """True if the login bypasses row-level security: a superuser, or BYPASSRLS."""
    role_exists: bool
    role_is_powerful: bool
    role_is_ours: bool
    """True if the login may step down to the application role."""
    now: datetime
    max_connections: int
    lock_room: int
    """Locks that all transactions together may hold."""


def facts(conn: Connection, role: str) -> Facts:
    """Return what the catalogue says of the server, of this login and of one *role* of ours."""
    cursor: Any = conn.execute(
        """
        SELECT current_setting('server_version_num')::int, session_user,
               login.rolsuper OR login.rolbypassrls,
               role.oid IS NOT NULL, coalesce(role.rolsuper OR role.rolbypassrls, false),
               coalesce(pg_has_role(session_user, role.oid, CASE
                   WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER'
                   ELSE 'SET' END), false),
               clock_timestamp(), current_setting('max_connections')::int,
               current_setting('max_locks_per_transaction')::int
               * (current_setting('max_connections')::int
                  + current_setting('max_prepared_transactions')::int)
        FROM pg_roles AS login LEFT JOIN pg_roles AS role ON role.rolname = %(role)s
        WHERE login.rolname = session_user
        """,
        {"role": role},
    )
    return Facts(*cursor.fetchone())


def unforced(conn: Connection) -> list[str]:
    """Return the tables of tenants' data whose isolation is not enabled, forced and by a policy."""
    rows = conn.execute(
        """
        SELECT c.oid::regclass::text FROM pg_class AS c
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%%'
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                   AND EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid))
        ORDER BY 1
        """,
        {},
    )
    return [row[0] for row in rows]


def fingerprint(conn: Connection) -> bytes | None:
    """Return the fingerprint of the key that this database was filled under, if it has any."""
    row = conn.execute("SELECT fingerprint FROM public.installation").fetchone()
    return bytes(row[0]) if row else None
