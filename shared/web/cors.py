"""Which other web sites' pages may post a lead from the visitor's browser.

Cross-origin resource sharing as the Fetch standard has it (https://fetch.spec.whatwg.org,
section 3.3): the origins of LEAD_FORM_ORIGINS, exactly; only on routes for lead forms; never
with credentials. An API key is no header of theirs: it would be anybody's who reads the page.
"""

from http import HTTPStatus

from flask import Flask, Response

from shared.web.context import context, running

METHODS = "POST"
HEADERS = "Content-Type, Idempotency-Key, X-Request-ID"
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
        if not (request.method == "OPTIONS" and asked and invited()):
            return None
        return Response(
            status=HTTPStatus.NO_CONTENT,
            headers={
                "Access-Control-Allow-Methods": METHODS,
                "Access-Control-Allow-Headers": HEADERS,
                "Access-Control-Max-Age": str(MAX_AGE_SECONDS),
            },
        )

    @app.after_request
    def share(response: Response) -> Response:
        if context().settings.lead_form_origins and _takes_lead_forms():
            response.vary.add("Origin")
            if invited():
                response.headers["Access-Control-Allow-Origin"] = running().environ["HTTP_ORIGIN"]
                response.headers["Access-Control-Expose-Headers"] = EXPOSED
        return response


def _takes_lead_forms() -> bool:
    rule = running().url_rule
    return rule is not None and rule.rule in context().lead_form_rules
