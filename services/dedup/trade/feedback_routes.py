"""HTTP of feedback: load, call, reply."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, request

from services.dedup.trade import feedback_answer, feedback_counting, feedback_giving
from services.dedup.trade.feedback_giving import Desk, Told
from services.dedup.trade.feedback_openapi import OF_LEAD, ONE, RATES
from services.dedup.trade.feedback_schema import (
    FeedbackGiven,
    FeedbackPage,
    FeedbackPlace,
    LeadPlace,
    RatesQuery,
)
from shared import web
from shared.idempotency import named_key
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import gate

blueprint = Blueprint("lead_feedback", __name__)


@blueprint.post(OF_LEAD)
def give(lead_id: str) -> Response:
    """Say something of a lead."""
    web.caller(None, "write:leads")
    data = web.body()
    tenant_id, key = account("write:leads", data), request.headers.get("Idempotency-Key")
    wanted = loaded(LeadPlace(), {"lead_id": lead_id})["lead_id"]
    said, name = loaded(FeedbackGiven(), data), named_key(key, None)
    now = datetime.now(UTC)
    return _told(feedback_giving.give(_desk(), tenant_id, wanted, said, web.acting(), now, name))


@blueprint.delete(ONE)
def take_back(lead_id: str, feedback_id: str) -> Response:
    """Take back what was said of a lead."""
    tenant_id = account("write:leads")
    place: Any = loaded(FeedbackPlace(), {"lead_id": lead_id, "feedback_id": feedback_id})
    named = (place["lead_id"], place["feedback_id"])
    now = datetime.now(UTC)
    return _told(feedback_giving.take_back(_desk(), tenant_id, *named, web.acting(), now))


@blueprint.get(OF_LEAD)
def said(lead_id: str) -> Response:
    """Answer a page of what was said of a lead, the latest first."""
    tenant_id = account("read:leads")
    wanted = loaded(LeadPlace(), {"lead_id": lead_id})["lead_id"]
    asked = web.query(FeedbackPage())
    page = (asked["after"], asked["limit"])
    found, following = feedback_giving.page(_desk(), tenant_id, wanted, *page)
    words = [feedback_answer.feedback(given) for given in found]
    answer = {"success": True, "count": len(words), "feedback": words, "next_after": following}
    return web.reply(answer)


@blueprint.get(RATES)
def rates() -> Response:
    """Answer how many leads were returned and converted, by source."""
    tenant_id, query = account("read:analytics"), web.query(RatesQuery())
    asked, limit = query["asked"], query["limit"]
    now = datetime.now(UTC)
    found = feedback_counting.tally(web.database(), gate(), tenant_id, asked, now)
    rows = [feedback_answer.rates(row) for row in found.rows[:limit]]
    return web.reply(
        {
            "success": True,
            "count": len(rows),
            "rates": rows,
            "more": len(found.rows) > limit,
            "complete": found.complete,
            "from": asked.first,
            "to": asked.last,
        }
    )


def _desk() -> Desk:
    return Desk(web.database(), gate())


def _told(told: Told) -> Response:
    shown = feedback_answer.feedback(told.given)
    return web.reply({"success": True, "changed": told.changed, "feedback": shown})
