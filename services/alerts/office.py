"""The desk of the running app, and what it sends test messages through."""

from typing import cast

from flask import current_app
from flask.sansio.blueprints import BlueprintSetupState

from services.alerts.channels import Outlets
from services.alerts.channels.mailing import Mailing
from services.alerts.desk import Desk
from services.alerts.raising import Raiser
from services.alerts.rules_cache import Rulebooks
from shared import web
from shared.outbound import Door
from shared.web.service import gate

RULEBOOKS = "leadfly.alerts.rulebooks"
"""Where the remembered rules stand in `app.extensions`."""

OUTLETS = "leadfly.alerts.outlets"
"""Where test messages are sent through."""


def remember(state: BlueprintSetupState) -> None:
    """Give the app a memory for rules."""
    state.app.extensions[RULEBOOKS] = Rulebooks()


def desk() -> Desk:
    """Return the running app's desk."""
    rulebooks = cast(Rulebooks, current_app.extensions[RULEBOOKS])
    settings = web.settings()
    return Desk(
        web.database(),
        gate(),
        settings.default_country,
        settings.allowed_private_hosts,
        Raiser(gate(), rulebooks),
    )


def outlets() -> Outlets:
    """Return what this process sends test messages through, made when it is first needed."""
    made = current_app.extensions.get(OUTLETS) or _outlets()
    return cast(Outlets, current_app.extensions.setdefault(OUTLETS, made))


def _outlets() -> Outlets:
    settings = web.settings()
    server, sender = settings.mail_server, settings.mail_from
    mailing = Mailing(server, sender) if server and sender else None
    return Outlets(Door(settings.allowed_private_hosts), mailing)
