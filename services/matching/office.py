"""The desk of the running app: its database, its gate, and what it remembers."""

from typing import cast

from flask import current_app
from flask.sansio.blueprints import BlueprintSetupState

from services.matching.catalogue_cache import Catalogues
from services.matching.lead_columns import LeadColumns
from services.matching.matchmaking import Desk
from shared import web
from shared.web.service import gate

CATALOGUES = "leadfly.matching.catalogues"
"""Where the remembered catalogues stand in `app.extensions`."""

LEADS = "leadfly.matching.leads"
"""Where the remembered leads stand there."""


def remember(state: BlueprintSetupState) -> None:
    """Give the app a memory for catalogues and leads."""
    state.app.extensions[CATALOGUES] = Catalogues()
    state.app.extensions[LEADS] = LeadColumns()


def desk() -> Desk:
    """Return the running app's desk."""
    catalogues = cast(Catalogues, current_app.extensions[CATALOGUES])
    leads = cast(LeadColumns, current_app.extensions[LEADS])
    leads.most_bytes = web.settings().matching_memory_mb * 1024**2
    return Desk(web.database(), gate(), web.settings().default_country, catalogues, leads)
