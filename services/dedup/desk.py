"""HTTP of the desk where people look decisions up and settle reviews."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from services.dedup import desk_answer, desk_store, settling
from services.dedup.desk_schema import (
    DecisionPlace,
    Reasoned,
    ReviewPage,
    ReviewPlace,
    VerdictGiven,
)
from services.dedup.desk_store import Review
from services.dedup.settling import REOPENED, Said
from shared import web
from shared.connection import Connection
from shared.errors import NotFound
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import gate

DECISIONS = "/api/v1/lead-discovery/decisions"
REVIEWS = "/api/v1/lead-discovery/reviews"

blueprint = Blueprint("desk", __name__)


@blueprint.get(f"{DECISIONS}/<decision_id>")
def one_decision(decision_id: str) -> Response:
    """Answer one decision as it was taken then."""
    tenant_id = account("read:leads")
    wanted = loaded(DecisionPlace(), {"decision_id": decision_id})["decision_id"]
    with web.database().transaction(tenant_id) as conn:
        decided = desk_store.decision(conn, tenant_id, wanted)
    if decided is None:
        raise NotFound
    return web.reply({"success": True, "decision": desk_answer.decision(decided)})


@blueprint.get(REVIEWS)
def many_reviews() -> Response:
    """Answer a page of reviews, oldest first."""
    tenant_id = account("read:leads")
    asked = web.query(ReviewPage())
    limit = asked["limit"]
    with web.database().transaction(tenant_id) as conn:
        place = asked["status"], asked["after"], limit + 1
        found = desk_store.page(conn, tenant_id, *place, asked["scan_id"], asked["group_id"])
    shown = [desk_answer.summary(gate(), tenant_id, review) for review in found[:limit]]
    following = found[limit - 1].id if len(found) > limit else None
    return web.reply(
        {"success": True, "count": len(shown), "reviews": shown, "next_after": following}
    )


@blueprint.get(f"{REVIEWS}/<review_id>")
def one_review(review_id: str) -> Response:
    """Answer one review with what was judged so far."""
    tenant_id = account("read:leads")
    return web.reply({"success": True, "review": _details(tenant_id, _review_id(review_id))})


@blueprint.post(f"{REVIEWS}/<review_id>/verdict")
def give_verdict(review_id: str) -> Response:
    """Settle a review."""
    web.admit(web.SERVERS)
    data = web.body()
    tenant_id, wanted = account("write:leads", data), _review_id(review_id)
    given = loaded(VerdictGiven(), data)
    said = Said(given["verdict"], given["reason"], web.acting())
    changed = settling.settle(web.database(), gate(), tenant_id, wanted, said)
    return _settled(tenant_id, wanted, changed)


@blueprint.post(f"{REVIEWS}/<review_id>/reopen")
def take_back(review_id: str) -> Response:
    """Take a verdict back, and with it a merge."""
    web.admit(web.SERVERS)
    data = web.body()
    tenant_id, wanted = account("write:leads", data), _review_id(review_id)
    said = Said(REOPENED, loaded(Reasoned(), data)["reason"], web.acting())
    changed = settling.reopen(web.database(), gate(), tenant_id, wanted, said)
    return _settled(tenant_id, wanted, changed)


def _review_id(text: str) -> UUID:
    return loaded(ReviewPlace(), {"review_id": text})["review_id"]


def _settled(tenant_id: str, review_id: UUID, changed: bool) -> Response:
    review = _details(tenant_id, review_id)
    return web.reply({"success": True, "changed": changed, "review": review})


def _details(tenant_id: str, review_id: UUID) -> dict[str, Any]:
    with web.database().transaction(tenant_id) as conn:
        review = _found(conn, tenant_id, review_id)
        history = desk_store.history(conn, tenant_id, review_id)
    return desk_answer.details(gate(), tenant_id, review, history)


def _found(conn: Connection, tenant_id: str, review_id: UUID) -> Review:
    review = desk_store.review(conn, tenant_id, review_id)
    if review is None:
        raise NotFound
    return review
