"""The desk of the running app."""

from services.discovery.desk import Desk
from shared import web
from shared.investigations import investigations
from shared.web.service import gate


def desk() -> Desk:
    """Return the running app's desk. Raises NoInvestigations where leads are served elsewhere."""
    return Desk(web.database(), gate(), web.settings().default_country, investigations())
