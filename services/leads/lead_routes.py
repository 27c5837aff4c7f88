"""HTTP of lists and of one lead: load, call, reply."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from services.leads import lead_details
from services.leads.catching_up import catch_up
from services.leads.filter_schema import place_meant, wanted
from services.leads.lead_list import asked_page, listed
from services.leads.lead_openapi import LEADS, ONE, SCOPE
from services.leads.lead_schema import LeadPlace, LeadQuery
from shared import web
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import gate

blueprint = Blueprint("lead_lists", __name__)


@blueprint.get(LEADS)
def many() -> Response:
    """Answer a page of leads."""
    tenant_id, asked = account(SCOPE), web.query(LeadQuery())
    meant = wanted(asked, _country(), gate(), tenant_id)
    page = asked_page(asked, meant)
    waiting = catch_up(web.database(), gate(), _country(), tenant_id)
    found = listed(web.database(), gate(), tenant_id, meant, page)
    places: dict[str, Any] = place_meant(asked, _country())
    answer = {"success": True, "count": len(found.leads), "leads": found.leads}
    return web.reply(answer | {"next_after": found.next_after, "not_yet_listed": waiting, **places})


@blueprint.get(ONE)
def one(lead_id: str) -> Response:
    """Answer one lead with what is known about it."""
    tenant_id = account(SCOPE)
    wanted_id: UUID = loaded(LeadPlace(), {"lead_id": lead_id})["lead_id"]
    catch_up(web.database(), gate(), _country(), tenant_id)
    found = lead_details.details(web.database(), gate(), tenant_id, wanted_id, _country())
    return web.reply({"success": True, **found})


def _country() -> str:
    return web.settings().default_country
