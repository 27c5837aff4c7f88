"""HTTP of the privacy desk: load, call, reply."""

from contextlib import closing
from dataclasses import replace

from flask import Blueprint, Flask, Response

from services.privacy import answer
from services.privacy.erasure import Desk, erase
from services.privacy.openapi import LEADS, OPERATIONS
from services.privacy.schema import LeadPlace, Reach
from shared import db, web
from shared.db import ERASER, Database
from shared.erasure_ledger import ErasureLedger
from shared.settings import Settings
from shared.validation import loaded
from shared.web.query import Account
from shared.web.service import assembled, gate, spool

blueprint = Blueprint("privacy", __name__)


@blueprint.delete(f"{LEADS}/<lead_id>")
def erase_lead(lead_id: str) -> Response:
    """Erase one lead, or the person it is about."""
    web.caller(None, "delete:leads")  # a stranger does not hear what is wrong with the query
    tenant_id = web.caller(web.query(Account()).get("user_id"), "delete:leads")
    wanted = loaded(LeadPlace(), {"lead_id": lead_id})["lead_id"]
    reach = web.query(Reach())["reach"]
    with closing(_eraser()) as database:
        desk = Desk(database, gate(), spool(), ErasureLedger(web.settings().ledger_folder))
        done = erase(desk, tenant_id, wanted, reach, web.acting())
    return web.reply(answer.erased(wanted, reach, done))


def create_app(settings: Settings | None = None) -> Flask:
    """Return the privacy desk as an app of its own."""
    return assembled("privacy", [blueprint], OPERATIONS, settings)


def _eraser() -> Database:
    """Return a connection that may erase; there is none but while somebody is erased."""
    return db.connect(replace(web.settings(), threads=1), gate().keyring.fingerprint, ERASER)
