"""HTTP of the privacy desk: load, call, reply."""

from contextlib import closing
from dataclasses import replace

from flask import Blueprint, Flask, Response

from services.privacy import answer
from services.privacy.erasing_people import erase_by_address, keys_of_person
from services.privacy.erasure import PERSON, Desk, erase
from services.privacy.identity_schema import meant
from services.privacy.openapi import ERASURES, LEADS, OPERATIONS, ErasureQuery
from services.privacy.schema import LeadPlace, NewErasure
from services.privacy.withdrawal_routes import blueprint as withdrawals
from services.privacy.withdrawal_routes import office
from shared import db, web
from shared.db import ERASER, Database
from shared.erasure_ledger import ErasureLedger
from shared.errors import Malformed
from shared.settings import Settings
from shared.validation import loaded
from shared.web.account import account
from shared.web.query import Account
from shared.web.service import assembled, gate, spool

NEEDS_PERSON = "needs reach=person: what is forgotten is the whole person's"

blueprint = Blueprint("privacy", __name__)
blueprint.register_blueprint(withdrawals)


@blueprint.delete(f"{LEADS}/<lead_id>")
def erase_lead(lead_id: str) -> Response:
    """Erase one lead, or the person it is about."""
    web.caller(None, "delete:leads")  # a stranger does not hear what is wrong with the query
    tenant_id = web.caller(web.query(Account()).get("user_id"), "delete:leads")
    wanted = loaded(LeadPlace(), {"lead_id": lead_id})["lead_id"]
    asked = web.query(ErasureQuery())
    reach, keep = asked["reach"], asked["keep_objection"]
    if not keep and reach != PERSON:
        raise Malformed(details={"keep_objection": NEEDS_PERSON})
    forgotten = () if keep else keys_of_person(office(), tenant_id, wanted)
    with closing(_eraser()) as database:
        done = erase(_desk(database), tenant_id, wanted, reach, web.acting(), forgotten)
    return web.reply(answer.erased(wanted, reach, done))


@blueprint.post(ERASURES)
def erase_person() -> Response:
    """Erase whoever gave an address or a number."""
    web.caller(None, "delete:leads")
    data = web.body()
    tenant_id, said = account("delete:leads", data), loaded(NewErasure(), data)
    named = meant(said["identifiers"], web.settings().default_country)
    keep = said.get("keep_objection", True)
    with closing(_eraser()) as database:
        desk = _desk(database)
        done = erase_by_address(desk, office(), tenant_id, named, keep, web.acting())
    return web.reply(answer.person_erased(done))


def create_app(settings: Settings | None = None) -> Flask:
    """Return the privacy desk as an app of its own."""
    return assembled("privacy", [blueprint], OPERATIONS, settings)


def _desk(database: Database) -> Desk:
    return Desk(database, gate(), spool(), ErasureLedger(web.settings().ledger_folder))


def _eraser() -> Database:
    """Return a connection that may erase; there is none but while somebody is erased."""
    return db.connect(replace(web.settings(), threads=1), gate().keyring.fingerprint, ERASER)
