"""Forget what has expired: sealed request bodies and the answers kept for retries."""

from shared import idempotency, leads
from shared.db import Database


def purge(database: Database) -> int:
    """Delete what is past its time, of all tenants; return how many rows went.

    The transaction names no tenant, so row-level security lets expired rows go and no others.
    """
    with database.lookup() as conn:
        return leads.purge_expired_bodies(conn) + idempotency.purge_expired(conn)
