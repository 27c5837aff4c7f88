"""HTTP of stored matches: load, call, reply."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, request

from services.matching import answer, becoming, keeping, service_leads
from services.matching.catalogue_schema import ServicePlace
from services.matching.giving import Wanted
from services.matching.match_openapi import MATCH, MATCHES, OF_MATCH, OF_SERVICE, STATUS
from services.matching.match_schema import (
    LeadPlace,
    LeadsPage,
    MatchesPage,
    Matching,
    MatchPlace,
    StatusChange,
    notes,
)
from services.matching.office import desk
from shared import web
from shared.validation import loaded
from shared.web.account import NO_BODY, account
from shared.web.service import gate

blueprint = Blueprint("matches", __name__)


@blueprint.post(MATCH)
def match_lead(lead_id: str) -> Response:
    """Match a stored lead, and keep its matches."""
    body = web.body() if request.content_length else NO_BODY
    tenant_id, wanted = account("write:leads", body), _lead(lead_id)
    asked = web.query(_MATCHING)
    giving = Wanted(web.acting(), asked["reassign"]) if asked["assign"] else None
    kept = keeping.keep(desk(), tenant_id, wanted, asked["limit"], datetime.now(UTC), giving)
    return web.reply(answer.kept(wanted, kept))


@blueprint.get(MATCHES)
def matches_of_lead(lead_id: str) -> Response:
    """Answer the kept matches of a lead."""
    tenant_id, wanted, asked = account("read:leads"), _lead(lead_id), web.query(_MATCHES)
    found = becoming.of_lead(desk(), tenant_id, wanted, asked["ended"], asked["limit"])
    shown = [answer.stored(gate(), tenant_id, match) for match in found]
    return web.reply({"success": True, "lead_id": wanted, "count": len(shown), "matches": shown})


@blueprint.get(OF_MATCH)
def one_match(match_id: str) -> Response:
    """Answer a match and what became of it."""
    tenant_id, wanted = account("read:leads"), _match(match_id)
    told = becoming.history(desk(), tenant_id, wanted)
    return web.reply(answer.history(gate(), tenant_id, told))


@blueprint.put(STATUS)
def change_status(match_id: str) -> Response:
    """Store what somebody says became of a match."""
    tenant_id, data = _sent()
    wanted, said = _match(match_id), loaded(_STATUS, data)
    match, changed = becoming.change(
        desk(), tenant_id, wanted, said["status"], notes(said), web.acting()
    )
    return web.reply(
        {
            "success": True,
            "match_id": wanted,
            "status": match.status,
            "changed": changed,
            "match": answer.stored(gate(), tenant_id, match),
        }
    )


@blueprint.get(OF_SERVICE)
def leads_of_service(service_id: str) -> Response:
    """Answer a page of the leads for a service."""
    tenant_id = account("read:leads")
    wanted = cast(UUID, loaded(_SERVICE, {"service_id": service_id})["service_id"])
    page = service_leads.page(desk(), tenant_id, wanted, web.query(_LEADS))
    shown = [answer.ranked(row) for row in page.leads]
    return web.reply(
        {
            "success": True,
            "service_id": wanted,
            "count": len(shown),
            "leads": shown,
            "next_after": page.next_after,
        }
    )


def _sent() -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, "write:leads")
    data = web.body()
    return account("write:leads", data), data


def _lead(text: str) -> UUID:
    return cast(UUID, loaded(_LEAD, {"lead_id": text})["lead_id"])


def _match(text: str) -> UUID:
    return cast(UUID, loaded(_MATCH, {"match_id": text})["match_id"])


_LEAD, _MATCH, _SERVICE = LeadPlace(), MatchPlace(), ServicePlace()
_MATCHING, _MATCHES, _LEADS, _STATUS = Matching(), MatchesPage(), LeadsPage(), StatusChange()
