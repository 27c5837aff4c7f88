"""HTTP of leads: each part's routes, in one service."""

from flask import Blueprint, Flask

from services.leads.analytics_routes import blueprint as analytics
from services.leads.bulk_routes import blueprint as bulk
from services.leads.change_routes import blueprint as changes
from services.leads.creation_routes import blueprint as creation
from services.leads.export_routes import blueprint as exports
from services.leads.investigation_routes import blueprint as investigations
from services.leads.lead_investigation_routes import blueprint as lead_investigations
from services.leads.lead_routes import blueprint as lead_lists
from services.leads.local_routes import blueprint as local
from services.leads.openapi import OPERATIONS
from services.leads.place_routes import blueprint as places
from shared.settings import Settings
from shared.web.service import assembled

blueprint = Blueprint("leads", __name__)
blueprint.register_blueprint(lead_lists)
blueprint.register_blueprint(creation)
blueprint.register_blueprint(investigations)
blueprint.register_blueprint(lead_investigations)
blueprint.register_blueprint(analytics)
blueprint.register_blueprint(local)
blueprint.register_blueprint(places)
blueprint.register_blueprint(bulk)
blueprint.register_blueprint(changes)
blueprint.register_blueprint(exports)


def create_app(settings: Settings | None = None) -> Flask:
    """Return leads as an app of its own."""
    return assembled("leads", [blueprint], OPERATIONS, settings)
