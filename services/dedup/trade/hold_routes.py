"""HTTP of holds: load, call, reply."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from services.dedup.trade import holding
from services.dedup.trade.hold_openapi import ONE
from services.dedup.trade.hold_schema import HoldPlace
from services.dedup.trade.hold_store import Kept
from shared import web
from shared.validation import loaded
from shared.web.account import NO_BODY, account

blueprint = Blueprint("holds", __name__)


@blueprint.get(ONE)
def one_hold(hold_id: str) -> Response:
    """Answer one hold as it stands."""
    tenant_id, wanted = account("read:leads"), _hold(hold_id)
    kept = holding.shown(web.database(), tenant_id, wanted)
    return web.reply({"success": True, "hold": _answer(kept)})


@blueprint.post(f"{ONE}/confirm")
def confirm(hold_id: str) -> Response:
    """Take the lead of a hold for good."""
    tenant_id, wanted = _caller(), _hold(hold_id)
    return _settled(*holding.confirm(web.database(), tenant_id, wanted))


@blueprint.post(f"{ONE}/release")
def release(hold_id: str) -> Response:
    """Give the identity of a hold free."""
    tenant_id, wanted = _caller(), _hold(hold_id)
    return _settled(*holding.release(web.database(), tenant_id, wanted))


def _caller() -> str:
    return account("write:leads", web.body() if request.content_length else NO_BODY)


def _hold(text: str) -> UUID:
    return loaded(HoldPlace(), {"hold_id": text})["hold_id"]


def _settled(kept: Kept, changed: bool) -> Response:
    return web.reply({"success": True, "changed": changed, "hold": _answer(kept)})


def _answer(kept: Kept) -> dict[str, Any]:
    return {
        "hold_id": str(kept.hold_id),
        "lead_id": str(kept.lead_id),
        "state": holding.standing(kept, holding.utc_now()),
        "expires_at": kept.held_until,
        "settled_at": kept.settled_at,
        "buyer_id": kept.buyer_id,
        "campaign_id": kept.campaign_id,
    }
