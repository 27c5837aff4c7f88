"""HTTP of what is around a place: load, call, reply."""

from flask import Blueprint, Response

from services.leads import local
from services.leads.local_openapi import BUSINESSES, DISCOVER, MARKET
from services.leads.local_schema import BusinessesAsked, LocalDiscovery, MarketAsked
from shared import web
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import gate

blueprint = Blueprint("local", __name__)


@blueprint.post(DISCOVER)
def discover() -> Response:
    """Bring the leads around a place into an investigation."""
    web.caller(None, "write:leads")  # a stranger does not hear what is wrong with the body
    data = web.body()
    tenant_id, asked = account("write:leads", data), loaded(LocalDiscovery(), data)
    found = local.discover(
        web.database(),
        gate(),
        tenant_id,
        asked["investigation_id"],
        asked["location"],
        asked["radius_km"],
        asked["criteria"],
        web.settings().default_country,
        web.acting(),
    )
    return web.reply({"success": True, **found})


@blueprint.get(BUSINESSES)
def businesses() -> Response:
    """Answer the businesses around a place."""
    tenant_id, asked = account("read:leads"), web.query(BusinessesAsked())
    found = local.nearby_businesses(
        web.database(),
        gate(),
        tenant_id,
        asked["location"],
        asked["radius_km"],
        asked.get("industry"),
        web.settings().default_country,
        asked["limit"],
    )
    told = {"location": asked["location"], "radius_km": asked["radius_km"], "count": len(found)}
    return web.reply({"success": True, **told, "businesses": found})


@blueprint.get(MARKET)
def market() -> Response:
    """Answer the market at a place."""
    tenant_id, asked = account("read:analytics"), web.query(MarketAsked())
    found = local.market(
        web.database(), gate(), tenant_id, asked["location"], web.settings().default_country
    )
    return web.reply({"success": True, **found})
