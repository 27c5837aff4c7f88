"""The SQL of sources, on a connection it is handed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from psycopg import Connection
from psycopg.types.json import Jsonb

from services.dedup.intake.source import Declared, Source
from shared.privacy.gate import Gate
from shared.privacy.pseudonym import Keyring


@dataclass(frozen=True, slots=True)
class Stored:
    """A source, and who made and changed it, when."""

    source: Source
    created_at: datetime
    created_by: str
    """The prefix of an API key, `local` or `command line`."""
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Row:
    """A source as its row has it: its secrets are sealed."""

    tenant_id: str
    source_id: str
    adapter: str | None
    profile: str | None
    field_map: dict[str, str]
    country: str | None
    consent: dict[str, Any] | None
    secrets: bytes | None

    def opened(self, keyring: Keyring) -> Source:
        """Return the source. Raises Unsealable under another installation's key."""
        secrets = {}
        if self.secrets is not None:
            place = _place(self.tenant_id, self.source_id)
            secrets = orjson.loads(keyring.unseal(self.secrets, place))
        return Source(
            self.tenant_id,
            self.source_id,
            self.adapter,
            self.profile,
            self.field_map,
            self.country,
            declared(self.consent),
            secrets,
        )


def find(conn: Connection, gate: Gate, tenant_id: str, source_id: str) -> Stored | None:
    """Return the source of that name, None if there is none."""
    rows = _stored(
        conn,
        gate,
        """
        SELECT tenant_id, source_id, adapter, profile, field_map, country, consent, secrets,
               created_at, created_by, changed_at, changed_by
        FROM dedup.sources WHERE tenant_id = %(tenant)s AND source_id = %(source)s
        """,
        {"tenant": tenant_id, "source": source_id},
    )
    return rows[0] if rows else None


def page(conn: Connection, gate: Gate, tenant_id: str, after: str, most: int) -> list[Stored]:
    """Return up to *most* sources of an account by name, from the first after *after*."""
    return _stored(
        conn,
        gate,
        """
        SELECT tenant_id, source_id, adapter, profile, field_map, country, consent, secrets,
               created_at, created_by, changed_at, changed_by
        FROM dedup.sources WHERE tenant_id = %(tenant)s AND source_id > %(after)s
        ORDER BY source_id LIMIT %(most)s
        """,
        {"tenant": tenant_id, "after": after, "most": most},
    )


def count(conn: Connection, tenant_id: str) -> int:
    """Return how many sources an account has."""
    row = conn.execute(
        "SELECT count(*) FROM dedup.sources WHERE tenant_id = %(tenant)s", {"tenant": tenant_id}
    ).fetchone()
    return row[0] if row else 0


def save(conn: Connection, gate: Gate, stored: Stored) -> None:
    """Store a source: a new one, or as it is now."""
    source = stored.source
    conn.execute(
        """
        INSERT INTO dedup.sources (tenant_id, source_id, adapter, profile, field_map, country,
                                   consent, secrets, created_at, created_by, changed_at,
                                   changed_by)
        VALUES (%(tenant)s, %(source)s, %(adapter)s, %(profile)s, %(map)s, %(country)s,
                %(consent)s, %(secrets)s, %(created_at)s, %(created_by)s, %(changed_at)s,
                %(changed_by)s)
        ON CONFLICT (tenant_id, source_id) DO UPDATE
            SET adapter = excluded.adapter, profile = excluded.profile,
                field_map = excluded.field_map, country = excluded.country,
                consent = excluded.consent, secrets = excluded.secrets,
                changed_at = excluded.changed_at, changed_by = excluded.changed_by
        """,
        {
            "tenant": source.tenant_id,
            "source": source.source_id,
            "adapter": source.adapter,
            "profile": source.profile,
            "map": Jsonb(dict(source.field_map)),
            "country": source.country,
            "consent": Jsonb(said(source.consent)) if source.consent else None,
            "secrets": _sealed(gate.keyring, source),
            "created_at": stored.created_at,
            "created_by": stored.created_by,
            "changed_at": stored.changed_at,
            "changed_by": stored.changed_by,
        },
    )


def remove(conn: Connection, tenant_id: str, source_id: str) -> bool:
    """Remove a source; return True if there was one."""
    row = conn.execute(
        """
        DELETE FROM dedup.sources
        WHERE tenant_id = %(tenant)s AND source_id = %(source)s RETURNING source_id
        """,
        {"tenant": tenant_id, "source": source_id},
    ).fetchone()
    return row is not None


def opened(conn: Connection) -> list[Row]:
    """Return the sources of every tenant that a usable token opens, their secrets sealed.

    The connection must have named no tenant: the function looks across them.
    """
    rows = conn.execute(
        """
        SELECT tenant_id, source_id, adapter, profile, field_map, country, consent, secrets
        FROM dedup.open_sources()
        """
    )
    return [_row(*row) for row in rows]


def said(consent: Declared) -> dict[str, Any]:
    """Return a declared consent as JSON has it."""
    return {
        "purposes": list(consent.purposes),
        "text_version": consent.text_version,
        "field": consent.field,
    }


def declared(said: dict[str, Any] | None) -> Declared | None:
    """Return the consent that JSON says, in the words of `said`."""
    if said is None:
        return None
    return Declared(tuple(said["purposes"]), said.get("text_version"), said.get("field"))


def _stored(
    conn: Connection, gate: Gate, statement: str, values: dict[str, object]
) -> list[Stored]:
    rows = conn.execute(statement, values)
    return [Stored(_row(*row[:8]).opened(gate.keyring), *row[8:]) for row in rows]


def _row(*columns: Any) -> Row:
    *settings, secrets = columns
    row = [*settings, None if secrets is None else bytes(secrets)]
    return Row(*row)


def _sealed(keyring: Keyring, source: Source) -> bytes | None:
    if not source.secrets:
        return None
    place = _place(source.tenant_id, source.source_id)
    return keyring.seal(orjson.dumps(dict(source.secrets)), place)


def _place(tenant_id: str, source_id: str) -> str:
    """Return what secrets are bound to: moved to another row they do not open."""
    return f"{tenant_id}/source/{source_id}"
