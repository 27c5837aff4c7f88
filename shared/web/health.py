"""Alive, ready, and how busy: the three questions a supervisor asks of every service."""

from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST

from shared.answers import Alive, Ready
from shared.errors import Unavailable
from shared.web.auth import caller, from_this_machine
from shared.web.context import database, settings
from shared.web.metrics import AT_SCRAPE, exposition
from shared.web.operation import TEXT, Operation

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer as long as the process can answer at all."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Answer whether requests can be served: the database is reachable and migrated."""
    ready, reason = database().ready()
    if not ready:
        raise Unavailable("This service is not ready.", {"database": reason})
    return jsonify(status="ready")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Answer every metric, to this machine or to a key that may read analytics."""
    if not settings().local and not from_this_machine():
        caller(None, scope="read:analytics")
    at_scrape = current_app.extensions.get(AT_SCRAPE, ())
    return Response(exposition(at_scrape), content_type=CONTENT_TYPE_LATEST)


OPERATIONS = (
    Operation(
        "GET",
        "/healthz",
        "Is the process alive?",
        "Answers as long as the process can answer at all, to everyone.",
        Alive,
        tag="Operation",
        refusals=(500,),
    ),
    Operation(
        "GET",
        "/readyz",
        "Can requests be served?",
        "Answers 200 if the database is reachable and migrated, to everyone.",
        Ready,
        tag="Operation",
        refusals=(500, 503),
    ),
    Operation(
        "GET",
        "/metrics",
        "Counts and durations for Prometheus",
        "Requests by service, route, method and status; leads that passed unchecked, those of them "
        "that were stored since, and what waits in the spool. Open to this machine.",
        {"type": "string"},
        answers_as=TEXT,
        tag="Operation",
        refusals=(403, 429, 500, 503),
        scope="read:analytics",
    ),
)
