"""Which other web sites' pages may post a lead from the visitor's browser.

Cross-origin resource sharing as the Fetch standard has it (https://fetch.spec.whatwg.org,
section 3.3): the origins of LEAD_FORM_ORIGINS, and those of a publishable key, exactly; only on
routes for lead forms; never with credentials. A secret key is no header of theirs: it would be
anybody's who reads the page.
"""

from http import HTTPStatus

from flask import Flask, Response

from shared.web import credentials
from shared.web.context import context, notes, running

METHODS = "POST"
HEADERS = "Content-Type, Idempotency-Key, X-Request-ID"
WITH_KEY = f"{HEADERS}, X-API-Key, Authorization"
EXPOSED = "Idempotent-Replayed, Retry-After, X-Request-ID"

MAX_AGE_SECONDS = 600
"""How long a browser may remember a preflight: a site that was struck off is soon."""


def invited() -> bool:
    """True if the request comes from a page that may post a lead, and to where it may."""
    request = running()
    return (
        request.environ.get("HTTP_ORIGIN") in context().settings.lead_form_origins
        and request.method in ("POST", "OPTIONS")
        and _takes_lead_forms()
    )


def install(app: Flask) -> None:
    """Answer preflights of invited pages, and let them read what *app* answers."""

    @app.before_request
    def preflight() -> Response | None:
        request = running()
        asked = "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.environ
        if not (request.method == "OPTIONS" and asked):
            return None
        brings_key = not invited() and _may_bring_key()
        if not (brings_key or invited()):
            return None
        notes().page_answered = True
        return Response(
            status=HTTPStatus.NO_CONTENT,
            headers={
                "Access-Control-Allow-Methods": METHODS,
                "Access-Control-Allow-Headers": WITH_KEY if brings_key else HEADERS,
                "Access-Control-Max-Age": str(MAX_AGE_SECONDS),
            },
        )

    @app.after_request
    def share(response: Response) -> Response:
        if _shares() and _takes_lead_forms():
            response.vary.add("Origin")
            if invited() or _page_answered():
                response.headers["Access-Control-Allow-Origin"] = running().environ["HTTP_ORIGIN"]
                response.headers["Access-Control-Expose-Headers"] = EXPOSED
        return response


def _shares() -> bool:
    """True if any page may read an answer: in local mode nobody has a publishable key."""
    settings = context().settings
    return bool(settings.lead_form_origins) or not settings.local


def _page_answered() -> bool:
    """True if the answer is for the page that asked: its key, or its preflight, was admitted."""
    noted = notes()
    return noted.get("page_key") is not None or noted.get("page_answered", False)


def _may_bring_key() -> bool:
    """True if the page that asks first may send a request with a publishable key.

    If the address names the key, its origins decide. A key in a header is not in the preflight:
    whoever announces one is told to go on, and the request itself is looked at. It carries
    nothing that the page does not have.
    """
    environ = running().environ
    if context().settings.local or not _takes_lead_forms():
        return False
    if credentials.in_address(credentials.KEY):
        key = credentials.named_in_address()
        return key is not None and environ.get("HTTP_ORIGIN") in key.origins
    announced = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "").lower()
    names = {name.strip() for name in announced.split(",")}
    return "HTTP_ORIGIN" in environ and bool(names & {"x-api-key", "authorization"})


def _takes_lead_forms() -> bool:
    rule = running().url_rule
    return rule is not None and rule.rule in context().lead_form_rules
