"""Every service behind one port: what `leadfly run` serves."""

import gc

from flask import Flask

from leadfly.lead_admission import LeadAdmission
from services.accounts.app import blueprint as accounts
from services.accounts.openapi import OPERATIONS as ACCOUNT_OPERATIONS
from services.dedup.app import blueprint as dedup
from services.dedup.keeping import keeping
from services.dedup.openapi import OPERATIONS as DEDUP_OPERATIONS
from services.dedup.record import warm as warm_dedup
from services.leads.admission import ADMISSION
from services.leads.app import blueprint as leads
from services.leads.openapi import OPERATIONS as LEAD_OPERATIONS
from services.matching.app import blueprint as matching
from services.matching.openapi import OPERATIONS as MATCHING_OPERATIONS
from services.privacy.app import blueprint as privacy
from services.privacy.openapi import OPERATIONS as PRIVACY_OPERATIONS
from services.signals.app import blueprint as signals
from services.signals.detection import warm as warm_signals
from services.signals.openapi import OPERATIONS as SIGNAL_OPERATIONS
from services.webhooks.app import blueprint as webhooks
from services.webhooks.openapi import OPERATIONS as WEBHOOK_OPERATIONS
from shared.normalize.gazetteer import gazetteer
from shared.normalize.industry import warm as warm_industries
from shared.settings import Settings
from shared.web.context import EXTENSION
from shared.web.service import assembled

BLUEPRINTS = (dedup, accounts, leads, privacy, signals, matching, webhooks)
"""The routes of every service."""

OPERATIONS = (
    *DEDUP_OPERATIONS,
    *ACCOUNT_OPERATIONS,
    *LEAD_OPERATIONS,
    *PRIVACY_OPERATIONS,
    *SIGNAL_OPERATIONS,
    *MATCHING_OPERATIONS,
    *WEBHOOK_OPERATIONS,
)
"""What the API description says of them."""

GARBAGE = 100_000
"""Objects between two looks for garbage in cycles, of which a request makes few: a batch of a
hundred leads holds 20,000 objects until it is answered, and each look goes through them."""

WARM_UPS = (warm_dedup, warm_industries, gazetteer, warm_signals)
"""What a service loads before its first request."""


def create_app(settings: Settings | None = None) -> Flask:
    """Return one app that answers for all services."""
    for warm in WARM_UPS:
        warm()
    app = assembled("leadfly", BLUEPRINTS, OPERATIONS, settings)
    country = app.extensions[EXTENSION].settings.default_country
    app.extensions[ADMISSION] = LeadAdmission(keeping, country)
    return app


def served() -> Flask:
    """Return the app for a process that serves nothing else.

    What is loaded by now lives as long as the process, so no garbage collection looks at it again:
    a full one took 90 ms of some lead's time.
    """
    app = create_app()
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)
    return app
