"""Every service behind one port: what `leadfly run` serves."""

import gc

from flask import Flask

from leadfly.lead_admission import LeadAdmission
from leadfly.lead_investigations import LeadInvestigations
from services.accounts.app import blueprint as accounts
from services.accounts.openapi import OPERATIONS as ACCOUNT_OPERATIONS
from services.alerts.app import blueprint as alerts
from services.alerts.openapi import OPERATIONS as ALERT_OPERATIONS
from services.dedup.app import blueprint as dedup
from services.dedup.keeping import keeping
from services.dedup.openapi import OPERATIONS as DEDUP_OPERATIONS
from services.dedup.record import warm as warm_dedup
from services.discovery.app import blueprint as discovery
from services.discovery.openapi import OPERATIONS as DISCOVERY_OPERATIONS
from services.enrichment.app import blueprint as enrichment
from services.enrichment.openapi import OPERATIONS as ENRICHMENT_OPERATIONS
from services.leads.app import blueprint as leads
from services.leads.openapi import OPERATIONS as LEAD_OPERATIONS
from services.matching.app import blueprint as matching
from services.matching.openapi import OPERATIONS as MATCHING_OPERATIONS
from services.privacy.app import blueprint as privacy
from services.privacy.openapi import OPERATIONS as PRIVACY_OPERATIONS
from services.seen.app import blueprint as seen
from services.seen.openapi import OPERATIONS as SEEN_OPERATIONS
from services.signals.app import blueprint as signals
from services.signals.detection import warm as warm_signals
from services.signals.openapi import OPERATIONS as SIGNAL_OPERATIONS
from services.suppression.app import blueprint as suppression
from services.suppression.openapi import OPERATIONS as SUPPRESSION_OPERATIONS
from services.webhooks.app import blueprint as webhooks
from services.webhooks.openapi import OPERATIONS as WEBHOOK_OPERATIONS
from shared.admission import ADMISSION
from shared.investigations import INVESTIGATIONS
from shared.normalize.gazetteer import gazetteer
from shared.normalize.industry import warm as warm_industries
from shared.settings import Settings
from shared.web.context import EXTENSION
from shared.web.service import GATE, assembled

BLUEPRINTS = (
    *(dedup, accounts, leads, privacy, signals, matching, alerts, webhooks),
    *(seen, suppression, discovery),
    enrichment,
)
"""The routes of every service."""

OPERATIONS = (
    *DEDUP_OPERATIONS,
    *ACCOUNT_OPERATIONS,
    *LEAD_OPERATIONS,
    *PRIVACY_OPERATIONS,
    *SIGNAL_OPERATIONS,
    *MATCHING_OPERATIONS,
    *ALERT_OPERATIONS,
    *WEBHOOK_OPERATIONS,
    *SEEN_OPERATIONS,
    *SUPPRESSION_OPERATIONS,
    *DISCOVERY_OPERATIONS,
    *ENRICHMENT_OPERATIONS,
)
"""What the API description says of them."""

GARBAGE = 100_000
"""Objects between two looks for garbage in cycles, of which a request makes few: a batch of a
hundred leads holds 20,000 objects until it is answered, and each look goes through them."""

WARM_UPS = (warm_dedup, warm_industries, gazetteer, warm_signals)
"""What a service loads before its first request."""


def warm() -> None:
    """Load what a service needs before its first request; once more costs next to nothing."""
    for each in WARM_UPS:
        each()


def create_app(settings: Settings | None = None) -> Flask:
    """Return one app that answers for all services."""
    warm()
    app = assembled("leadfly", BLUEPRINTS, OPERATIONS, settings)
    context = app.extensions[EXTENSION]
    country = context.settings.default_country
    app.extensions[ADMISSION] = LeadAdmission(keeping, country)
    app.extensions[INVESTIGATIONS] = LeadInvestigations(
        context.database, app.extensions[GATE], country
    )
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
