"""HTTP of receivers: load, call, reply."""

from typing import cast
from uuid import UUID

from flask import Blueprint, Response

from services.alerts import receiver_answer, receiving
from services.alerts.office import desk, outlets
from services.alerts.receiver_openapi import (
    DELIVERIES,
    ONE,
    PATH,
    REPLAY,
    ROTATE,
    SCOPE,
    TEST,
)
from services.alerts.receiver_schema import (
    DeliveryPage,
    NewReceiver,
    ReceiverChange,
    ReceiverPage,
    ReceiverPlace,
    ReplayAsked,
)
from services.alerts.sent import perhaps_sent, sent
from shared import web
from shared.validation import loaded
from shared.web.account import account

blueprint = Blueprint("receivers", __name__)


@blueprint.post(PATH)
def add() -> Response:
    """Add a receiver."""
    tenant_id, data = sent(SCOPE)
    added = receiving.add(desk(), tenant_id, loaded(_NEW, data), web.acting())
    return web.created({"success": True, "receiver": receiver_answer.with_secret(added)})


@blueprint.get(PATH)
def many() -> Response:
    """Answer a page of receivers, oldest first."""
    tenant_id, asked = account(SCOPE), web.query(_PAGE)
    found, following = receiving.page(desk(), tenant_id, asked["after"], asked["limit"])
    shown = [receiver_answer.receiver(one) for one in found]
    return web.reply(
        {"success": True, "count": len(shown), "receivers": shown, "next_after": following}
    )


@blueprint.get(ONE)
def one(receiver_id: str) -> Response:
    """Answer one receiver."""
    tenant_id, wanted = account(SCOPE), _id(receiver_id)
    stored = receiving.found(desk(), tenant_id, wanted)
    return web.reply({"success": True, "receiver": receiver_answer.receiver(stored)})


@blueprint.put(ONE)
def change(receiver_id: str) -> Response:
    """Change a receiver."""
    tenant_id, data = sent(SCOPE)
    wanted, said = _id(receiver_id), loaded(_CHANGE, data)
    stored = receiving.change(desk(), tenant_id, wanted, said, web.acting())
    return web.reply({"success": True, "receiver": receiver_answer.receiver(stored)})


@blueprint.delete(ONE)
def remove(receiver_id: str) -> Response:
    """Remove a receiver."""
    tenant_id, wanted = account(SCOPE), _id(receiver_id)
    receiving.remove(desk(), tenant_id, wanted)
    return web.reply({"success": True, "receiver_id": wanted})


@blueprint.post(ROTATE)
def rotate(receiver_id: str) -> Response:
    """Give a receiver a new secret."""
    (tenant_id, _), wanted = perhaps_sent(SCOPE), _id(receiver_id)
    stored = receiving.rotate(desk(), tenant_id, wanted, web.acting())
    return web.reply({"success": True, "receiver": receiver_answer.with_secret(stored)})


@blueprint.post(TEST)
def test(receiver_id: str) -> Response:
    """Send a receiver a test message now."""
    (tenant_id, _), wanted = perhaps_sent(SCOPE), _id(receiver_id)
    url = web.settings().public_url
    done = receiving.tried(desk(), tenant_id, wanted, outlets(), url)
    return web.reply({"success": True, "receiver_id": wanted, "test": done})


@blueprint.get(DELIVERIES)
def deliveries(receiver_id: str) -> Response:
    """Answer a page of what a receiver was told, newest first."""
    tenant_id, wanted, asked = account(SCOPE), _id(receiver_id), web.query(_DELIVERIES)
    found, following = receiving.deliveries(
        desk(), tenant_id, wanted, asked["after"], asked["limit"]
    )
    return web.reply(
        {
            "success": True,
            "receiver_id": wanted,
            "count": len(found),
            "deliveries": [receiver_answer.delivery(each) for each in found],
            "next_after": following,
        }
    )


@blueprint.post(REPLAY)
def replay(receiver_id: str) -> Response:
    """Try again what failed for good."""
    tenant_id, data = perhaps_sent(SCOPE)
    wanted, said = _id(receiver_id), loaded(_REPLAY, data)
    count = receiving.replay(desk(), tenant_id, wanted, said.get("notification_ids"))
    return web.reply({"success": True, "receiver_id": wanted, "replayed": count})


def _id(text: str) -> UUID:
    return cast(UUID, loaded(_PLACE, {"receiver_id": text})["receiver_id"])


_NEW, _CHANGE, _REPLAY = NewReceiver(), ReceiverChange(), ReplayAsked()
_PLACE, _PAGE, _DELIVERIES = ReceiverPlace(), ReceiverPage(), DeliveryPage()
