"""HTTP of consents that are withdrawn: load, call, reply."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response

from services.privacy import withdrawal_answer, withdrawing
from services.privacy.identity_schema import meant
from services.privacy.schema import LeadPlace
from services.privacy.withdrawal_openapi import CONSENTS, WITHDRAWALS
from services.privacy.withdrawal_schema import MOST_WORDS, NewWithdrawal
from services.privacy.withdrawing import Office, Wanted
from shared import web
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import gate, spool

blueprint = Blueprint("withdrawals", __name__)


@blueprint.post(WITHDRAWALS)
def withdraw() -> Response:
    """Withdraw what somebody agreed to."""
    web.caller(None, "write:leads")
    data = web.body()
    tenant_id, said = account("write:leads", data), loaded(NewWithdrawal(), data)
    wanted = _wanted(said)
    done = withdrawing.withdraw(office(), tenant_id, wanted, datetime.now(UTC))
    return web.reply(withdrawal_answer.withdrawn(gate().mode, wanted.purposes, done))


@blueprint.get(CONSENTS)
def consents(lead_id: str) -> Response:
    """Answer what a lead's person agreed to and took back."""
    tenant_id = account("read:leads")
    named = loaded(LeadPlace(), {"lead_id": lead_id})["lead_id"]
    where, said = withdrawing.standing(office(), tenant_id, named, MOST_WORDS)
    return web.reply(withdrawal_answer.consents(named, where, said))


def office() -> Office:
    """Return what the desk works with where it erases nobody."""
    return Office(web.database(), gate(), spool(), web.settings().default_country)


def _wanted(said: Mapping[str, Any]) -> Wanted:
    lead_id = said.get("lead_id")
    addresses = [] if lead_id else meant(said.get("identifiers"), web.settings().default_country)
    return Wanted(
        lead_id,
        addresses,
        said.get("purposes") or (),
        said["channel"],
        (said.get("reason") or "").strip() or None,
        web.acting(),
    )
