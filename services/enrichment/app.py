"""HTTP of enrichment: load, call, reply."""

from datetime import UTC, datetime
from typing import cast
from uuid import UUID

from flask import Blueprint, Flask, Response, request

from services.enrichment import answer, enriching, looking, openapi
from services.enrichment.crossing_routes import blueprint as cross_references
from services.enrichment.office import desk
from services.enrichment.openapi import ASK, DELETE, OPERATIONS, READ
from services.enrichment.providers.registry import PROVIDERS
from services.enrichment.schema import EnrichedLead, EnrichOrder
from shared import web
from shared.settings import Settings
from shared.validation import loaded
from shared.web.account import NO_BODY, account
from shared.web.service import assembled

blueprint = Blueprint("enrichment", __name__)
blueprint.register_blueprint(cross_references)


@blueprint.post(openapi.ENRICH)
def enrich(lead_id: str) -> Response:
    """Find out more about a lead."""
    web.caller(None, ASK)
    data = web.body() if request.content_length else NO_BODY
    tenant_id, wanted = account(ASK, data), _id(lead_id)
    wish = loaded(_ORDER, data)
    done = enriching.enrich(desk(), tenant_id, wanted, wish, web.acting(), _now())
    return web.reply(answer.enriched(wanted, done))


@blueprint.get(openapi.HELD)
def held(lead_id: str) -> Response:
    """Answer what was found of a lead."""
    tenant_id, wanted = account(READ), _id(lead_id)
    return web.reply(answer.looked(wanted, looking.look(desk(), tenant_id, wanted, _now())))


@blueprint.delete(openapi.HELD)
def delete(lead_id: str) -> Response:
    """Delete what was found of a lead."""
    tenant_id, wanted = account(DELETE), _id(lead_id)
    return web.reply(answer.deleted(wanted, looking.delete(desk(), tenant_id, wanted, _now())))


@blueprint.get(openapi.PROVIDERS)
def providers() -> Response:
    """Answer who can be asked."""
    account(READ)
    return web.reply(answer.providers(PROVIDERS))


def create_app(settings: Settings | None = None) -> Flask:
    """Return enrichment as an app of its own."""
    return assembled("enrichment", [blueprint], OPERATIONS, settings)


def _id(text: str) -> UUID:
    return cast(UUID, loaded(_PLACE, {"lead_id": text})["lead_id"])


def _now() -> datetime:
    return datetime.now(UTC)


_ORDER, _PLACE = EnrichOrder(), EnrichedLead()
