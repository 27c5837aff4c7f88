"""What is known of a lead before anybody is asked, and whether somebody may be."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from services.enrichment import standing_store
from services.enrichment.desk import Desk
from services.enrichment.permitting import PURPOSE, Standing
from shared import leads, suppression
from shared.errors import NotFound
from shared.leads import Said
from shared.normalize import phone
from shared.privacy.gate import Permit


@dataclass(frozen=True, slots=True)
class Known:
    """A lead and where its person stands."""

    said: Said
    standing: Standing


def known(
    desk: Desk,
    conn: Connection,
    tenant_id: str,
    lead_id: UUID,
    now: datetime,
    email: str | None = None,
) -> Known:
    """Return a lead; *email* is one more address of its person, that a caller named.

    Nobody erases it before the transaction ends. Raises NotFound, for another account's just the
    same.
    """
    said = leads.find(conn, desk.gate, tenant_id, lead_id)
    if said is None or not standing_store.held(conn, tenant_id, lead_id):
        raise NotFound
    where = standing_store.standing(conn, tenant_id, lead_id)
    if not where.objected:
        keys = _keys(desk, tenant_id, said.fields, email)
        alone = standing_store.left_alone(conn, tenant_id, said.source_id, keys, now)
        where = replace(where, objected=alone)
    return Known(said, where)


def permit(desk: Desk, tenant_id: str, standing: Standing) -> Permit:
    """Return the permit to keep what is found. Raises ConsentMissing where the mode asks for it."""
    return desk.gate.admit(tenant_id, PURPOSE, standing.consent)


def _keys(desk: Desk, tenant_id: str, fields: Mapping[str, str], email: str | None) -> list[int]:
    """Return the keys under which lists of those who are to be left alone may name the person."""
    emails = [fields.get("email"), fields.get("other_email"), email]
    texts = [fields[name] for name in ("phone", "other_phone") if fields.get(name)]
    numbers = [phone.parse(text, fields.get("country"), desk.country) for text in texts]

    def pseudonym(kind: str, value: str) -> int:
        return desk.gate.keyring.pseudonym(tenant_id, kind, value)

    return suppression.keys_of(
        pseudonym, [text for text in emails if text], [number for number in numbers if number]
    )
