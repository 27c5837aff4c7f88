"""HTTP of pings: load, call, reply."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response

from services.dedup.policy_routes import policies
from services.dedup.trade import hashed_switch, ping_answering, ping_schema
from services.dedup.trade.hashed_store import Switch
from services.dedup.trade.ping import CHECKS
from services.dedup.trade.ping_answering import Desk, Ping
from services.dedup.trade.ping_openapi import HASHED, PATH
from services.dedup.trade.ping_token import SECONDS
from services.dedup.trade.terms import Scope
from shared import web
from shared.privacy import consent
from shared.web.account import account
from shared.web.service import gate

blueprint = Blueprint("pings", __name__)

SCOPE = "read:leads"
"""Who may only submit leads must not find out who is known without leaving one behind."""


@blueprint.post(PATH)
def ping() -> Response:
    """Say whether a lead would be taken."""
    web.caller(None, SCOPE)
    data, now = web.body(), datetime.now(UTC)
    tenant_id = account(SCOPE, data)
    asked = _asked(ping_schema.ping(data, "unknown" if web.settings().local else None), now)
    web.limited(tenant_id, [asked.scope.source_id])
    desk = Desk(web.database(), gate(), policies(), web.settings().default_country)
    answered = ping_answering.answer(desk, tenant_id, asked, now)
    taken = answered.reason is None
    token = ping_answering.ping_id(desk, tenant_id, asked, now) if taken else (None, None)
    return web.reply(
        {
            "success": True,
            "outcome": answered.outcome,
            "reason": answered.reason,
            "review": answered.review,
            "resumes_at": answered.resumes_at,
            "checked": list(answered.checked),
            "unchecked": [name for name in CHECKS if name not in answered.checked],
            "ping_id": token[0],
            "expires_at": token[1],
        }
    )


@blueprint.get(HASHED)
def hashed() -> Response:
    """Show whether known leads are found by digests."""
    return _switch(hashed_switch.shown(web.database(), account(SCOPE)))


@blueprint.put(HASHED)
def switch_on() -> Response:
    """Let known leads be found by digests."""
    tenant_id = account("admin:account")
    now = datetime.now(UTC)
    switch = hashed_switch.switch_on(web.database(), tenant_id, web.acting(), now)
    policies().forget(tenant_id)
    return _switch(switch)


@blueprint.delete(HASHED)
def switch_off() -> Response:
    """Let nobody be found by digests."""
    tenant_id = account("admin:account")
    hashed_switch.switch_off(web.database(), tenant_id, datetime.now(UTC))
    policies().forget(tenant_id)
    return _switch(None)


def _asked(said: dict[str, Any], now: datetime) -> Ping:
    agreed = said["consent"]
    given = agreed and consent.given(
        agreed["purposes"],
        agreed.get("given_at") or now,
        agreed.get("text_version"),
        agreed.get("proof"),
    )
    scope = Scope(said["source_id"], said.get("buyer_id") or "", said.get("campaign_id") or "")
    seconds = said.get("valid_seconds") or SECONDS
    return Ping(scope, said["fields"], said["digests"], given or None, seconds)


def _switch(switch: Switch | None) -> Response:
    return web.reply(
        {
            "success": True,
            "hashed_pings": switch is not None,
            "switched_on_at": switch and switch.switched_on_at,
            "switched_on_by": switch and switch.switched_on_by,
            "complete_at": switch and switch.complete_at,
        }
    )
