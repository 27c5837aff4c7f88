"""The SQL of endpoints, on a connection it is handed. Addresses and secrets are sealed here."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from services.webhooks.endpoint import Ended, Endpoint, first_id
from shared.privacy.gate import Gate


def one(
    conn: Connection, gate: Gate, tenant_id: str, endpoint_id: UUID, locked: bool = False
) -> Endpoint | None:
    """Return the endpoint of that id, or None; *locked*, nobody else changes it meanwhile."""
    rows = _rows(conn, _ONE_LOCKED if locked else _ONE, {"tenant": tenant_id, "id": endpoint_id})
    return _opened(gate, tenant_id, rows[0]) if rows else None


def page(conn: Connection, gate: Gate, tenant_id: str, after: UUID, most: int) -> list[Endpoint]:
    """Return up to *most* endpoints of an account, oldest first, from *after* that id on."""
    rows = _rows(
        conn,
        """
        SELECT * FROM webhooks.endpoints
        WHERE tenant_id = %(tenant)s AND id > %(after)s ORDER BY id LIMIT %(most)s
        """,
        {"tenant": tenant_id, "after": after, "most": most},
    )
    return [_opened(gate, tenant_id, row) for row in rows]


def count(conn: Connection, tenant_id: str) -> int:
    """Return how many endpoints an account has."""
    row = conn.execute(
        "SELECT count(*) FROM webhooks.endpoints WHERE tenant_id = %(tenant)s",
        {"tenant": tenant_id},
    ).fetchone()
    return row[0] if row else 0


def listening(conn: Connection, tenant_id: str) -> dict[UUID, tuple[frozenset[str], datetime]]:
    """Return what each active endpoint of an account hears, and since when.

    None of them is removed before the transaction ends.
    """
    rows = conn.execute(
        """
        SELECT id, events, hears_since FROM webhooks.endpoints
        WHERE tenant_id = %(tenant)s AND active ORDER BY id FOR KEY SHARE
        """,
        {"tenant": tenant_id},
    )
    return {found: (frozenset(events), since) for found, events, since in rows}


def hearers(conn: Connection) -> list[tuple[str, UUID]]:
    """Return the tenants for whose endpoints events wait, and the first event id that counts.

    The connection must have named no tenant: the function looks across them.
    """
    return conn.execute("SELECT tenant_id, hears_from FROM webhooks.listening()").fetchall()


def save(conn: Connection, gate: Gate, tenant_id: str, endpoint: Endpoint) -> None:
    """Store an endpoint: a new one, or as it is now."""
    conn.execute(
        """
        INSERT INTO webhooks.endpoints (
            tenant_id, id, url, secret, former_secret, former_until, events, description, active,
            ended_because, created_at, changed_at, hears_since, hears_from, failures,
            failing_since, held_until, last_delivered_at)
        VALUES (
            %(tenant)s, %(id)s, %(url)s, %(secret)s, %(former_secret)s, %(former_until)s,
            %(events)s, %(description)s, %(active)s, %(ended_because)s, %(created_at)s,
            %(changed_at)s, %(hears_since)s, %(hears_from)s, %(failures)s, %(failing_since)s,
            %(held_until)s, %(last_delivered_at)s)
        ON CONFLICT (tenant_id, id) DO UPDATE SET
            url = excluded.url, secret = excluded.secret, former_secret = excluded.former_secret,
            former_until = excluded.former_until, events = excluded.events,
            description = excluded.description, active = excluded.active,
            ended_because = excluded.ended_because, changed_at = excluded.changed_at,
            hears_since = excluded.hears_since, hears_from = excluded.hears_from,
            failures = excluded.failures, failing_since = excluded.failing_since,
            held_until = excluded.held_until
        """,
        _row(gate, tenant_id, endpoint),
    )


def remove(conn: Connection, tenant_id: str, endpoint_id: UUID) -> bool:
    """Remove an endpoint; False if there was none. What is on its way to it has nowhere to go."""
    removed = conn.execute(
        """
        DELETE FROM webhooks.endpoints WHERE tenant_id = %(tenant)s AND id = %(id)s RETURNING id
        """,
        {"tenant": tenant_id, "id": endpoint_id},
    )
    return removed.fetchone() is not None


def succeeded(conn: Connection, tenant_id: str, endpoint_id: UUID, now: datetime) -> None:
    """Note that an endpoint took a message; at most once a minute, unless it had failed."""
    conn.execute(
        """
        UPDATE webhooks.endpoints
        SET failures = 0, failing_since = NULL, held_until = NULL, last_delivered_at = %(now)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s
          AND (failures > 0 OR last_delivered_at IS NULL
               OR last_delivered_at < %(now)s - interval '1 minute')
        """,
        {"tenant": tenant_id, "id": endpoint_id, "now": now},
    )


def failed(
    conn: Connection, tenant_id: str, endpoint_id: UUID, now: datetime
) -> tuple[int, datetime] | None:
    """Note that an endpoint failed; return how often in a row, and since when. None: it is gone."""
    return conn.execute(
        """
        UPDATE webhooks.endpoints
        SET failures = failures + 1, failing_since = coalesce(failing_since, %(now)s)
        WHERE tenant_id = %(tenant)s AND id = %(id)s RETURNING failures, failing_since
        """,
        {"tenant": tenant_id, "id": endpoint_id, "now": now},
    ).fetchone()


def hold(conn: Connection, tenant_id: str, endpoint_id: UUID, until: datetime | None) -> None:
    """Send nothing to an endpoint before *until*."""
    conn.execute(
        """
        UPDATE webhooks.endpoints SET held_until = %(until)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        {"tenant": tenant_id, "id": endpoint_id, "until": until},
    )


