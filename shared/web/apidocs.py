"""The API description of this app, for programs and for people."""

from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify

from shared.web.context import context
from shared.web.docs_page import SECURITY_POLICY, page
from shared.web.openapi import description
from shared.web.operation import HTML, Operation

EXTENSION = "leadfly.openapi"
"""Where the description stands in `app.extensions` once it was asked for."""

blueprint = Blueprint("apidocs", __name__)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Answer the description as an OpenAPI document."""
    return jsonify(_document())


@blueprint.get("/docs")
def docs() -> Response:
    """Answer the description as a page."""
    answer = Response(page(_document()), mimetype=HTML)
    answer.headers["Content-Security-Policy"] = SECURITY_POLICY
    return answer


def _document() -> dict[str, Any]:
    """Return the description, put together once in each app."""
    extensions = current_app.extensions
    if EXTENSION not in extensions:
        of = context()
        extensions[EXTENSION] = description(of.service, of.operations, not of.settings.local)
    return cast(dict[str, Any], extensions[EXTENSION])


OPERATIONS = (
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
        refusals=(403, 429, 500),
    ),
)
