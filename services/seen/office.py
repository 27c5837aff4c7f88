"""The desk of the running app, and what reads keys there."""

from services.seen.desk import Desk
from services.seen.reading import Reader
from shared import web
from shared.web.service import gate


def desk() -> Desk:
    """Return the running app's desk."""
    return Desk(web.database(), gate().keyring)


def reader(tenant_id: str) -> Reader:
    """Return what reads the keys of an account."""
    return Reader(gate().keyring, tenant_id, web.settings().default_country)
