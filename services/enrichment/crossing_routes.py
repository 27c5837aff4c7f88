"""HTTP of cross-referencing: load, call, reply."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, Response

from services.enrichment import crossing
from services.enrichment.crossing_answer import crossed
from services.enrichment.crossing_openapi import CROSS
from services.enrichment.crossing_schema import CrossReference, EnrichedLead
from services.enrichment.office import desk
from shared import web
from shared.validation import loaded
from shared.web.account import account

blueprint = Blueprint("cross_references", __name__)


@blueprint.post(CROSS)
def cross_reference(lead_id: str) -> Response:
    """Answer what was found of a lead and also of others of an investigation."""
    web.caller(None, "read:leads")
    data = web.body()
    tenant_id = account("read:leads", data)
    wanted: UUID = loaded(EnrichedLead(), {"lead_id": lead_id})["lead_id"]
    among: UUID = loaded(CrossReference(), data)["investigation_id"]
    found = crossing.cross_reference(desk(), tenant_id, wanted, among, datetime.now(UTC))
    return web.reply(crossed(wanted, among, found))
