"""HTTP of the sources that accounts set up: load, call, reply."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response

from services.discovery import answer, configuring
from services.discovery.configured import Configured
from services.discovery.office import desk
from services.discovery.source_openapi import SCOPE, SOURCE, SOURCES, TYPES
from services.discovery.source_schema import (
    DiscoverySourceChanged,
    DiscoverySourcePage,
    DiscoverySourcePlace,
    NewDiscoverySource,
)
from shared import web
from shared.validation import loaded
from shared.web.account import account

blueprint = Blueprint("sources", __name__)


@blueprint.post(SOURCES)
def set_up() -> Response:
    """Set up a source."""
    tenant_id, data = _sent()
    made = configuring.add(desk(), tenant_id, loaded(_NEW, data), web.acting(), datetime.now(UTC))
    return web.created(_shown(made))


@blueprint.get(SOURCES)
def many() -> Response:
    """Answer a page of sources, oldest first."""
    tenant_id, asked = account(SCOPE), web.query(_PAGE)
    found, following = configuring.page(desk(), tenant_id, asked["after"], asked["limit"])
    shown = [answer.source(desk(), each) for each in found]
    return web.reply(
        {"success": True, "count": len(shown), "sources": shown, "next_after": following}
    )


@blueprint.get(TYPES)
def types() -> Response:
    """Answer the kinds of sources."""
    account(SCOPE)
    return web.reply({"success": True, "types": [answer.kind(each) for each in desk().sources]})


@blueprint.get(SOURCE)
def one(discovery_source_id: str) -> Response:
    """Answer one source."""
    tenant_id = account(SCOPE)
    return web.reply(_shown(configuring.one(desk(), tenant_id, _id(discovery_source_id))))


@blueprint.put(SOURCE)
def change(discovery_source_id: str) -> Response:
    """Change a source."""
    tenant_id, data = _sent()
    wanted, said = _id(discovery_source_id), loaded(_CHANGED, data)
    now = datetime.now(UTC)
    return web.reply(_shown(configuring.change(desk(), tenant_id, wanted, said, web.acting(), now)))


@blueprint.delete(SOURCE)
def delete(discovery_source_id: str) -> Response:
    """Delete a source."""
    tenant_id = account(SCOPE)
    return web.reply(_shown(configuring.delete(desk(), tenant_id, _id(discovery_source_id))))


def _shown(source: Configured) -> dict[str, Any]:
    return {"success": True, "source": answer.source(desk(), source)}


def _sent() -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, SCOPE)
    data = web.body()
    return account(SCOPE, data), data


def _id(text: str) -> UUID:
    said = loaded(_PLACE, {"discovery_source_id": text})
    return cast(UUID, said["discovery_source_id"])


_NEW, _CHANGED = NewDiscoverySource(), DiscoverySourceChanged()
_PAGE, _PLACE = DiscoverySourcePage(), DiscoverySourcePlace()
