"""HTTP of the page of imports."""

from flask import Blueprint, Response

from services.dedup.imports.page_files import FILES, SECURITY_POLICY
from services.dedup.imports.page_openapi import FILE, PAGE
from shared.errors import NotFound

blueprint = Blueprint("imports_page", __name__)


@blueprint.get(PAGE)
def page() -> Response:
    """Answer the page; it holds nobody's data, and asks for it with the visitor's key."""
    return _file("page.html")


@blueprint.get(FILE)
def page_file(name: str) -> Response:
    """Answer a file that the page loads."""
    return _file(name)


def _file(name: str) -> Response:
    found = FILES.get(name)
    if found is None:
        raise NotFound
    response = Response(found.content, mimetype=found.mimetype)
    response.headers["Content-Security-Policy"] = SECURITY_POLICY
    return response