def end(conn: Connection, tenant_id: str, endpoint_id: UUID, why: Ended, now: datetime) -> None:
    """Deactivate an endpoint; what is on its way to it is dropped when its turn comes."""
    conn.execute(
        """
        UPDATE webhooks.endpoints
        SET active = false, ended_because = %(why)s, changed_at = %(now)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND active
        """,
        {"tenant": tenant_id, "id": endpoint_id, "why": why, "now": now},
    )


def _row(gate: Gate, tenant_id: str, endpoint: Endpoint) -> dict[str, object]:
    def sealed(text: str | None, what: str) -> bytes | None:
        if text is None:
            return None
        return gate.keyring.seal(text.encode(), f"{tenant_id}/webhooks/{endpoint.id}/{what}")

    return asdict(endpoint) | {
        "tenant": tenant_id,
        "url": sealed(endpoint.url, "url"),
        "secret": sealed(endpoint.secret, "secret"),
        "former_secret": sealed(endpoint.former_secret, "former_secret"),
        "events": list(endpoint.events),
        "hears_from": first_id(endpoint.hears_since),
    }


def _opened(gate: Gate, tenant_id: str, row: Mapping[str, Any]) -> Endpoint:
    def opened(what: str) -> Any:
        place = f"webhooks/{row['id']}/{what}"
        sealed = row[what]
        return sealed and gate.unseal(tenant_id, bytes(sealed), place).decode()

    plain = {name: value for name, value in row.items() if name in Endpoint.__slots__}
    secrets = {name: opened(name) for name in ("url", "secret", "former_secret")}
    return Endpoint(**plain | secrets)


def _rows(
    conn: Connection, statement: str, parameters: Mapping[str, object]
) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, parameters).fetchall()


_ONE = "SELECT * FROM webhooks.endpoints WHERE tenant_id = %(tenant)s AND id = %(id)s"
_ONE_LOCKED = """
    SELECT * FROM webhooks.endpoints WHERE tenant_id = %(tenant)s AND id = %(id)s FOR NO KEY UPDATE
    """
