"""HTTP of the link that ends digests: a page with one button, and the press of it.

Mail readers press it themselves (RFC 8058): a POST without cookies or keys. A GET changes nothing,
because programs that look at mail follow links.
"""

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app

from services.alerts import delivery_store, unsubscribing
from services.alerts.unsubscribing import PATH
from shared import web
from shared.errors import NotFound
from shared.web.body import discard_rest
from shared.web.errors import answer
from shared.web.preference import prefers_page
from shared.web.service import gate

SECURITY_POLICY = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
"""A page without style, script or picture, whose one form comes back to us."""

blueprint = Blueprint("unsubscribe", __name__)


@blueprint.errorhandler(NotFound)
def nothing(error: NotFound) -> Response:
    """Answer a person whose link opens nothing by a page; a program by the usual envelope."""
    if not prefers_page():
        return answer(error)
    page = _page(
        "This link does not work.",
        "",
        "It may have been cut off on its way: open it from the mail once more, or copy all of it. "
        "Nothing was changed. Whoever runs this service can end the alerts, too.",
    )
    page.status_code = 404
    return page


@blueprint.get(f"{PATH}/<unsubscribe_token>")
def ask(unsubscribe_token: str) -> Response:
    """Answer a page that asks whether to end it."""
    unsubscribing.read(gate(), unsubscribe_token)
    return _page("Send no more alerts to this address?", "<p><button>Send no more</button></p>")


@blueprint.post(f"{PATH}/<unsubscribe_token>")
def unsubscribe(unsubscribe_token: str) -> Response:
    """End what a receiver is sent, if it is still sent where the link came from."""
    discard_rest()
    ended = unsubscribing.read(gate(), unsubscribe_token)
    tenant_id, receiver_id, _ = ended
    with web.database().transaction(tenant_id) as conn:
        to = delivery_store.addressed(conn, gate(), tenant_id, receiver_id)
        if to is not None and ended.is_of(gate(), to.address):
            delivery_store.unsubscribe(conn, tenant_id, receiver_id, datetime.now(UTC))
    return _page("No more alerts are sent to this address.", "")


def _page(heading: str, form: str, text: str = "") -> Response:
    if text:
        form = f"<p>{text}</p>"
    elif form:
        form = f'<form method="post">{form}</form>'
    page = _PAGE.format(heading=heading, form=form)
    response = current_app.response_class(page, mimetype="text/html")
    response.vary.add("Accept")
    response.headers["Content-Security-Policy"] = SECURITY_POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Alerts</title>
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"></head>
<body><main><h1>{heading}</h1>{form}</main></body></html>
"""
