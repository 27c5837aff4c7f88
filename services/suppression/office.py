"""The desk of the running app."""

from services.suppression.desk import Desk
from shared import web
from shared.web.service import gate


def desk() -> Desk:
    """Return the running app's desk."""
    return Desk(web.database(), gate().keyring, web.settings().default_country)
