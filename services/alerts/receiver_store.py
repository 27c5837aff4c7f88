"""The SQL of receivers, on a connection it is handed. Addresses and secrets are sealed here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from services.alerts import sealing
from services.alerts.receiver import Receiver
from services.alerts.receiver_definition import Definition, as_receiver
from shared.privacy.gate import Gate

Because = Literal["paused", "unsubscribed", "gone", "failing"]
"""Why a receiver is not active: its owner paused it, whoever reads it ended it, its address wants
no more, or it failed for too long."""

MOST_ACTIVE = 1000
"""Receivers of an account that a happening is told to."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A receiver as it is stored, its address opened."""

    receiver: Receiver
    address: str
    shown: str
    """Enough of the address to tell receivers apart, and no secret."""
    secret: str | None
    """What a webhook's messages are signed with."""
    definition: Definition
    inactive_because: Because | None
    created_at: datetime
    created_by: str
    """Who did: the prefix of an API key, `local`, `command line` or `python`."""
    changed_at: datetime
    changed_by: str
    failures: int = 0
    """In a row."""
    failing_since: datetime | None = None
    held_until: datetime | None = None
    last_told_at: datetime | None = None
    storm_told_at: datetime | None = None

    @property
    def id(self) -> UUID:
        """The receiver's."""
        return self.receiver.id


def save(conn: Connection[Any], gate: Gate, tenant_id: str, stored: Stored) -> None:
    """Store a receiver: a new one, or as it is now.

    Raises psycopg's UniqueViolation if another one of the account has its name.
    """
    conn.execute(_SAVE, _row(gate, tenant_id, stored))


def one(
    conn: Connection[Any], gate: Gate, tenant_id: str, receiver_id: UUID, locked: bool = False
) -> Stored | None:
    """Return the receiver of that id, or None; *locked*, nobody else changes it meanwhile."""
    rows = _rows(conn, _ONE_LOCKED if locked else _ONE, {"tenant": tenant_id, "id": receiver_id})
    return _opened(gate, tenant_id, rows[0]) if rows else None


def page(conn: Connection[Any], gate: Gate, tenant_id: str, after: UUID, most: int) -> list[Stored]:
    """Return up to *most* receivers of an account, oldest first, from *after* that id on."""
    rows = _rows(
        conn,
        """
        SELECT * FROM alerts.receivers
        WHERE tenant_id = %(tenant)s AND id > %(after)s ORDER BY id LIMIT %(most)s
        """,
        {"tenant": tenant_id, "after": after, "most": most},
    )
    return [_opened(gate, tenant_id, row) for row in rows]


def count(conn: Connection[Any], tenant_id: str) -> int:
    """Return how many receivers an account has."""
    row = conn.execute(
        "SELECT count(*) FROM alerts.receivers WHERE tenant_id = %(tenant)s",
        {"tenant": tenant_id},
    ).fetchone()
    return row[0] if row else 0


def known(conn: Connection[Any], tenant_id: str, ids: Sequence[UUID]) -> set[UUID]:
    """Return those of *ids* that are receivers of the account."""
    rows = conn.execute(
        "SELECT id FROM alerts.receivers WHERE tenant_id = %(tenant)s AND id = ANY (%(ids)s)",
        {"tenant": tenant_id, "ids": list(ids)},
    )
    return {found for (found,) in rows}


def called(
    conn: Connection[Any], tenant_id: str, names: Sequence[str]
) -> dict[str, tuple[UUID, str]]:
    """Return id and channel of the account's receivers that *names* name, by id or by name."""
    rows = conn.execute(
        """
        SELECT one.name, own.id, own.channel FROM unnest(%(names)s::text[]) AS one (name)
        JOIN alerts.receivers AS own
            ON own.tenant_id = %(tenant)s AND (own.name = one.name OR own.id::text = one.name)
        ORDER BY own.id::text = one.name
        """,
        {"tenant": tenant_id, "names": list(names)},
    )
    return {name: (id, channel) for name, id, channel in rows}


def active(conn: Connection[Any], tenant_id: str) -> list[Receiver]:
    """Return the receivers that may be told something, oldest first, MOST_ACTIVE at most.

    None of them is removed before the transaction ends.
    """
    rows = _rows(
        conn,
        """
        SELECT id, name, channel, is_active, version, definition FROM alerts.receivers
        WHERE tenant_id = %(tenant)s AND is_active ORDER BY id LIMIT %(most)s FOR KEY SHARE
        """,
        {"tenant": tenant_id, "most": MOST_ACTIVE},
    )
    return [as_receiver(**row) for row in rows]


