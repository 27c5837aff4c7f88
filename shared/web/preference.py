"""What the caller would rather read: a person's browser asks for a page, a program for JSON."""

from flask import request

from shared.web.operation import HTML, JSON


def prefers_page() -> bool:
    """Return whether the running request asks for HTML before JSON (RFC 9110, section 12.5.1).

    Whoever takes anything, or says nothing, is a program.
    """
    return request.accept_mimetypes.best_match((JSON, HTML), JSON) == HTML
