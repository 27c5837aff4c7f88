"""Every service behind one port: what `leadfly run` serves."""

from flask import Flask

from services.dedup.app import blueprint as dedup
from shared.settings import Settings
from shared.web.service import assembled

BLUEPRINTS = (dedup,)
"""The routes of every service."""


def create_app(settings: Settings | None = None) -> Flask:
    """Return one app that answers for all services."""
    return assembled("leadfly", BLUEPRINTS, settings)
