"""What callers get back of signals; the API description shows it.

Nothing is loaded with these schemas: tests hold real answers against them.
"""

from typing import Any, get_args

from marshmallow import fields, validate

from services.signals.kinds import KINDS
from services.signals.signal import BEHAVIOUR, CONTENT, Category
from shared.answers import Fault, Stamped
from shared.fields import Form

NAMES = tuple(KINDS)

TEXT_SOURCES = ("content", "url", "behavior")
"""What a detection read."""


def text(meaning: str, **options: Any) -> fields.String:
    """Return a field for a text."""
    return fields.String(required=True, metadata={"description": meaning}, **options)


def identifier(meaning: str, **options: Any) -> fields.UUID:
    """Return a field for an id."""
    return fields.UUID(required=True, metadata={"description": meaning}, **options)


def truth(meaning: str, **options: Any) -> fields.Boolean:
    """Return a field that is true or false."""
    return fields.Boolean(required=True, metadata={"description": meaning}, **options)


def points(meaning: str) -> fields.Integer:
    """Return a field for 0 to 100."""
    return fields.Integer(
        required=True,
        validate=validate.Range(min=0, max=100),
        metadata={"description": meaning},
    )


def many(inner: Any, meaning: str) -> fields.List:
    """Return a field for a list that is always there."""
    return fields.List(inner, required=True, metadata={"description": meaning})


def _position(meaning: str) -> fields.Integer:
    return fields.Integer(
        required=True, validate=validate.Range(min=0), metadata={"description": meaning}
    )


class SpanShown(Form):
    """Where words stand, in code points from 0."""

    start = _position("Of the first.")
    end = _position("After the last.")


class SignalShown(Form):
    """A sign of what somebody needs, true now for the author or whom the text is about."""

    id = identifier("This signal; null where it is not kept.", allow_none=True)
    type = text("What they need.", validate=validate.OneOf(NAMES))
    category = text(
        "How it was found: `keyword` by a phrase of a rule, `content` by the model, `form` in a "
        "form, `behavior`, `search`, `social`.",
        validate=validate.OneOf(get_args(Category)),
    )
    source = text("What saw it.", validate=validate.OneOf((CONTENT, BEHAVIOUR)))
    content = text("The words that prove it; of behaviour what was done.")
    span = fields.Nested(
        SpanShown,
        required=True,
        allow_none=True,
        metadata={"description": "Where they stand; null of behaviour."},
    )
    strength = points("How much it says: confidence times urgency.")
    confidence = fields.Float(
        required=True,
        validate=validate.Range(min=0, max=1),
        metadata={"description": "How likely a careful reader would see it, too."},
    )
    rule = text("The rule or the feature that fired.")


class SuppressedShown(Form):
    """What looks like a signal and is none."""

    type = text("Of what.", validate=validate.OneOf(NAMES))
    content = text("Its words.")
    span = fields.Nested(SpanShown, required=True, metadata={"description": "Where they stand."})
    rule = text("The rule that would have fired.")
    reason = text("Why it is none, with the word that says so and its place.")


class IgnoredShown(Form):
    """An event that was not read."""

    position = _position("Its place in `metadata.behavior`, from 0.")
    reason = text("Why.")


class PageShown(Form):
    """A page that was fetched and read."""

    url = text("Where it was in the end, after redirects.")
    status = fields.Integer(required=True, metadata={"description": "Its HTTP status."})
    title = text("Its title.")
    language = text("What it says of its language; empty if nothing.")
    description = text("Its own description; empty if none.")
    text = text("Its main text, one heading or paragraph a line: what spans refer to.")
    organisations = many(fields.Dict(), "Organisations of its structured data.")
    contacts = fields.Dict(
        required=True, metadata={"description": "`emails` and `phones` that it publishes."}
    )
    socials = many(fields.Dict(), "Its presences elsewhere: `platform` and `url`.")
    forms = many(fields.Dict(), "Its forms: `kind`, `reason` and `fields`.")
    truncated = truth("True if it holds more text.")
    fetched_at = fields.AwareDateTime(
        required=True, metadata={"description": "When: ISO 8601, UTC."}
    )


def _group(name: str) -> fields.List:
    return many(fields.Nested(SignalShown), f"Those of `signals` whose type is `{name}`.")


_Groups: Any = Form.from_dict({kind.group: _group(kind.name) for kind in KINDS.values()})


class Detected(_Groups):
    """What a text, a page or behaviour says."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    signals = many(fields.Nested(SignalShown), "Those of the text first, the strongest first.")
    suppressed = many(fields.Nested(SuppressedShown), "What looks like one and is none, and why.")
    signal_strength = points("How strong they are together.")
    intent_score = points("How much they speak of the wish to buy something now.")
    needs_identified = many(
        fields.String(), "What they need, the strongest first, in words that services go by."
    )
    language = text("ISO 639-1; `und` where nothing can be told.")
    language_supported = truth("False: the text is in a language of which nothing is guessed.")
    individual = truth("True if it is about a private person's own finances.")
    truncated = truth("True if there was more text than is read.")
    text = text(
        "What the spans refer to, where that is not the `content` as it was sent: what its HTML "
        "says, or the form's texts. null otherwise; of a page it stands in `page`.",
        allow_none=True,
    )
    page = fields.Nested(
        PageShown,
        required=True,
        allow_none=True,
        metadata={"description": "The page that was fetched; null without one."},
    )
    detection_id = identifier("What was kept of it; null if nothing was.", allow_none=True)
    ignored_behaviour = many(fields.Nested(IgnoredShown), "Events that were not read.")
    processing_time_ms = fields.Float(
        required=True, metadata={"description": "What it took, in milliseconds."}
    )


class DetectedAnswer(Stamped, Detected):
    """What was found."""


class ItemShown(Form):
    """The answer to one item: what a single request would answer, or its error."""

    id = fields.Raw(required=True, metadata={"description": "Its `id` as it was sent, or null."})
    success = truth("False: see `error`.")
    error = fields.Nested(Fault, metadata={"description": "What is wrong with this item."})


class BatchAnswer(Stamped):
    """The answers of a batch."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    results = many(
        fields.Nested(ItemShown), "One an item, in the order sent; one's fault never fails others."
    )
