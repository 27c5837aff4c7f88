"""HTTP of leads like one, and of the services for it: load, call, reply."""

from typing import cast
from uuid import UUID

from flask import Blueprint, Response

from services.matching import answer
from services.matching.match_schema import LeadPlace
from services.matching.matchmaking import Asked, found
from services.matching.office import desk
from services.matching.similar_leads import similar
from services.matching.similar_openapi import RECOMMENDED, SCOPE, SIMILAR
from services.matching.similar_schema import HowManyLeads, HowManyServices
from shared import web
from shared.validation import loaded
from shared.web.account import account

blueprint = Blueprint("similar_leads", __name__)


@blueprint.get(SIMILAR)
def similar_leads(lead_id: str) -> Response:
    """Answer the leads that are most like one."""
    tenant_id, wanted = account(SCOPE), _lead(lead_id)
    leads = similar(desk(), tenant_id, wanted, web.query(_LEADS)["limit"])
    shown = [answer.similar(one) for one in leads]
    return web.reply({"success": True, "lead_id": wanted, "count": len(shown), "leads": shown})


@blueprint.get(RECOMMENDED)
def recommended_services(lead_id: str) -> Response:
    """Answer the services for a stored lead; nothing is kept."""
    tenant_id, wanted = account(SCOPE), _lead(lead_id)
    asked = Asked(wanted, {}, web.query(_SERVICES)["limit"])
    return web.reply(answer.recommended(wanted, found(desk(), tenant_id, asked)))


def _lead(text: str) -> UUID:
    return cast(UUID, loaded(_PLACE, {"lead_id": text})["lead_id"])


_PLACE, _LEADS, _SERVICES = LeadPlace(), HowManyLeads(), HowManyServices()
