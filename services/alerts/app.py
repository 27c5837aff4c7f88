"""HTTP of alerts: load, call, reply."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, Response, request

from services.alerts import office, schema
from services.alerts.alert_routes import blueprint as alerts
from services.alerts.batch import answer, results
from services.alerts.live.live_routes import blueprint as live
from services.alerts.openapi import OPERATIONS, PATH, SCOPE
from services.alerts.posting import post
from services.alerts.receiver_routes import blueprint as receivers
from services.alerts.rule_routes import blueprint as rules
from services.alerts.silence_routes import blueprint as silences
from services.alerts.unsubscribe_routes import blueprint as unsubscribe
from shared import web
from shared.settings import Settings
from shared.web.account import account
from shared.web.service import assembled

blueprint = Blueprint("alerts", __name__)
blueprint.record(office.remember)
blueprint.register_blueprint(alerts)
blueprint.register_blueprint(rules)
blueprint.register_blueprint(receivers)
blueprint.register_blueprint(silences)
blueprint.register_blueprint(unsubscribe)
blueprint.register_blueprint(live)


@blueprint.post(PATH)
def raise_one() -> Response:
    """Raise what happened."""
    tenant_id, data = _sent()
    posted = schema.posted(data, request.headers.get("Idempotency-Key"))
    return web.reply(answer(post(office.desk(), tenant_id, posted)))


@blueprint.post(f"{PATH}/batch")
def raise_batch() -> Response:
    """Raise many things that happened, in the order sent."""
    tenant_id, data = _sent(apart="events")
    done = results(office.desk(), tenant_id, schema.events(data), web.fault)
    return web.reply({"success": True, "results": done})


@blueprint.get(f"{PATH}/health")
def health() -> tuple[Response, int]:
    """Say whether alerts could be raised now."""
    ok, reason = web.database().ready()
    return web.reply({"success": ok, "service": "alerts", "status": reason}), 200 if ok else 503


def create_app(settings: Settings | None = None) -> Flask:
    """Return alerts as an app of their own."""
    return assembled("alerts", [blueprint], OPERATIONS, settings)


def _sent(apart: str | None = None) -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, SCOPE)
    data = web.body(apart=apart)
    return account(SCOPE, data), data
