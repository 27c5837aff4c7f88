"""Keys that callers make for others: nobody gives away what they do not have."""

import logging
from datetime import UTC, datetime, timedelta

from psycopg import Connection

from shared import issuing
from shared.api_key import INTAKE, ApiKey, Wanted, checked
from shared.errors import Conflict
from shared.issuing import Granted, Issued
from shared.privacy.pseudonym import Keyring

log = logging.getLogger(__name__)


class OfASource(Conflict):
    """This key is the token of a source: rotate it there."""


def issue(
    conn: Connection, keyring: Keyring, tenant_id: str, wanted: Wanted, granted: Granted
) -> Issued:
    """Store a new key. Raises Forbidden if it could do more than its maker, else as `issuing`."""
    wanted = checked(wanted)
    issuing.refuse_more(wanted.kind, wanted.scopes, granted)
    issued = issuing.issue(conn, keyring, tenant_id, wanted)
    log.info("API key %s was made", issued.key.prefix)
    return issued


def rotate(
    conn: Connection, keyring: Keyring, key: ApiKey, overlap: timedelta, granted: Granted
) -> Issued:
    """Store a successor of *key*, which whoever asks then has.

    Raises as `issue` does, and OfASource for a token: it is no use without its address.
    """
    issuing.refuse_more(key.kind, key.scopes, granted)
    if key.kind == INTAKE:
        raise OfASource
    issued = issuing.rotate(conn, keyring, key, overlap, datetime.now(UTC))
    log.info("API key %s succeeds %s", issued.key.prefix, key.prefix)
    return issued
