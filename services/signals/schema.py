"""What callers may send to have their signals found."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from services.signals.reading import LONGEST_CONTENT, Asked
from shared.destination import LONGEST_URL
from shared.errors import Malformed
from shared.fields import Form, Text
from shared.validation import loaded
from shared.web.auth import LONGEST_USER_ID

MOST_ITEMS = 1000
"""Texts of one batch (contract, section 4)."""

MOST_EVENTS = 1000
"""Events of one request."""

LONGEST_ITEM_ID = 255
"""Characters of a caller's own name for an item."""

NOTHING_TO_READ = {"content": "give content, url, metadata.behavior or metadata.form"}


def is_name(name: Any) -> bool:
    """True if *name* may name an item: a short text or a whole number."""
    if isinstance(name, str):
        return len(name) <= LONGEST_ITEM_ID
    return isinstance(name, int) and not isinstance(name, bool)


def _check_name(name: Any) -> None:
    if not is_name(name):
        raise ValidationError(
            f"must be a whole number or a text of at most {LONGEST_ITEM_ID} characters"
        )


class SignalMetadata(Form):
    """What is known beside the text; other fields are ignored and not kept."""

    behavior = fields.List(
        fields.Raw(allow_none=True),
        allow_none=True,
        validate=validate.Length(max=MOST_EVENTS, error=f"must list at most {MOST_EVENTS}"),
        metadata={
            "description": "What the person did: objects with `type` (page_view, click, "
            "form_submit, search, email_open, …), `url` or `query`, and `at`. One that cannot be "
            "read is named in `ignored_behaviour`.",
            "examples": [[{"type": "page_view", "url": "https://bank.example/loans/rates"}]],
        },
    )
    form = fields.Dict(
        keys=fields.String(),
        allow_none=True,
        metadata={
            "description": "A form's fields by name. Without a `content` its texts are read, one a "
            "line, and what they say is of the category `form`.",
            "examples": [{"subject": "Machine", "message": "We need a loan for a lathe."}],
        },
    )


class LeadSaid(Form):
    """A lead, as the duplicate check takes it: of it only what the person wrote is read."""

    message = Text("What the person wrote; read where nothing else is.", longest=LONGEST_CONTENT)


class Readable(Form):
    """A text to read, and what is known beside it."""

    content = Text(
        "The text; HTML is read as what it says. What is beyond 100,000 characters is not read.",
        longest=LONGEST_CONTENT,
        examples=["We need a loan of 50,000 euros for a second oven."],
    )
    metadata = fields.Nested(SignalMetadata, allow_none=True)
    lead_id = fields.UUID(
        allow_none=True,
        metadata={
            "description": "A lead of the account: then what is found is kept as its signals."
        },
    )


class SignalItem(Readable):
    """One text of a batch."""

    id = fields.Raw(
        allow_none=True,
        validate=_check_name,
        metadata={
            "description": "Your own name for it, a text or a whole number; answered as sent.",
            "type": ["string", "integer"],
            "maxLength": LONGEST_ITEM_ID,
            "examples": ["mail-17"],
        },
    )

    @post_load
    def asked(self, data: dict[str, Any], **options: Any) -> Asked:
        """Return it as the flow takes it."""
        return _asked(data)


class SignalRequest(Readable):
    """One text, page or list of events to find signals in."""

    url = Text(
        "A page to fetch and read, where there is no content.",
        longest=LONGEST_URL,
        examples=["https://bakery.example/news"],
    )
    lead_data = fields.Nested(LeadSaid, allow_none=True)

    @post_load
    def asked(self, data: dict[str, Any], **options: Any) -> Asked:
        """Return it as the flow takes it. Raises Malformed if there is nothing to read."""
        metadata = data.get("metadata") or {}
        named = (data.get("content"), data.get("url") or None, metadata.get("behavior"))
        if all(one is None for one in (*named, metadata.get("form"), data.get("lead_data"))):
            raise Malformed(details=NOTHING_TO_READ)
        return _asked(data)


class OfAccount(Form):
    """A body that may name the account."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )


class SignalBody(SignalRequest, OfAccount):
    """What the route reads."""


class BatchOfSignals(OfAccount):
    """Many texts of one account."""

    items = fields.List(
        fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(min=1, max=MOST_ITEMS, error=f"must list 1 to {MOST_ITEMS} items"),
        metadata={"description": "The texts, answered in this order."},
    )


def request(data: Mapping[str, Any]) -> Asked:
    """Return what one request asks for. Raises Malformed."""
    asked: Asked = loaded(_REQUEST, data)
    return asked


def items(data: Mapping[str, Any]) -> list[Any]:
    """Return the items of a batch as they were sent. Raises Malformed."""
    whole: list[Any] = loaded(_BATCH, data)["items"]
    return whole


def item(data: Any) -> Asked:
    """Return what one item of a batch asks for. Raises Malformed."""
    if not isinstance(data, Mapping):
        raise Malformed(details={"item": "must be an object"})
    asked: Asked = loaded(_ITEM, data)
    if asked.content is None and asked.form is None and not asked.behaviour:
        raise Malformed(details={"content": "is required"})
    return asked


def _asked(data: Mapping[str, Any]) -> Asked:
    metadata = data.get("metadata") or {}
    lead = data.get("lead_data") or {}
    return Asked(
        content=data.get("content"),
        url=(data.get("url") or "").strip() or None,
        behaviour=tuple(metadata.get("behavior") or ()),
        form=metadata.get("form"),
        message=lead.get("message"),
        lead_id=data.get("lead_id"),
    )


_REQUEST = SignalRequest()
_BATCH = BatchOfSignals()
_ITEM = SignalItem()
