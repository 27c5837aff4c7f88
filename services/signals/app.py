"""HTTP of signal detection: load, call, reply."""

import time
from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app
from flask.sansio.blueprints import BlueprintSetupState

from services.signals import detection, schema
from services.signals import model as models
from services.signals.batch import results
from services.signals.detecting import Desk, found
from services.signals.engagement_routes import blueprint as engagement
from services.signals.feedback_routes import blueprint as feedback
from services.signals.model import Model, UnknownModel
from services.signals.openapi import OPERATIONS, PATH, SCOPE
from services.signals.response import response
from shared import web
from shared.errors import SettingsError
from shared.settings import Settings
from shared.web import pages
from shared.web.account import account
from shared.web.context import EXTENSION
from shared.web.service import assembled, gate

MODEL = "leadfly.signals.model"
"""Where the weights that texts are read by stand, in `app.extensions`."""

blueprint = Blueprint("signals", __name__)
blueprint.register_blueprint(feedback)
blueprint.register_blueprint(engagement)


@blueprint.record
def load_model(state: BlueprintSetupState) -> None:
    """Give the app the model that its settings name. Raises SettingsError if it is none."""
    path = state.app.extensions[EXTENSION].settings.signals_model
    try:
        state.app.extensions[MODEL] = models.read(path) if path else models.shipped()
    except (OSError, UnknownModel):
        raise SettingsError(details={"LEADFLY_SIGNALS_MODEL": "is no model of ours"}) from None


@blueprint.post(PATH)
def detect_one() -> Response:
    """Find the signals of one text, page or list of events."""
    begun = time.perf_counter()
    tenant_id, data = _sent()
    asked = schema.request(data)
    return web.reply(response(found(_desk(), tenant_id, asked), begun))


@blueprint.post(f"{PATH}/batch")
def detect_batch() -> Response:
    """Find the signals of many texts in the order sent."""
    tenant_id, data = _sent(apart="items")
    items = schema.items(data)
    return web.reply({"success": True, "results": results(_desk(), tenant_id, items, web.fault)})


@blueprint.get(f"{PATH}/health")
def health() -> tuple[Response, int]:
    """Say whether signals could be detected now."""
    ok, reason = web.database().ready()
    return web.reply({"success": ok, "service": "signals", "status": reason}), 200 if ok else 503


def create_app(settings: Settings | None = None) -> Flask:
    """Return signal detection as an app of its own."""
    detection.warm()
    return assembled("signals", [blueprint], OPERATIONS, settings)


def _sent(apart: str | None = None) -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, SCOPE)
    data = web.body(apart=apart)
    return account(SCOPE, data), data


def _desk() -> Desk:
    fetcher = pages.fetcher()
    model = cast(Model, current_app.extensions[MODEL])
    return Desk(web.database(), gate(), fetcher.fetch, fetcher.text_of, model)
