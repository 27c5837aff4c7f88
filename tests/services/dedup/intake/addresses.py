"""Addresses of sources, and posts to them as senders make them."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

import orjson

from services.dedup.intake import source_change
from services.dedup.intake.source import Source
from shared.web.service import GATE
from tests.services.dedup.arrivals import ADA, BOB

SECRET = "made-up-secret"

__all__ = ["ADA", "BOB", "SECRET", "Address", "appointment", "opened", "signed", "typeform"]


@dataclass
class Address:
    """The address of one source, and a client that knows it."""

    client: Any
    token: str
    source: Source

    def post(self, body=ADA, headers=None, **more):
        """Return the answer to a body: JSON unless it is bytes, with their content_type."""
        if isinstance(body, bytes):
            sent = {"data": body, "content_type": "application/json"} | more
        else:
            sent = {"json": body} | more
        return self.client.post(f"/in/{self.token}", headers=headers, **sent)

    def get(self, **query):
        return self.client.get(f"/in/{self.token}", query_string=query)


def opened(app, tenant_id, source_id="form", client=None, **settings):
    """Make a source and return its address."""
    parts = app.extensions
    source = Source(tenant_id, source_id, **settings)
    made = source_change.create(parts["leadfly"].database, parts[GATE], source, "test")
    return Address(client or app.test_client(), made.issued.text, source)


def typeform(token="x71for1w", email="ada@analytical.example", **more):
    """Return a form response of Typeform's; *token* is its name for it."""
    answers = [
        {"type": "email", "email": email, "field": {"id": "A", "type": "email", "ref": "em"}},
        {"type": "text", "text": "Ada Lovelace", "field": {"id": "B", "type": "short_text"}},
    ]
    fields = [
        {"id": "A", "ref": "em", "title": "Email", "type": "email"},
        {"id": "B", "title": "Your name", "type": "short_text"},
    ]
    form = {"form_id": "g8h", "token": token, "submitted_at": "2026-03-01T08:23:49Z"}
    response = form | {"definition": {"id": "g8h", "fields": fields}, "answers": answers} | more
    return {"event_id": "01EK", "event_type": "form_response", "form_response": response}


def signed(body, secret=SECRET):
    """Return *body* as bytes and the header with which Typeform signs it."""
    raw = orjson.dumps(body)
    digest = hmac.digest(secret.encode(), raw, hashlib.sha256)
    return raw, {"Typeform-Signature": f"sha256={base64.b64encode(digest).decode()}"}


def appointment(uri, moved_from=None, email="ada@analytical.example"):
    """Return an appointment that was made with Calendly."""
    payload = {"uri": uri, "email": email, "name": "Ada Lovelace", "old_invitee": moved_from}
    return {"event": "invitee.created", "created_at": "2026-03-01T08:00:00Z", "payload": payload}
