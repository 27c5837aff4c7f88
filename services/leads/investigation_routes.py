"""HTTP of investigations: load, call, reply."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response

from services.leads import investigation
from services.leads.catching_up import catch_up
from services.leads.investigation_openapi import ONE, PATH
from services.leads.investigation_schema import (
    InvestigationChange,
    InvestigationPage,
    InvestigationPlace,
    NewInvestigation,
)
from shared import web
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import gate

blueprint = Blueprint("investigations", __name__)


@blueprint.post(PATH)
def begin() -> Response:
    """Begin an investigation."""
    tenant_id, data = _sent()
    new = loaded(NewInvestigation(), data)
    begun = investigation.begin(web.database(), tenant_id, new, web.acting())
    return web.created({"success": True, "investigation": begun.answer()})


@blueprint.get(PATH)
def many() -> Response:
    """Answer a page of investigations, newest first."""
    tenant_id, asked = account("read:leads"), web.query(InvestigationPage())
    _catch_up(tenant_id)
    found, following = investigation.page(web.database(), tenant_id, asked["after"], asked["limit"])
    shown = [one.answer() for one in found]
    return web.reply(
        {
            "success": True,
            "count": len(shown),
            "investigations": shown,
            "next_after": following,
        }
    )


@blueprint.get(ONE)
def one(investigation_id: str) -> Response:
    """Answer one investigation."""
    tenant_id, wanted = account("read:leads"), _id(investigation_id)
    _catch_up(tenant_id)
    found = investigation.found(web.database(), tenant_id, wanted)
    return web.reply({"success": True, "investigation": found.answer()})


@blueprint.put(ONE)
def change(investigation_id: str) -> Response:
    """Change an investigation."""
    tenant_id, data = _sent()
    wanted, changes = _id(investigation_id), loaded(InvestigationChange(), data)
    _catch_up(tenant_id)
    changed = investigation.change(web.database(), tenant_id, wanted, changes, web.acting())
    return web.reply({"success": True, "investigation": changed.answer()})


def _sent() -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, "write:leads")
    data = web.body()
    return account("write:leads", data), data


def _id(text: str) -> UUID:
    place = loaded(InvestigationPlace(), {"investigation_id": text})
    return cast(UUID, place["investigation_id"])


def _catch_up(tenant_id: str) -> None:
    """See to it that leads stored a moment ago are counted."""
    catch_up(web.database(), gate(), web.settings().default_country, tenant_id)
