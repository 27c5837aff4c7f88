"""HTTP of leads that are given to services: load, call, reply."""

from datetime import UTC, datetime

from flask import Blueprint, Response

from services.matching import giving, giving_answer
from services.matching.catalogue_schema import ServicePlace
from services.matching.giving_openapi import ASSIGNMENTS
from services.matching.giving_schema import DayPage
from services.matching.office import desk
from shared import web
from shared.validation import loaded
from shared.web.account import account

blueprint = Blueprint("giving", __name__)


@blueprint.get(ASSIGNMENTS)
def assignments(service_id: str) -> Response:
    """Answer what a service was given on a day."""
    tenant_id = account("read:leads")
    wanted = loaded(_SERVICE, {"service_id": service_id})["service_id"]
    found = giving.of_day(desk(), tenant_id, wanted, web.query(_DAY), datetime.now(UTC))
    return web.reply(giving_answer.of_day(wanted, found))


_SERVICE, _DAY = ServicePlace(), DayPage()
