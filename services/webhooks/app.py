"""HTTP of webhooks: load, call, reply."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, request

from services.webhooks import delivery_store, registration, store
from services.webhooks.openapi import OPERATIONS, PATH, SCOPE
from services.webhooks.schema import NewWebhook, Page, WebhookChange, WebhookPlace
from services.webhooks.trial import trial
from shared import web
from shared.events import EVER
from shared.outbound import Door
from shared.settings import Settings
from shared.validation import loaded
from shared.web.account import NO_BODY, account
from shared.web.service import assembled, gate

DOOR = "leadfly.webhooks.door"
"""Where the door to the outside stands, in `app.extensions`."""

NEWEST = UUID(int=2**128 - 1)
"""An id after all others."""

blueprint = Blueprint("webhooks", __name__)


@blueprint.post(PATH)
def register() -> Response:
    """Register an endpoint."""
    tenant_id, data = _sent()
    new = loaded(NewWebhook(), data)
    made = registration.register(web.database(), gate(), tenant_id, new, _allowed())
    return web.created({"success": True, "webhook": made.answer() | {"secret": made.secret}})


@blueprint.get(PATH)
def many() -> Response:
    """Answer a page of endpoints, oldest first."""
    tenant_id, page = account(SCOPE), web.query(Page())
    limit = page["limit"]
    with web.database().transaction(tenant_id) as conn:
        found = store.page(conn, gate(), tenant_id, page["after"] or EVER, limit + 1)
    shown = [endpoint.answer() for endpoint in found[:limit]]
    following = found[limit - 1].id if len(found) > limit else None
    return web.reply(
        {"success": True, "count": len(shown), "webhooks": shown, "next_after": following}
    )


@blueprint.get(f"{PATH}/<webhook_id>")
def one(webhook_id: str) -> Response:
    """Answer one endpoint."""
    tenant_id, wanted = account(SCOPE), _id(webhook_id)
    found = registration.found(web.database(), gate(), tenant_id, wanted)
    return web.reply({"success": True, "webhook": found.answer()})


@blueprint.put(f"{PATH}/<webhook_id>")
def change(webhook_id: str) -> Response:
    """Change an endpoint."""
    tenant_id, data = _sent()
    wanted, changes = _id(webhook_id), loaded(WebhookChange(), data)
    changed = registration.change(web.database(), gate(), tenant_id, wanted, changes, _allowed())
    return web.reply({"success": True, "webhook": changed.answer()})


@blueprint.delete(f"{PATH}/<webhook_id>")
def remove(webhook_id: str) -> Response:
    """Remove an endpoint."""
    tenant_id, wanted = account(SCOPE), _id(webhook_id)
    registration.remove(web.database(), tenant_id, wanted)
    return web.reply({"success": True, "webhook_id": wanted})


@blueprint.post(f"{PATH}/<webhook_id>/rotate")
def rotate(webhook_id: str) -> Response:
    """Give an endpoint a new secret."""
    tenant_id, wanted = _perhaps_sent(), _id(webhook_id)
    rotated = registration.rotate(web.database(), gate(), tenant_id, wanted)
    return web.reply({"success": True, "webhook": rotated.answer() | {"secret": rotated.secret}})


@blueprint.post(f"{PATH}/<webhook_id>/test")
def test(webhook_id: str) -> Response:
    """Send an endpoint a test message now."""
    tenant_id, wanted = _perhaps_sent(), _id(webhook_id)
    endpoint = registration.found(web.database(), gate(), tenant_id, wanted)
    return web.reply({"success": True, "test": trial(_door(), endpoint)})


@blueprint.get(f"{PATH}/<webhook_id>/deliveries")
def deliveries(webhook_id: str) -> Response:
    """Answer a page of what is, or was, on its way to an endpoint."""
    tenant_id, wanted, page = account(SCOPE), _id(webhook_id), web.query(Page())
    endpoint = registration.found(web.database(), gate(), tenant_id, wanted)
    limit = page["limit"]
    with web.database().transaction(tenant_id) as conn:
        found = delivery_store.page(conn, tenant_id, wanted, page["after"] or NEWEST, limit + 1)
    shown = [delivery.answer(endpoint) for delivery in found[:limit]]
    following = found[limit - 1].event_id if len(found) > limit else None
    return web.reply(
        {"success": True, "count": len(shown), "deliveries": shown, "next_after": following}
    )


def create_app(settings: Settings | None = None) -> Flask:
    """Return the webhooks' routes as an app of their own."""
    return assembled("webhooks", [blueprint], OPERATIONS, settings)


def _sent() -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, SCOPE)
    data = web.body()
    return account(SCOPE, data), data


def _perhaps_sent() -> str:
    """Return the account, which the body may name where there is one."""
    web.caller(None, SCOPE)
    return account(SCOPE, web.body() if request.content_length else NO_BODY)


def _id(text: str) -> UUID:
    return cast(UUID, loaded(WebhookPlace(), {"webhook_id": text})["webhook_id"])


def _allowed() -> frozenset[str]:
    return web.settings().allowed_private_hosts


def _door() -> Door:
    """Return the door of this process, made when it is first needed."""
    made = current_app.extensions.get(DOOR) or Door(_allowed())
    return cast(Door, current_app.extensions.setdefault(DOOR, made))
