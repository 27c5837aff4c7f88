"""Keys that callers make for others: nobody gives away what they do not have."""

import logging
from datetime import UTC, datetime, timedelta

from psycopg import Connection

from shared import issuing
from shared.api_key import ApiKey, Wanted, checked, needed_to_grant
from shared.errors import Forbidden
from shared.issuing import Issued
from shared.privacy.pseudonym import Keyring

Granted = frozenset[str] | None
"""The scopes of the caller's key; None for a caller who may do everything."""

log = logging.getLogger(__name__)


def issue(
    conn: Connection, keyring: Keyring, tenant_id: str, wanted: Wanted, granted: Granted
) -> Issued:
    """Store a new key. Raises Forbidden if it could do more than its maker, else as `issuing`."""
    wanted = checked(wanted)
    _refuse_more(wanted.kind, wanted.scopes, granted)
    issued = issuing.issue(conn, keyring, tenant_id, wanted)
    log.info("API key %s was made", issued.key.prefix)
    return issued


def rotate(
    conn: Connection, keyring: Keyring, key: ApiKey, overlap: timedelta, granted: Granted
) -> Issued:
    """Store a successor of *key*, which whoever asks then has. Raises as `issue` does."""
    _refuse_more(key.kind, tuple(key.scopes), granted)
    issued = issuing.rotate(conn, keyring, key, overlap, datetime.now(UTC))
    log.info("API key %s succeeds %s", issued.key.prefix, key.prefix)
    return issued


def _refuse_more(kind: str, scopes: tuple[str, ...], granted: Granted) -> None:
    missing = sorted(needed_to_grant(kind, scopes) - granted) if granted is not None else []
    if missing:
        raise Forbidden(details={"scopes": f"your own key has no {', '.join(missing)}"})
