"""HTTP of changes beside the stream: load, call, reply. And the page that shows them."""

from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from services.alerts.live import following, page_files, ticket
from services.alerts.live.cursor import cursor
from services.alerts.live.live_openapi import CHANGES, FILE, PAGE, STREAM, TICKETS
from services.alerts.live.live_schema import Since
from shared import web
from shared.errors import NotFound
from shared.ids import uuid7
from shared.web.account import account
from shared.web.service import gate
from shared.web.visited import stream_origin

SCOPE = "read:leads"

blueprint = Blueprint("live_alerts", __name__)


@blueprint.get(CHANGES)
def changed_alerts() -> Response:
    """Answer what changed since the caller asked last."""
    tenant_id, asked = account(SCOPE), web.query(_SINCE)
    since = cursor(asked["since"]) if asked["since"] else None
    found = following.changes(web.database(), gate(), tenant_id, since)
    return web.reply(
        {
            "success": True,
            "count": len(found.alerts),
            "alerts": found.alerts,
            "cursor": found.cursor,
            "complete": found.complete,
        }
    )


@blueprint.post(TICKETS)
def stream_ticket() -> Response:
    """Answer a ticket for one stream."""
    web.caller(None, SCOPE)
    data = web.body() if request.content_length else {}
    tenant_id = account(SCOPE, data)
    made = ticket.Ticket(tenant_id, str(uuid7()), datetime.now(UTC))
    text = ticket.written(gate().keyring, made)
    query = urlencode({"user_id": tenant_id} if web.settings().local else {"ticket": text})
    return web.created(
        {
            "success": True,
            "ticket": text,
            "url": f"{stream_origin(request, web.settings())}{STREAM}?{query}",
            "expires_at": made.made_at + ticket.GOOD_FOR,
        }
    )


@blueprint.get(STREAM)
def stream_elsewhere() -> Response:
    """Send whoever asks here to where the stream is: here it would hold a thread of the services.

    A ticket is looked at there, and used up.
    """
    if "ticket" not in request.args:
        account(SCOPE)
    origin = stream_origin(request, web.settings())
    if not origin:
        raise NotFound("The stream has an address of its own; ask POST …/stream-tickets for it.")
    asked = request.query_string.decode("ascii", "replace")
    response = Response(status=HTTPStatus.TEMPORARY_REDIRECT, mimetype="text/plain")
    response.headers["Location"] = f"{origin}{STREAM}{'?' * bool(asked)}{asked}"
    return response


@blueprint.get(PAGE)
def page() -> Response:
    """Answer the page; it holds nobody's data, and asks for it with the visitor's key."""
    return _file("page.html")


@blueprint.get(FILE)
def page_file(name: str) -> Response:
    """Answer a file that the page loads."""
    return _file(name)


def _file(name: str) -> Response:
    found = page_files.FILES.get(name)
    if found is None:
        raise NotFound
    response = Response(found.content, mimetype=found.mimetype)
    policy = page_files.security_policy(stream_origin(request, web.settings()))
    response.headers["Content-Security-Policy"] = policy
    return response


_SINCE = Since()
