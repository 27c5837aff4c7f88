"""Every service behind one port: what `leadfly run` serves."""

import gc

from flask import Flask

from services.accounts.app import blueprint as accounts
from services.accounts.openapi import OPERATIONS as ACCOUNT_OPERATIONS
from services.dedup.app import blueprint as dedup
from services.dedup.openapi import OPERATIONS as DEDUP_OPERATIONS
from services.dedup.record import warm as warm_dedup
from services.privacy.app import blueprint as privacy
from services.privacy.openapi import OPERATIONS as PRIVACY_OPERATIONS
from services.webhooks.app import blueprint as webhooks
from services.webhooks.openapi import OPERATIONS as WEBHOOK_OPERATIONS
from shared.settings import Settings
from shared.web.service import assembled

BLUEPRINTS = (dedup, accounts, privacy, webhooks)
"""The routes of every service."""

OPERATIONS = (
    *DEDUP_OPERATIONS,
    *ACCOUNT_OPERATIONS,
    *PRIVACY_OPERATIONS,
    *WEBHOOK_OPERATIONS,
)
"""What the API description says of them."""

WARM_UPS = (warm_dedup,)
"""What a service loads before its first request."""


def create_app(settings: Settings | None = None) -> Flask:
    """Return one app that answers for all services."""
    for warm in WARM_UPS:
        warm()
    return assembled("leadfly", BLUEPRINTS, OPERATIONS, settings)


def served() -> Flask:
    """Return the app for a process that serves nothing else.

    What is loaded by now lives as long as the process, so no garbage collection looks at it again:
    a full one took 90 ms of some lead's time.
    """
    app = create_app()
    gc.collect()
    gc.freeze()
    return app