def taken(
    conn: Connection[Any], tenant_id: str, receiver_id: UUID
) -> tuple[Receiver, datetime | None] | None:
    """Return a receiver that is about to be told, and when it was told of a storm.

    Nobody else tells it anything before the transaction ends. None: it is gone, or somebody else
    is at it.
    """
    rows = _rows(
        conn,
        """
        SELECT id, name, channel, is_active, version, definition, storm_told_at
        FROM alerts.receivers WHERE tenant_id = %(tenant)s AND id = %(id)s
        FOR NO KEY UPDATE SKIP LOCKED
        """,
        {"tenant": tenant_id, "id": receiver_id},
    )
    if not rows:
        return None
    storm_told_at = rows[0].pop("storm_told_at")
    return as_receiver(**rows[0]), storm_told_at


def note_told(
    conn: Connection[Any], tenant_id: str, receiver_id: UUID, now: datetime, of_storm: bool
) -> None:
    """Note that a receiver is told something at *now*; *of_storm*, that there is more."""
    conn.execute(
        """
        UPDATE alerts.receivers
        SET last_told_at = %(now)s,
            storm_told_at = CASE WHEN %(storm)s THEN %(now)s ELSE storm_told_at END
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        {"tenant": tenant_id, "id": receiver_id, "now": now, "storm": of_storm},
    )


def remove(conn: Connection[Any], tenant_id: str, receiver_id: UUID) -> bool:
    """Remove a receiver, with all that it was told; False if there was none."""
    removed = conn.execute(
        """
        DELETE FROM alerts.receivers WHERE tenant_id = %(tenant)s AND id = %(id)s RETURNING id
        """,
        {"tenant": tenant_id, "id": receiver_id},
    )
    return removed.fetchone() is not None


def _row(gate: Gate, tenant_id: str, stored: Stored) -> dict[str, object]:
    receiver = stored.receiver
    return {
        "tenant": tenant_id,
        "id": receiver.id,
        "name": receiver.name,
        "channel": receiver.channel,
        "address": sealing.sealed_address(gate, tenant_id, receiver.id, stored.address),
        "shown": stored.shown,
        "secret": sealing.sealed_secret(gate, tenant_id, receiver.id, stored.secret),
        "definition": Jsonb(dict(stored.definition)),
        "active": receiver.is_active,
        "because": stored.inactive_because,
        "failures": stored.failures,
        "failing_since": stored.failing_since,
        "held_until": stored.held_until,
        "version": receiver.version,
        "created_at": stored.created_at,
        "created_by": stored.created_by,
        "changed_at": stored.changed_at,
        "changed_by": stored.changed_by,
    }


_PLAIN = (
    "shown",
    "definition",
    "inactive_because",
    "created_at",
    "created_by",
    "changed_at",
    "changed_by",
    "failures",
    "failing_since",
    "held_until",
    "last_told_at",
    "storm_told_at",
)
_OF_RECEIVER = ("id", "name", "channel", "is_active", "version", "definition")


def _opened(gate: Gate, tenant_id: str, row: Mapping[str, Any]) -> Stored:
    receiver = as_receiver(**{name: row[name] for name in _OF_RECEIVER})
    address = sealing.opened_address(gate, tenant_id, receiver.id, row["address"])
    secret = sealing.opened_secret(gate, tenant_id, receiver.id, row["secret"])
    plain = {name: row[name] for name in _PLAIN}
    return Stored(receiver, address=address, secret=secret, **plain)


def _rows(
    conn: Connection[Any], statement: str, parameters: Mapping[str, object]
) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, parameters).fetchall()


_ONE = "SELECT * FROM alerts.receivers WHERE tenant_id = %(tenant)s AND id = %(id)s"
_ONE_LOCKED = """
    SELECT * FROM alerts.receivers WHERE tenant_id = %(tenant)s AND id = %(id)s
    FOR NO KEY UPDATE
    """
_SAVE = """
    INSERT INTO alerts.receivers (
        tenant_id, id, name, channel, address, shown, secret, definition, is_active,
        inactive_because, failures, failing_since, held_until, version, created_at, created_by,
        changed_at, changed_by)
    VALUES (
        %(tenant)s, %(id)s, %(name)s, %(channel)s, %(address)s, %(shown)s, %(secret)s,
        %(definition)s, %(active)s, %(because)s, %(failures)s, %(failing_since)s, %(held_until)s,
        %(version)s, %(created_at)s, %(created_by)s, %(changed_at)s, %(changed_by)s)
    ON CONFLICT (tenant_id, id) DO UPDATE SET
        name = excluded.name, channel = excluded.channel, address = excluded.address,
        shown = excluded.shown, secret = excluded.secret, definition = excluded.definition,
        is_active = excluded.is_active, inactive_because = excluded.inactive_because,
        failures = excluded.failures, failing_since = excluded.failing_since,
        held_until = excluded.held_until, version = excluded.version,
        changed_at = excluded.changed_at, changed_by = excluded.changed_by
    """
