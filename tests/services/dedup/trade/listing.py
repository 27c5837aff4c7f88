"""Suppression lists as an account keeps them: rows of the service that owns them."""

from datetime import timedelta
from uuid import uuid4

from shared import suppression
from shared.normalize import phone
from tests.services.dedup.arrivals import NOON

ADDED = NOON - timedelta(days=30)


def a_list(owner, tenant_id, name="Do not contact", kind="do_not_contact", **said):
    """Keep a list; return its id."""
    row = {"id": uuid4(), "tenant": tenant_id, "name": name, "kind": kind, "at": ADDED}
    owner.execute(
        "INSERT INTO suppression.lists (tenant_id, id, name, kind, on_hit, sources, created_at, "
        "created_by, changed_at, changed_by) VALUES (%(tenant)s, %(id)s, %(name)s, %(kind)s, "
        "%(on_hit)s, %(sources)s, %(at)s, 'local', %(at)s, 'local')",
        row | {"on_hit": "reject", "sources": []} | said,
    )
    return row["id"]


def add(owner, gate, tenant_id, list_id, value, expires_at=None, added_at=ADDED):
    """Put *value*, an address, a number or a digest, on a list."""
    said = suppression.digest(value) or next(iter(_clear(value)))
    key = suppression.key(lambda *of: gate.keyring.pseudonym(tenant_id, *of), said)
    owner.execute(
        "INSERT INTO suppression.entries (tenant_id, key, list_id, added_at, expires_at) "
        "VALUES (%s, %s, %s, %s, %s)",
        [tenant_id, key, list_id, added_at, expires_at],
    )


def _clear(value):
    if "@" in value:
        return suppression.of_email(value)
    return suppression.of_phone(phone.parse(value))
