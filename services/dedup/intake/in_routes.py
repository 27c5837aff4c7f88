"""HTTP of the addresses of sources: load, call, reply in the words of the source's profile.

The address is a secret: it stands in no log, no metric and no answer.
"""

import logging
from datetime import UTC, datetime
from functools import partial
from urllib.parse import quote

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from services.dedup.intake import replies, taking
from services.dedup.intake.detection import named
from services.dedup.intake.in_openapi import RULE
from services.dedup.intake.post import Post
from services.dedup.intake.replies import Reply
from services.dedup.intake.sender import Sender
from services.dedup.intake.sent import Sent
from services.dedup.intake.source import Source
from services.dedup.intake.source_routes import sources
from services.dedup.intake.submitting import Unreachable
from services.dedup.intake.taking import Desk, contents, taken, whose
from services.dedup.keeping import keeping
from shared import web
from shared.errors import Malformed, NotFound, ServiceError, TooLarge, Unavailable
from shared.web.body import discard_rest
from shared.web.context import running
from shared.web.credentials import opened_source
from shared.web.errors import status_of
from shared.web.limits import sent_in
from shared.web.replies import encrypted

blueprint = Blueprint("intake", __name__)

HELLO = Reply(200, "text/plain", b"This address takes leads.\n")
"""What a visitor is told, and whoever looks whether there is anything here."""

FIRST = replies.PROFILES[0]
"""The profile of a source that names none, as long as nobody knows whose post it is."""

log = logging.getLogger(__name__)


@blueprint.route(RULE, methods=("GET", "POST"))
def take(token: str) -> Response:
    """Take what a sender posts; on GET answer its handshake, or a lead in the query."""
    source, now, sender = _source(), datetime.now(UTC), None
    profile = _profile(source)
    try:
        post = _post()
        reply = _greeting(source, post) if post.method != "POST" else None
        if reply is None:
            sender = whose(source, post, now)
            profile = source.reply_to(sender)
            reply = _taken(source, sender, profile, post, now)
    except Exception as error:
        reply = _refusal(profile, sender, error)
    return _response(reply)


def _source() -> Source:
    """Return the source whose address was asked. Raises NotFound, Unavailable."""
    key = opened_source()
    source = sources().of(key.tenant_id, key.source_id or "")
    if source is None:
        raise NotFound
    return source


def _profile(source: Source) -> str:
    """Return the profile that holds as long as nobody knows whose post it is."""
    try:
        return source.reply_to(named(source.adapter)) if source.adapter else source.profile or FIRST
    except Unavailable:
        return source.profile or FIRST


def _greeting(source: Source, post: Post) -> Reply | None:
    """Return the answer to a GET that brings no lead. Raises Forged."""
    greet = named(source.adapter).greet if source.adapter else None
    greeting = greet(post, source.secrets) if greet else None
    if greeting:
        return Reply(200, greeting.media_type, greeting.body)
    return None if post.query and post.method == "GET" else HELLO


def _taken(source: Source, sender: Sender, profile: str, post: Post, now: datetime) -> Reply:
    limited = partial(sent_in, source.tenant_id, source.source_id)
    country = web.settings().default_country
    desk = Desk(source, sender, profile, keeping(), country, web.writer(), limited)
    if post.method == "POST":
        return taken(desk, post, now)
    try:
        brings_lead = any(isinstance(item, Sent) for item in contents(desk, post)[1])
        return taken(desk, post, now) if brings_lead else HELLO
    except Unreachable:  # parameters of a campaign, say: somebody followed a link to here
        return HELLO


def _refusal(profile: str, sender: Sender | None, error: Exception) -> Reply:
    """Return the answer to a post of which nothing was kept."""
    discard_rest()
    known = _known(error)
    status = status_of(known) or 503
    taking.REFUSED.labels(sender.name if sender else "unknown", str(status)).inc()
    return replies.refused(profile, known, status, web.writer())


def _known(error: Exception) -> ServiceError:
    """Return *error* as one that a sender can be told of; what nobody foresaw, as our fault."""
    if isinstance(error, HTTPException):
        return TooLarge() if error.code == 413 else Malformed()
    if isinstance(error, ServiceError) and status_of(error) is not None:
        return error
    log.error("a post could not be taken", exc_info=error)
    return Unavailable()


def _response(reply: Reply) -> Response:
    response = Response(reply.body, reply.status, mimetype=reply.media_type)
    response.headers.update(reply.headers)
    if reply.status == 401:
        response.headers["WWW-Authenticate"] = "Signature"  # RFC 9110, section 11.6.1
    return response


def _post() -> Post:
    """Return the running request as senders' adapters see it."""
    asked = running()
    return Post(
        method=asked.method,
        url=_public_url(),
        headers={name.lower(): value for name, value in asked.headers.items()},
        query=asked.args.to_dict() if asked.query_string else {},
        raw=web.raw_body() if asked.method == "POST" else b"",
    )


def _public_url() -> str:
    """Return the address that was asked, as whoever asked knows it: some signatures cover it.

    What a proxy says of it counts only where TRUSTED_PROXIES says that there is one.
    """
    environ = running().environ
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    if not target.startswith("/"):
        query = environ.get("QUERY_STRING", "")
        target = quote(running().path) + (f"?{query}" if query else "")
    scheme = "https" if encrypted() else running().scheme
    return f"{scheme}://{_forwarded_host() or environ.get('HTTP_HOST', '')}{target}"


def _forwarded_host() -> str:
    """Return the host that the outermost proxy of ours was asked for, or an empty text."""
    proxies = web.settings().trusted_proxies
    hops = running().environ.get("HTTP_X_FORWARDED_HOST", "").split(",")
    if not proxies or 1 < len(hops) < proxies:
        return ""
    return hops[-min(proxies, len(hops))].strip()
