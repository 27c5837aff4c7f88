"""HTTP of matching: load, call, reply."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response

from services.matching import answer, keeping, office, schema
from services.matching.batch import results
from services.matching.catalogue_routes import blueprint as services
from services.matching.giving import Wanted
from services.matching.giving_routes import blueprint as giving
from services.matching.match_routes import blueprint as matches
from services.matching.matchmaking import Asked, found
from services.matching.openapi import OPERATIONS, PATH, SCOPE
from services.matching.rematch_routes import blueprint as rematches
from services.matching.similar_routes import blueprint as similar
from services.matching.weights_routes import blueprint as weights
from shared import web
from shared.settings import Settings
from shared.web.account import account
from shared.web.service import assembled

blueprint = Blueprint("matching", __name__)
blueprint.record(office.remember)
blueprint.register_blueprint(services)
blueprint.register_blueprint(matches)
blueprint.register_blueprint(giving)
blueprint.register_blueprint(weights)
blueprint.register_blueprint(rematches)
blueprint.register_blueprint(similar)


@blueprint.post(PATH)
def match_one() -> Response:
    """Find the services for one lead."""
    tenant_id, data = _sent()
    asked = schema.request(data)
    if asked.assign and asked.lead_id:
        return _given(asked, asked.lead_id, data)
    return web.reply(answer.found(found(office.desk(), tenant_id, asked)))


@blueprint.post(f"{PATH}/batch")
def match_batch() -> Response:
    """Find the services for many leads, in the order sent."""
    tenant_id, data = _sent(apart="leads")
    leads, limit = schema.leads(data)
    done = results(office.desk(), tenant_id, leads, limit, web.fault)
    return web.reply({"success": True, "results": done})


@blueprint.get(f"{PATH}/health")
def health() -> tuple[Response, int]:
    """Say whether leads could be matched now."""
    ok, reason = web.database().ready()
    return web.reply({"success": ok, "service": "matching", "status": reason}), 200 if ok else 503


def create_app(settings: Settings | None = None) -> Flask:
    """Return matching as an app of its own."""
    return assembled("matching", [blueprint], OPERATIONS, settings)


def _given(asked: Asked, lead_id: UUID, data: Mapping[str, Any]) -> Response:
    """Match a stored lead, keep its matches and give it to a service: that takes a right more."""
    tenant_id, wanted = account("write:leads", data), Wanted(web.acting(), asked.reassign)
    kept = keeping.keep(office.desk(), tenant_id, lead_id, asked.limit, datetime.now(UTC), wanted)
    return web.reply(answer.kept(lead_id, kept) | {"not_understood": []})


def _sent(apart: str | None = None) -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, SCOPE)
    data = web.body(apart=apart)
    return account(SCOPE, data), data
