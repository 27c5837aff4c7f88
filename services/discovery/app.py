"""HTTP of discoveries: load, call, reply."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, Response, request

from services.discovery import answer, asking, batch
from services.discovery.office import desk
from services.discovery.openapi import BATCH, CANCEL, EVENTS, ONE, OPERATIONS, PATH, READ, WEBHOOK
from services.discovery.openapi import WRITE as SCOPE
from services.discovery.schema import (
    Discover,
    DiscoverBatch,
    DiscoveredPage,
    DiscoveryPage,
    DiscoveryPlace,
)
from services.discovery.source_routes import blueprint as sources
from shared import web
from shared.errors import NotFound
from shared.idempotency import named_key
from shared.settings import Settings
from shared.validation import loaded
from shared.web.account import NO_BODY, account
from shared.web.service import assembled
from shared.web.visited import stream_origin

blueprint = Blueprint("discovery", __name__)

blueprint.register_blueprint(sources)


@blueprint.post(PATH)
@blueprint.post(WEBHOOK, endpoint="from_workflow")
def discover() -> tuple[Response, int]:
    """Have sources asked, and answer what they found if that is soon."""
    web.caller(None, SCOPE)
    data = web.body()
    tenant_id, order = account(SCOPE, data), loaded(_NEW, data)
    key = named_key(request.headers.get("Idempotency-Key"), data.get("submission_id"))
    job_id, repeated = asking.ask(desk(), tenant_id, order, web.acting(), key, _now())
    asking.wait(desk(), tenant_id, [job_id])
    said, is_over = batch.asked(desk(), tenant_id, job_id)
    response = web.reply(said)
    if repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response, HTTPStatus.OK if is_over else HTTPStatus.ACCEPTED


@blueprint.post(BATCH)
def discover_batch() -> Response:
    """Have sources asked several times."""
    web.caller(None, SCOPE)
    data = web.body(apart="items")
    tenant_id, items = account(SCOPE, data), loaded(_BATCH, data)["items"]
    done = batch.results(desk(), tenant_id, items, web.acting(), _now(), web.fault)
    return web.reply({"success": True, "results": done})


@blueprint.get(PATH)
def many() -> Response:
    """Answer a page of discoveries, the latest first."""
    tenant_id, asked = account(READ), web.query(_PAGE)
    found, following = asking.page(desk(), tenant_id, asked["after"], asked["limit"])
    shown = [answer.job(job, leads) for job, leads in found]
    return web.reply({"success": True, "count": len(shown), "jobs": shown, "next_after": following})


@blueprint.get(ONE)
def one(job_id: str) -> Response:
    """Answer how far a discovery is, with leads of it."""
    tenant_id, wanted, asked = account(READ), _id(job_id), web.query(_LEADS)
    found = asking.found(desk(), tenant_id, wanted, asked["after"], asked["limit"])
    return web.reply(answer.discovered(found))


@blueprint.post(CANCEL)
def cancel(job_id: str) -> Response:
    """Let a discovery go no further."""
    tenant_id = _account_that_writes()
    wanted = _id(job_id)
    changed = asking.cancel(desk(), tenant_id, wanted, _now())
    found = asking.found(desk(), tenant_id, wanted, None, 1)
    return web.reply(answer.begun(found) | {"changed": changed})


@blueprint.get(EVENTS)
def events_elsewhere(job_id: str) -> Response:
    """Send whoever asks here to where the stream is: here it would hold a thread of the services.

    A ticket is looked at there, and used up.
    """
    if "ticket" not in request.args:
        asking.check(desk(), account(READ), _id(job_id))
    origin = stream_origin(request, web.settings())
    if not origin:
        raise NotFound("The stream has an address of its own.")
    asked = request.query_string.decode("ascii", "replace")
    response = Response(status=HTTPStatus.TEMPORARY_REDIRECT, mimetype="text/plain")
    where = EVENTS.replace("<job_id>", str(_id(job_id)))
    response.headers["Location"] = f"{origin}{where}{'?' * bool(asked)}{asked}"
    return response


def create_app(settings: Settings | None = None) -> Flask:
    """Return discovery as an app of its own; without the leads service it begins nothing."""
    return assembled("discovery", [blueprint], OPERATIONS, settings)


def _account_that_writes() -> str:
    web.caller(None, SCOPE)
    data: Mapping[str, Any] = web.body() if request.content_length else NO_BODY
    return account(SCOPE, data)


def _id(text: str) -> UUID:
    return cast(UUID, loaded(_PLACE, {"job_id": text})["job_id"])


def _now() -> datetime:
    return datetime.now(UTC)


_NEW, _BATCH, _PAGE, _LEADS = Discover(), DiscoverBatch(), DiscoveryPage(), DiscoveredPage()
_PLACE = DiscoveryPlace()
