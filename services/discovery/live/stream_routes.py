"""HTTP of the events of discoveries, in the process that streams: every stream holds a thread."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, request

from services.discovery.live.room import Room
from services.discovery.live.streaming import Reader, look, streamed
from services.discovery.openapi import EVENTS
from services.discovery.schema import DiscoveryPlace
from shared import web
from shared.errors import Malformed, NotFound
from shared.validation import loaded
from shared.web.service import gate
from shared.web.visited import may_read

CALLER, READER, ROOM = (f"leadfly.discovery_{name}" for name in ("caller", "reader", "room"))
"""Where they stand in `app.extensions`."""

EVENT_STREAM = "text/event-stream"

MOST_DIGITS = 18
"""Of a revision: it is a bigint."""

blueprint = Blueprint("discovery_stream", __name__)


@blueprint.get(EVENTS)
def events(job_id: str) -> Response:
    """Answer a discovery as it goes on, as long as the reader stays."""
    tenant_id = cast(Callable[[], str], current_app.extensions[CALLER])()
    wanted: UUID = loaded(_PLACE, {"job_id": job_id})["job_id"]
    seen, looking = _seen(), look(web.database(), gate(), tenant_id, wanted)
    now = looking(None)
    if now is None:
        raise NotFound
    if now[2] and seen == now[0]:
        return Response(status=HTTPStatus.NO_CONTENT)  # a browser comes back no more
    if request.method == "HEAD":
        return Response(mimetype=EVENT_STREAM)
    room = cast(Room, current_app.extensions[ROOM])
    room.enter(tenant_id)
    reader: Reader = current_app.extensions[READER](request.environ)
    response = Response(streamed(looking, seen, reader, room.closed), mimetype=EVENT_STREAM)
    response.call_on_close(partial(room.leave, tenant_id))
    response.headers["X-Accel-Buffering"] = "no"  # nginx passes on what comes when it comes
    return response


@blueprint.after_request
def share(response: Response) -> Response:
    """Let our own pages read the stream: another port is another origin."""
    response.vary.add("Origin")
    if may_read(request, web.settings()):
        response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
    return response


def install(
    app: Flask, caller: Callable[[], str], reader: Callable[[dict[str, Any]], Reader]
) -> Room:
    """Let *app* answer the events of discoveries; return the room that they share.

    *caller* returns the account whose key or ticket asks; *reader* the other end of the request
    with a WSGI environment.
    """
    app.extensions[CALLER], app.extensions[READER] = caller, reader
    app.extensions[ROOM] = room = Room()
    app.register_blueprint(blueprint)
    return room


def _seen() -> int | None:
    """Return the revision that the reader saw last; a browser says it when it comes back."""
    text = request.headers.get("Last-Event-ID", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise Malformed(details={"Last-Event-ID": "is no id of an event"})
    return int(text)


_PLACE = DiscoveryPlace()
