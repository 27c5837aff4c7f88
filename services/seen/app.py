"""HTTP of seen keys: load, call, reply."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Flask, Response, request

from services.seen import answer, claiming, reading, settling
from services.seen.office import desk, reader
from services.seen.openapi import CONFIRM, OPERATIONS, PATH, RELEASE, SCOPE
from services.seen.schema import EVERYTHING, ConfirmRequest, ReleaseRequest, SeenRequest
from services.seen.scope_routes import blueprint as scopes
from shared import web
from shared.idempotency import named_key
from shared.settings import Settings
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import assembled

blueprint = Blueprint("seen", __name__)
blueprint.register_blueprint(scopes)


@blueprint.post(PATH)
def see_one() -> Response:
    """Say whether a key was seen before, and see it."""
    tenant_id, data = _sent()
    wanted = reader(tenant_id).wanted(loaded(_SEEN, data))
    found = claiming.claim(desk(), tenant_id, [wanted], datetime.now(UTC), _key())
    return _replied(answer.seen_or_fault(found.answers[0]), found.again)


@blueprint.post(f"{PATH}/batch")
def see_batch() -> Response:
    """Say it of many keys, in the order sent."""
    tenant_id, data = _sent(apart="items")
    batch = reading.seen_batch(reader(tenant_id), data)
    found = claiming.claim(desk(), tenant_id, batch.good, datetime.now(UTC), _key())
    shown = answer.results(batch.results(found.answers), answer.seen_or_fault, web.fault)
    return _replied({"success": True, "results": shown}, found.again)


@blueprint.post(CONFIRM)
def confirm_one() -> Response:
    """Confirm what was held: its item went through."""
    tenant_id, data = _sent()
    wanted = reader(tenant_id).confirmed(loaded(_CONFIRM, data))
    (found,) = settling.confirm(desk(), tenant_id, [wanted], datetime.now(UTC))
    return web.reply(answer.confirmed(found))


@blueprint.post(f"{CONFIRM}/batch")
def confirm_batch() -> Response:
    """Confirm many, in the order sent."""
    tenant_id, data = _sent(apart="items")
    batch = reading.confirm_batch(reader(tenant_id), data)
    found = settling.confirm(desk(), tenant_id, batch.good, datetime.now(UTC))
    shown = answer.results(batch.results(found), answer.confirmed, web.fault)
    return web.reply({"success": True, "results": shown})


@blueprint.post(RELEASE)
def release_one() -> Response:
    """Make a key free again: its item is to come once more."""
    tenant_id, data = _sent()
    said = loaded(_RELEASE, data)
    wanted = reader(tenant_id).everywhere(said)
    if said.get(EVERYTHING):
        scopes = settling.release_everywhere(desk(), tenant_id, wanted.place.mark)
        return web.reply(answer.released(settling.everywhere_word(scopes)))
    (word,) = settling.release(desk(), tenant_id, [wanted], datetime.now(UTC))
    return web.reply(answer.released(word))


@blueprint.post(f"{RELEASE}/batch")
def release_batch() -> Response:
    """Make many keys free again, in the order sent."""
    tenant_id, data = _sent(apart="items")
    batch = reading.release_batch(reader(tenant_id), data)
    words = settling.release(desk(), tenant_id, batch.good, datetime.now(UTC))
    shown = answer.results(batch.results(words), answer.released, web.fault)
    return web.reply({"success": True, "results": shown})


@blueprint.get(f"{PATH}/health")
def health() -> tuple[Response, int]:
    """Say whether keys could be told apart now."""
    ok, reason = web.database().ready()
    return web.reply({"success": ok, "service": "seen", "status": reason}), 200 if ok else 503


def create_app(settings: Settings | None = None) -> Flask:
    """Return seen keys as an app of their own."""
    return assembled("seen", [blueprint], OPERATIONS, settings)


def _sent(apart: str | None = None) -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, SCOPE)
    data = web.body(apart=apart)
    return account(SCOPE, data), data


def _key() -> str | None:
    return named_key(request.headers.get("Idempotency-Key"), None)


def _replied(payload: Mapping[str, Any], again: bool) -> Response:
    response = web.reply(payload)
    if again:
        response.headers["Idempotent-Replayed"] = "true"
    return response


_SEEN, _CONFIRM, _RELEASE = SeenRequest(), ConfirmRequest(), ReleaseRequest()
