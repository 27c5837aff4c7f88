"""HTTP of an investigation that begins with a lead: load, call, reply."""

from uuid import UUID

from flask import Blueprint, Response

from services.leads import lead_investigation
from services.leads.catching_up import catch_up
from services.leads.lead_investigation_openapi import OF_LEAD
from services.leads.lead_investigation_schema import InvestigationOfLead
from services.leads.lead_schema import LeadPlace
from shared import web
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import gate

blueprint = Blueprint("lead_investigations", __name__)


@blueprint.post(OF_LEAD)
def begin(lead_id: str) -> Response:
    """Begin an investigation with a lead."""
    web.caller(None, "write:leads")
    data = web.body()
    tenant_id = account("write:leads", data)
    named: UUID = loaded(LeadPlace(), {"lead_id": lead_id})["lead_id"]
    wanted = loaded(InvestigationOfLead(), data)
    catch_up(web.database(), gate(), web.settings().default_country, tenant_id)
    begun = lead_investigation.begin(web.database(), gate(), tenant_id, named, wanted, web.acting())
    return web.created({"success": True, "investigation": begun.answer()})
