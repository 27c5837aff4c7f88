"""What keeps the leads of this process: one, so that its threads work together."""

from typing import cast

from flask import current_app

from services.dedup.admission import Keeping
from services.dedup.policy_routes import policies
from services.dedup.trade.terms_routes import LIST_KEEPERS
from shared import web
from shared.web.service import gate, spool

KEEPING = "leadfly.dedup.keeping"
"""Where it stands in `app.extensions`."""


def keeping() -> Keeping:
    """Return what keeps the leads of the running app."""
    kept = current_app.extensions.get(KEEPING)
    if kept is None:
        keepers = current_app.extensions[LIST_KEEPERS]
        made = Keeping(web.database(), gate(), spool(), policies(), keepers.keeps)
        kept = current_app.extensions.setdefault(KEEPING, made)
    return cast(Keeping, kept)
