"""HTTP of creating a lead: load, call, reply."""

from typing import cast

from flask import Blueprint, Response, request

from services.leads.creating import Desk, Made, New, create
from services.leads.creation_openapi import PATH, SCOPE
from services.leads.creation_schema import NewLead
from shared import web
from shared.admission import admission
from shared.idempotency import named_key
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import gate

blueprint = Blueprint("creation", __name__)


@blueprint.post(PATH)
def create_lead() -> Response:
    """Create a lead."""
    web.caller(None, SCOPE)
    data = web.body()
    tenant_id, new = account(SCOPE, data), cast(New, loaded(NewLead(), data))
    key = named_key(request.headers.get("Idempotency-Key"), data.get("submission_id"))
    desk = Desk(web.database(), gate(), web.settings().default_country, admission())
    web.limited(tenant_id, [new.source_id])
    return _reply(create(desk, tenant_id, new, key, web.raw_body()))


def _reply(made: Made) -> Response:
    """Answer 201 for somebody new, 200 for somebody known."""
    known = made.admitted.first_id is not None
    response = web.reply(made.answer()) if known else web.created(made.answer())
    if made.admitted.repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response
