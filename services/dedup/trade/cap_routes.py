"""HTTP of caps: load, call, reply."""

from datetime import UTC, datetime

from flask import Blueprint, Response

from services.dedup.trade.cap_openapi import PATH
from services.dedup.trade.cap_report import Asked, report
from services.dedup.trade.cap_schema import CapPage
from services.dedup.trade.terms import Scope
from services.dedup.trade.terms_change import respelled
from shared import web
from shared.web.account import account

blueprint = Blueprint("caps", __name__)

_PAGE = CapPage()


@blueprint.get(PATH)
def caps() -> Response:
    """Show counts beside caps."""
    tenant_id, asked = account("read:leads"), web.query(_PAGE)
    names = Scope(*(asked.get(name) or "" for name in Scope._fields))
    after = respelled(asked["after"]) if asked["after"] else None
    wanted = Asked(names, after, asked["limit"])
    found, following = report(web.database(), tenant_id, wanted, datetime.now(UTC))
    return web.reply(
        {"success": True, "count": len(found), "scopes": found, "next_after": following}
    )
