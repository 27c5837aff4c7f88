"""HTTP of rematches: load, call, reply."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, request

from services.matching import rematch_asking
from services.matching.office import desk
from services.matching.rematch import Rematch
from services.matching.rematch_openapi import CANCEL, ONE, PATH
from services.matching.rematch_schema import NewRematch, RematchPage, RematchPlace
from shared import web
from shared.validation import loaded
from shared.web.account import NO_BODY, account

blueprint = Blueprint("rematches", __name__)


@blueprint.post(PATH)
def ask() -> tuple[Response, int]:
    """Have all leads matched anew."""
    tenant_id, data = _sent()
    asked = rematch_asking.ask(desk(), tenant_id, loaded(_NEW, data), web.acting())
    shown = {"success": True, "rematch": _shown(asked.job), "joined": asked.joined}
    return web.reply(shown), 202


@blueprint.get(PATH)
def many() -> Response:
    """Answer a page of rematches, the latest first."""
    tenant_id, asked = account("read:leads"), web.query(_PAGE)
    found, following = rematch_asking.page(desk(), tenant_id, asked["after"], asked["limit"])
    shown = [_shown(job) for job in found]
    return web.reply(
        {"success": True, "count": len(shown), "rematches": shown, "next_after": following}
    )


@blueprint.get(ONE)
def one(rematch_id: str) -> Response:
    """Answer how far a rematch is."""
    tenant_id, wanted = account("read:leads"), _id(rematch_id)
    job = rematch_asking.found(desk(), tenant_id, wanted)
    return web.reply({"success": True, "rematch": _shown(job)})


@blueprint.post(CANCEL)
def cancel(rematch_id: str) -> Response:
    """Let a rematch go no further."""
    tenant_id, _ = _sent()
    job, changed = rematch_asking.cancel(desk(), tenant_id, _id(rematch_id))
    return web.reply({"success": True, "changed": changed, "rematch": _shown(job)})


def _shown(job: Rematch) -> dict[str, Any]:
    left = job.seconds_left(datetime.now(UTC))
    return {
        "id": job.id,
        "status": job.status,
        "service_ids": job.order.service_ids,
        "min_match_score": job.order.min_match_score,
        "limit": job.order.most_kept,
        "tell": job.order.tell,
        "automatic": job.automatic,
        "leads_total": job.leads_total,
        "leads_done": job.leads_done,
        "leads_failed": job.leads_failed,
        "matches_kept": job.matches_kept,
        "matches_ended": job.matches_ended,
        "seconds_left": None if left is None else round(left, 1),
        "errors": job.errors(),
        "asked_at": _utc(job.asked_at),
        "asked_by": job.asked_by,
        "started_at": _utc(job.started_at),
        "ended_at": _utc(job.ended_at),
    }


def _utc(at: datetime | None) -> datetime | None:
    return at and at.astimezone(UTC)


def _sent() -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, "write:leads")
    data = web.body() if request.content_length else NO_BODY
    return account("write:leads", data), data


def _id(text: str) -> UUID:
    return cast(UUID, loaded(_PLACE, {"rematch_id": text})["rematch_id"])


_NEW, _PAGE, _PLACE = NewRematch(), RematchPage(), RematchPlace()
