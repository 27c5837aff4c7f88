"""HTTP of policies: load, call, reply."""

from typing import cast

from flask import Blueprint, Response, current_app

from services.dedup import policy_change, policy_schema
from services.dedup.policy import ACCOUNT, Settings
from services.dedup.policy_cache import PolicyCache
from services.dedup.policy_openapi import PATH
from shared import web
from shared.web.query import Account
from shared.web.service import gate

blueprint = Blueprint("policies", __name__)

CACHE = "leadfly.dedup.policies"
"""Where the policies that this process remembers stand, in `app.extensions`."""

_QUERY = Account()
_PAGE = policy_schema.SourcePage()


def policies() -> PolicyCache:
    """Return the policies that the running app remembers."""
    return cast(PolicyCache, current_app.extensions.setdefault(CACHE, PolicyCache()))


@blueprint.get(PATH)
def account() -> Response:
    """Show the account's policy and those of its sources."""
    tenant_id = web.caller(_user_id(), scope="read:leads")
    asked = web.query(_PAGE)
    known = policy_change.read(web.database(), tenant_id)
    page, following = policy_change.of_sources(known, asked["after"], asked["limit"])
    sources = [source.answer() for source in page]
    own = policy_change.one(known, ACCOUNT).answer()
    return web.reply({"success": True, **own, "sources": sources, "next_after": following})


@blueprint.get(f"{PATH}/<path:source_id>", merge_slashes=False)
def source(source_id: str) -> Response:
    """Show what holds for one source."""
    tenant_id = web.caller(_user_id(), scope="read:leads")
    source_id = policy_schema.checked_source(source_id)
    known = policy_change.read(web.database(), tenant_id)
    return web.reply({"success": True, **policy_change.one(known, source_id).answer()})


@blueprint.put(PATH)
def set_account() -> Response:
    """Set the account's policy."""
    tenant_id, settings = _sent()
    return _changed(tenant_id, ACCOUNT, settings)


@blueprint.put(f"{PATH}/<path:source_id>", merge_slashes=False)
def set_source(source_id: str) -> Response:
    """Set the policy of one source."""
    tenant_id, settings = _sent()
    return _changed(tenant_id, policy_schema.checked_source(source_id), settings)


@blueprint.delete(PATH)
def unset_account() -> Response:
    """Unset the account's policy."""
    tenant_id = web.caller(_user_id(), scope="admin:account")
    return _changed(tenant_id, ACCOUNT, None)


@blueprint.delete(f"{PATH}/<path:source_id>", merge_slashes=False)
def unset_source(source_id: str) -> Response:
    """Unset the policy of one source."""
    tenant_id = web.caller(_user_id(), scope="admin:account")
    return _changed(tenant_id, policy_schema.checked_source(source_id), None)


def _user_id() -> str | None:
    """Return the account that the query names, once the caller has shown a key."""
    web.caller(None)
    return cast("str | None", web.query(_QUERY).get("user_id"))


def _sent() -> tuple[str, Settings]:
    """Return the account and the settings of a change, once the caller may make it."""
    user_id = _user_id()
    web.caller(user_id, scope="admin:account")
    data = web.body()
    if data.get("user_id") is not None:
        user_id = data["user_id"]
    return web.caller(user_id, scope="admin:account"), policy_schema.settings(data)


def _changed(tenant_id: str, source_id: str, settings: Settings | None) -> Response:
    after = policy_change.change(
        web.database(), gate(), tenant_id, source_id, settings, web.acting()
    )
    policies().forget(tenant_id)
    return web.reply({"success": True, **policy_change.one(after, source_id).answer()})
