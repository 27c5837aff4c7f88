"""HTTP of changing a lead, of its notes and its history: load, call, reply."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response

from services.leads import changing, lead_answer, notes
from services.leads.catching_up import catch_up
from services.leads.change_openapi import HISTORY, NOTES, ONE
from services.leads.change_schema import LatestPage, LeadChange, NewNote
from services.leads.lead_schema import LeadPlace
from shared import web
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import gate

OF_A_DUPLICATE = (
    "This record is a duplicate of the lead in duplicate_of; the status of that one is its own."
)

blueprint = Blueprint("lead_changes", __name__)


@blueprint.put(ONE)
def change(lead_id: str) -> Response:
    """Change one lead."""
    tenant_id, data = _sent()
    named, wanted = _id(lead_id), loaded(LeadChange(), data)
    catch_up(web.database(), gate(), web.settings().default_country, tenant_id)
    done = changing.change(web.database(), gate(), tenant_id, named, wanted, web.acting())
    return web.reply(
        {
            "success": True,
            "changed": done.fields,
            "lead": lead_answer.lead(gate(), tenant_id, done.lead),
            "next_steps": [OF_A_DUPLICATE] if done.lead.duplicate_of else [],
        }
    )


@blueprint.post(NOTES)
def write_note(lead_id: str) -> Response:
    """Write a note on a lead."""
    tenant_id, data = _sent()
    named, text = _id(lead_id), loaded(NewNote(), data)["text"]
    note = notes.write(web.database(), gate(), tenant_id, named, text, web.acting())
    return web.created({"success": True, "note": note})


@blueprint.get(NOTES)
def many_notes(lead_id: str) -> Response:
    """Answer a page of the notes on a lead, newest first."""
    return _paged(lead_id, "notes", notes.page)


@blueprint.get(HISTORY)
def history(lead_id: str) -> Response:
    """Answer a page of what was changed about a lead, newest first."""
    return _paged(lead_id, "history", changing.history)


def _paged(lead_id: str, name: str, page: Any) -> Response:
    tenant_id, wanted, asked = account("read:leads"), _id(lead_id), web.query(LatestPage())
    found, following = page(
        web.database(), gate(), tenant_id, wanted, asked["after"], asked["limit"]
    )
    return web.reply({"success": True, "count": len(found), name: found, "next_after": following})


def _sent() -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, "write:leads")
    data = web.body()
    return account("write:leads", data), data


def _id(text: str) -> UUID:
    return cast(UUID, loaded(LeadPlace(), {"lead_id": text})["lead_id"])
