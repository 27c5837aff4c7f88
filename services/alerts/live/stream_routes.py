"""HTTP of the stream, in a process of its own: every stream holds a thread."""

from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, request

from services.alerts.live import ticket
from services.alerts.live.cursor import cursor
from services.alerts.live.following import changes
from services.alerts.live.hub import Hub
from services.alerts.live.live_openapi import STREAM
from services.alerts.live.live_schema import StreamQuery
from services.alerts.live.peer import Peer
from services.alerts.live.streaming import streamed
from services.alerts.live.turnstile import Turnstile
from shared import web
from shared.web.account import account
from shared.web.context import notes
from shared.web.service import gate
from shared.web.visited import may_read

HUB, TURNSTILE = "leadfly.alert_hub", "leadfly.alert_turnstile"
"""Where they stand in `app.extensions`."""

EVENT_STREAM = "text/event-stream"

SCOPE = "read:leads"

blueprint = Blueprint("alert_stream", __name__)


@blueprint.get(STREAM)
def stream() -> Response:
    """Answer what changes, as long as the reader stays."""
    tenant_id, since = caller(), _since()
    if request.method == "HEAD":
        return Response(mimetype=EVENT_STREAM)
    hub = _hub()
    listener = hub.join(tenant_id)
    try:
        missed = changes(web.database(), gate(), tenant_id, since)
        hub.follow(tenant_id, missed.cursor)
    except BaseException:
        hub.leave(listener)
        raise
    frames = streamed(listener, missed, Peer.of(request.environ))
    response = Response(frames, mimetype=EVENT_STREAM)
    response.call_on_close(partial(hub.leave, listener))
    response.headers["X-Accel-Buffering"] = "no"  # nginx passes on what comes when it comes
    return response


@blueprint.after_request
def share(response: Response) -> Response:
    """Let our own page read the stream: another port is another origin."""
    response.vary.add("Origin")
    if may_read(request, web.settings()):
        response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
    return response


def install(app: Flask, hub: Hub) -> None:
    """Let *app* answer the streams of *hub*."""
    app.extensions[HUB] = hub
    app.extensions[TURNSTILE] = Turnstile(datetime.now(UTC))
    app.register_blueprint(blueprint)


def caller() -> str:
    """Return the account whose ticket or key asks. Raises as `account` does, and BadTicket."""
    sent = request.args.getlist("ticket")
    if not sent or web.settings().local:
        return account(SCOPE)
    now, keyring = datetime.now(UTC), gate().keyring
    if len(sent) > 1:
        raise ticket.BadTicket
    shown = ticket.read(keyring, sent[0], now)
    cast(Turnstile, current_app.extensions[TURNSTILE]).admit(shown, now)
    notes().tenant_id = shown.tenant_id
    return shown.tenant_id


def _since() -> str | None:
    """Return what the reader saw last: a browser that comes back by itself says it in a header."""
    asked: dict[str, Any] = web.query(_QUERY)
    seen = request.headers.get("Last-Event-ID") or asked["since"]
    return cursor(seen) if seen else None


def _hub() -> Hub:
    return cast(Hub, current_app.extensions[HUB])


_QUERY = StreamQuery()
