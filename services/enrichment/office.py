"""The desk of the running app."""

import weakref
from typing import cast

from flask import current_app

from services.enrichment.desk import Desk
from services.enrichment.means import Means
from shared import web
from shared.web import pages
from shared.web.service import gate

MEANS = "leadfly.enrichment.means"
"""Where the means of this process stand, in `app.extensions`."""


def desk() -> Desk:
    """Return the running app's desk."""
    return Desk(web.database(), gate(), web.settings().default_country, _means())


def _means() -> Means:
    """Return the means of this process, made when they are first needed."""
    known = current_app.extensions.get(MEANS)
    return cast(Means, known or current_app.extensions.setdefault(MEANS, _new_means()))


def _new_means() -> Means:
    means = Means(web.settings(), pages.fetcher)
    weakref.finalize(current_app._get_current_object(), means.close)  # type: ignore[attr-defined]
    return means
