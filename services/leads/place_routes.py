"""HTTP of places and industries: load, call, reply."""

from dataclasses import asdict

from flask import Blueprint, Response

from services.leads.named import named_industries, named_places
from services.leads.place_openapi import INDUSTRIES, PLACES, SCOPE
from services.leads.place_schema import IndustryAsked, PlaceAsked
from shared import web
from shared.normalize import industry
from shared.web.account import account

blueprint = Blueprint("places", __name__)


@blueprint.get(PLACES)
def places() -> Response:
    """Answer the places that a text may mean."""
    account(SCOPE)
    asked = web.query(PlaceAsked())
    country = asked.get("country") or web.settings().default_country
    found = named_places("q", asked["q"], country.upper(), asked["limit"])
    shown = [asdict(place) for place in found.places]
    for place in shown:
        del place["id"]
    return web.reply({"success": True, "places": shown, "ambiguous": found.ambiguous})


@blueprint.get(INDUSTRIES)
def industries() -> Response:
    """Answer the industries that a text may mean."""
    account(SCOPE)
    asked = web.query(IndustryAsked())
    shown = [
        {
            "code": found.code,
            "name": found.name,
            "within": [outer.name for outer in industry.parents(found.code)],
        }
        for found in named_industries("q", asked["q"], asked["limit"])
    ]
    return web.reply({"success": True, "industries": shown})
