"""HTTP of signal detection: load, call, reply."""

import time
import weakref
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
from services.signals.pages.fetcher import Fetcher
from services.signals.response import response
from shared import web
from shared.errors import SettingsError
from shared.outbound import Door
from shared.settings import Settings
from shared.web.account import account
from shared.web.context import EXTENSION
from shared.web.service import assembled, gate

FETCHER = "leadfly.signals.fetcher"
"""Where what fetches pages stands, in `app.extensions`."""

MODEL = "leadfly.signals.model"
"""Where the weights that texts are read by stand."""

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
    fetcher = _fetcher()
    model = cast(Model, current_app.extensions[MODEL])
    return Desk(web.database(), gate(), fetcher.fetch, fetcher.text_of, model)


def _fetcher() -> Fetcher:
    """Return what fetches pages in this process, made when it is first needed."""
    known = current_app.extensions.get(FETCHER)
    return cast(Fetcher, known or current_app.extensions.setdefault(FETCHER, _new_fetcher()))


def _new_fetcher() -> Fetcher:
    """Return a fetcher whose processes end when nobody has it any more, at the latest with ours."""
    chosen = web.settings()
    fetcher = Fetcher(Door(chosen.allowed_private_hosts), chosen.about_url)
    weakref.finalize(fetcher, fetcher.reader.close)
    return fetcher
