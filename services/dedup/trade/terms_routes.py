"""HTTP of terms: load, call, reply."""

from typing import Any

from flask import Blueprint, Response
from flask.blueprints import BlueprintSetupState

from services.dedup.policy_routes import policies
from services.dedup.trade import terms_answer_schema, terms_change, terms_schema
from services.dedup.trade.list_keepers import ListKeepers
from services.dedup.trade.terms import Scope
from services.dedup.trade.terms_openapi import EFFECTIVE, PATH, SCOPES
from shared import web
from shared.web.account import account
from shared.web.context import EXTENSION
from shared.web.service import gate

blueprint = Blueprint("terms", __name__)

LIST_KEEPERS = "leadfly.dedup.list_keepers"
"""Where the copy of the accounts with suppression lists stands, in `app.extensions`."""

_WHOSE = terms_answer_schema.Whose()
_LEAD = terms_answer_schema.LeadOf()
_PAGE = terms_answer_schema.ScopePage()


@blueprint.get(PATH)
def one() -> Response:
    """Show what is set for one scope."""
    tenant_id, scope = account("read:leads"), _scope(web.query(_WHOSE))
    entry = terms_change.one(web.database(), tenant_id, scope)
    return web.reply({"success": True, **terms_change.shown(scope, entry)})


@blueprint.put(PATH)
def put() -> Response:
    """Set the terms of one scope."""
    web.caller(None, "admin:account")
    data = web.body()
    tenant_id = account("admin:account", data)
    scope, settings = terms_schema.change(data, _scope(web.query(_WHOSE)))
    entry = terms_change.change(web.database(), gate(), tenant_id, scope, settings, web.acting())
    policies().forget(tenant_id)
    return web.reply({"success": True, **terms_change.shown(scope, entry)})


@blueprint.delete(PATH)
def unset() -> Response:
    """Unset the terms of one scope."""
    tenant_id, scope = account("admin:account"), _scope(web.query(_WHOSE))
    terms_change.change(web.database(), gate(), tenant_id, scope, None, web.acting())
    policies().forget(tenant_id)
    return web.reply({"success": True, **terms_change.shown(scope, None)})


@blueprint.get(SCOPES)
def scopes() -> Response:
    """List the scopes for which anything is set."""
    tenant_id, asked = account("read:leads"), web.query(_PAGE)
    after = terms_change.respelled(asked["after"]) if asked["after"] else None
    found, following = terms_change.page(web.database(), tenant_id, after, asked["limit"])
    shown = [terms_change.shown(entry.scope, entry) for entry in found]
    answer = {"success": True, "count": len(shown), "scopes": shown, "next_after": following}
    return web.reply(answer)


@blueprint.get(EFFECTIVE)
def effective() -> Response:
    """Show what would hold for a lead."""
    tenant_id, scope = account("read:leads"), _scope(web.query(_LEAD))
    holds = terms_change.effective(web.database(), tenant_id, scope)
    return web.reply({"success": True, **holds.answer()})


@blueprint.record_once
def begin(state: BlueprintSetupState) -> None:
    """Let the app know who keeps suppression lists, also while its database is away."""
    app, context = state.app, state.app.extensions[EXTENSION]
    if context.keyring is None:  # an app without an installation has no lists either
        return
    known = ListKeepers(context.database, context.keyring, context.settings.spool_folder)
    app.extensions[LIST_KEEPERS] = known
    known.start()


def _scope(asked: dict[str, Any]) -> Scope:
    return Scope(*(asked.get(name) or "" for name in Scope._fields))
