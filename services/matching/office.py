"""The desk of the running app: its database, its gate and the catalogues it remembers."""

from typing import cast

from flask import current_app
from flask.sansio.blueprints import BlueprintSetupState

from services.matching.catalogue_cache import Catalogues
from services.matching.matchmaking import Desk
from shared import web
from shared.web.service import gate

CATALOGUES = "leadfly.matching.catalogues"
"""Where the remembered catalogues stand in `app.extensions`."""


def remember(state: BlueprintSetupState) -> None:
    """Give the app a memory for catalogues."""
    state.app.extensions[CATALOGUES] = Catalogues()


def desk() -> Desk:
    """Return the running app's desk."""
    catalogues = cast(Catalogues, current_app.extensions[CATALOGUES])
    return Desk(web.database(), gate(), web.settings().default_country, catalogues)
