"""The API description of this app, for programs and for people."""

from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify
from marshmallow import fields, validate

from shared.errors import NotFound
from shared.fields import Form
from shared.web.context import context
from shared.web.docs_page import SECURITY_POLICY, Docs
from shared.web.openapi import description
from shared.web.operation import HTML, Operation
from shared.web.preference import prefers_page
from shared.web.query import query

EXTENSION = "leadfly.openapi"
"""Where the description stands in `app.extensions` once it was asked for."""

DOCS = "leadfly.docs"
"""Where what the page shows stands in `app.extensions` once it was asked for."""

blueprint = Blueprint("apidocs", __name__)


class DocsQuery(Form):
    """What of the page is wanted."""

    filter = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"description": "Words that an operation must have; absent, all are shown."},
    )


@blueprint.get("/")
def entrance() -> Response:
    """Send a browser on to the page. Raises NotFound for programs: nothing of theirs is here."""
    if not prefers_page():
        raise NotFound
    answer = Response(TO_DOCS, 302, {"Location": "docs", "Vary": "Accept"}, mimetype=HTML)
    answer.autocorrect_location_header = False
    return answer


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Answer the description as an OpenAPI document."""
    return jsonify(_document())


@blueprint.get("/docs")
def docs() -> Response:
    """Answer the description as a page."""
    answer = Response(_docs().page(query(DocsQuery())["filter"]), mimetype=HTML)
    answer.headers["Content-Security-Policy"] = SECURITY_POLICY
    return answer


def _document() -> dict[str, Any]:
    """Return the description, put together once in each app."""
    extensions = current_app.extensions
    if EXTENSION not in extensions:
        of = context()
        extensions[EXTENSION] = description(of.service, of.operations, not of.settings.local)
    return cast(dict[str, Any], extensions[EXTENSION])


def _docs() -> Docs:
    """Return what the page shows, put together once in each app."""
    extensions = current_app.extensions
    if DOCS not in extensions:
        extensions[DOCS] = Docs(_document())
    return cast(Docs, extensions[DOCS])


TO_DOCS = '<!doctype html><title>LeadFly</title><p><a href="docs">What is here</a></p>'

OPERATIONS = (
    Operation(
        "GET",
        "/",
        "Where a browser begins",
        "Sends a browser, which asks for `text/html`, to `/docs`. Programs get a 404.",
        {"type": "string"},
        answers_as=HTML,
        status=302,
        tag="Operation",
        refusals=(403, 404, 429, 500),
    ),
    Operation(
        "GET",
        "/openapi.json",
        "This description, for programs",
        "OpenAPI 3.1 with JSON Schema 2020-12.",
        {"type": "object", "required": ["openapi", "info", "paths"]},
        tag="Operation",
        refusals=(403, 429, 500),
    ),
    Operation(
        "GET",
        "/docs",
        "This description, for people",
        "The same as a page; it loads nothing from elsewhere and runs no script.",
        {"type": "string"},
        answers_as=HTML,
        tag="Operation",
        query=DocsQuery,
        refusals=(400, 403, 429, 500),
    ),
)
