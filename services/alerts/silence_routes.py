"""HTTP of silences: load, call, reply."""

from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response

from services.alerts import hushing
from services.alerts.office import desk
from services.alerts.receiver_answer import silence
from services.alerts.sent import sent
from services.alerts.silence import Silence
from services.alerts.silence_openapi import ONE, PATH, READ, SCOPE
from services.alerts.silence_schema import NewSilence, SilencePage, SilencePlace
from shared import web
from shared.validation import loaded
from shared.web.account import account

blueprint = Blueprint("silences", __name__)


@blueprint.post(PATH)
def add() -> Response:
    """Ask for silence."""
    tenant_id, data = sent(SCOPE)
    added = hushing.add(desk(), tenant_id, loaded(_NEW, data), web.acting())
    return web.created(_answer(added))


@blueprint.get(PATH)
def many() -> Response:
    """Answer a page of silences, oldest first."""
    tenant_id, asked = account(READ), web.query(_PAGE)
    found, following = hushing.page(desk(), tenant_id, asked, asked["limit"])
    now = datetime.now(UTC)
    shown = [silence(one, now) for one in found]
    return web.reply(
        {"success": True, "count": len(shown), "silences": shown, "next_after": following}
    )


@blueprint.get(ONE)
def one(silence_id: str) -> Response:
    """Answer one silence."""
    tenant_id, wanted = account(READ), _id(silence_id)
    return web.reply(_answer(hushing.found(desk(), tenant_id, wanted)))


@blueprint.delete(ONE)
def end(silence_id: str) -> Response:
    """End a silence."""
    tenant_id, wanted = account(SCOPE), _id(silence_id)
    return web.reply(_answer(hushing.end(desk(), tenant_id, wanted)))


def _answer(stored: Silence) -> dict[str, Any]:
    return {"success": True, "silence": silence(stored, datetime.now(UTC))}


def _id(text: str) -> UUID:
    return cast(UUID, loaded(_PLACE, {"silence_id": text})["silence_id"])


_NEW, _PAGE, _PLACE = NewSilence(), SilencePage(), SilencePlace()
