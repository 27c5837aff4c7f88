"""HTTP of mail events: load, call, reply."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, request

from services.signals import engagement
from services.signals.engagement_openapi import PATH, SCOPE
from services.signals.engagement_recording import Keeper, keep
from shared import web
from shared.web import json_body
from shared.web.account import account
from shared.web.service import gate

blueprint = Blueprint("email_engagement", __name__)


@blueprint.post(PATH)
def tell() -> Response:
    """Take in what mail services tell."""
    web.caller(None, SCOPE)
    data = _body()
    tenant_id = account(SCOPE, data)
    read = engagement.read(engagement.sent(data))
    known = read.engagements
    stored = keep(Keeper(web.database(), gate(), tenant_id), known)
    return web.reply(
        {
            "success": True,
            "events_processed": len(known),
            "high_value_events": sum(one.high_value for one in known),
            "unique_emails": len({one.mailbox for one in known}),
            "stored": stored.events,
            "objections_kept": stored.objections,
            "ignored": [asdict(one) for one in read.ignored],
        }
    )


def _body() -> Mapping[str, Any]:
    """Return the body; a list, as SendGrid posts it, as the `events` of one."""
    raw = web.raw_body().lstrip(b"\xef\xbb\xbf").lstrip() if request.is_json else b""
    if raw.startswith(b"["):
        return json_body.parsed(b'{"events":' + raw + b"}", apart="events")
    return web.body(apart="events")
