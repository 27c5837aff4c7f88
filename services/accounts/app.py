"""HTTP of API keys: load, call, reply."""

from datetime import UTC, datetime, timedelta
from typing import cast

from flask import Blueprint, Flask, Response

from services.accounts import granting
from services.accounts.answer import described
from services.accounts.openapi import OPERATIONS, PATH
from services.accounts.schema import KeyPage, NewKey, Rotation
from shared import issuing, keys, web
from shared.api_key import ApiKey, Wanted
from shared.issuing import Issued
from shared.settings import Settings
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import assembled, gate

blueprint = Blueprint("accounts", __name__)

SCOPE = "admin:account"
"""What every one of these routes needs. A signature does not do: it covers no address."""


@blueprint.get(PATH)
def many_keys() -> Response:
    """Answer a page of keys, newest first."""
    tenant_id = account(SCOPE)
    asked = web.query(_PAGE)
    limit = asked["limit"]
    with web.database().transaction(tenant_id) as conn:
        found = keys.page(conn, tenant_id, asked["after"], limit + 1)
    shown = [described(key, datetime.now(UTC)) for key in found[:limit]]
    following = found[limit - 1].prefix if len(found) > limit else None
    return web.reply({"success": True, "count": len(shown), "keys": shown, "next_after": following})


@blueprint.post(PATH)
def new_key() -> Response:
    """Make a key."""
    web.admit(web.SERVERS)
    data = web.body()
    tenant_id = account(SCOPE, data)
    wanted = cast(Wanted, loaded(_NEW_KEY, data))
    with web.database().transaction(tenant_id) as conn:
        issued = granting.issue(conn, gate().keyring, tenant_id, wanted, web.granted())
    return _issued(issued)


@blueprint.post(f"{PATH}/<prefix>/rotate")
def rotate(prefix: str) -> Response:
    """Make a key's successor."""
    web.admit(web.SERVERS)
    data = web.body()
    tenant_id = account(SCOPE, data)
    overlap = timedelta(hours=loaded(_ROTATION, data)["overlap_hours"])
    with web.database().transaction(tenant_id) as conn:
        key = issuing.found(conn, tenant_id, prefix)
        issued = granting.rotate(conn, gate().keyring, key, overlap, web.granted())
    return _issued(issued)


@blueprint.delete(f"{PATH}/<prefix>")
def revoke(prefix: str) -> Response:
    """Revoke a key; one that was revoked before stays so."""
    tenant_id = account(SCOPE)
    with web.database().transaction(tenant_id) as conn:
        issuing.found(conn, tenant_id, prefix)
        keys.revoke(conn, tenant_id, prefix)
        key = issuing.found(conn, tenant_id, prefix)
    return web.reply({"success": True, "key": _shown(key)})


def create_app(settings: Settings | None = None) -> Flask:
    """Return the keys' routes as an app of their own."""
    return assembled("accounts", [blueprint], OPERATIONS, settings)


def _issued(issued: Issued) -> Response:
    key = _shown(issued.key)
    return web.created({"success": True, "key": key, "shown_once": issued.text})


def _shown(key: ApiKey) -> dict[str, object]:
    return described(key, datetime.now(UTC))


_PAGE, _NEW_KEY, _ROTATION = KeyPage(), NewKey(), Rotation()
