"""HTTP of scopes: load, call, reply."""

from datetime import UTC, datetime

from flask import Blueprint, Response

from services.seen import answer, listing
from services.seen.office import desk
from services.seen.schema import ScopePage, ScopePlace
from services.seen.scope_openapi import ONE_SCOPE, READ, SCOPES, WRITE
from shared import web
from shared.validation import loaded
from shared.web.account import account

blueprint = Blueprint("seen_scopes", __name__)


@blueprint.get(SCOPES)
def many() -> Response:
    """Answer a page of scopes, oldest first."""
    tenant_id, asked = account(READ), web.query(_PAGE)
    found, following = listing.page(desk(), tenant_id, asked)
    shown = [answer.scope(*each) for each in found]
    return web.reply(
        {"success": True, "count": len(shown), "scopes": shown, "next_after": following}
    )


@blueprint.delete(ONE_SCOPE)
def delete(scope_id: str) -> Response:
    """Delete a scope with its keys."""
    tenant_id, wanted = account(WRITE), loaded(_PLACE, {"scope_id": scope_id})["scope_id"]
    deleted = listing.delete(desk(), tenant_id, wanted, datetime.now(UTC))
    return web.reply({"success": True, "scope": answer.scope(deleted)})


_PAGE, _PLACE = ScopePage(), ScopePlace()
