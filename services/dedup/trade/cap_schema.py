"""What callers may ask of caps, and what they get back."""

from marshmallow import fields, validate

from services.dedup.trade.calendar import SPANS
from services.dedup.trade.terms_answer_schema import LONGEST_PAGE, Scoped, ScopePage, Whose
from services.dedup.trade.terms_schema import MOST_CAPS
from shared.answers import Stamped
from shared.fields import Form


class CapPage(ScopePage, Whose):
    """Which part of the list, of which names."""


class CapCount(Form):
    """A cap, and what was let through under it."""

    per = fields.String(
        required=True,
        validate=validate.OneOf(SPANS),
        metadata={"description": "The span that is counted in."},
    )
    most = fields.Integer(required=True, metadata={"description": "How many may be let through."})
    leads = fields.Integer(
        required=True,
        metadata={"description": "How many were, in the span that is running."},
    )
    left = fields.Integer(required=True, metadata={"description": "How many still may be."})
    begins_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When the span began; null for a total."},
    )
    ends_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When the next span begins; null for a total."},
    )


class ScopeCaps(Scoped):
    """The caps and hours of one scope."""

    zone = fields.String(required=True, metadata={"description": "The time zone it counts in."})
    open = fields.Boolean(required=True, metadata={"description": "False at closed hours."})
    taken = fields.Boolean(
        required=True, metadata={"description": "True if, for this scope, leads are taken now."}
    )
    resumes_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={
            "description": "When leads are taken again; null if they are, or if nobody can know."
        },
    )
    caps = fields.List(
        fields.Nested(CapCount),
        required=True,
        validate=validate.Length(max=MOST_CAPS),
        metadata={"description": "Its caps."},
    )


class CapsAnswer(Stamped):
    """The caps of an account, beside what counts under them."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = fields.Integer(required=True, metadata={"description": "Scopes in this answer."})
    scopes = fields.List(
        fields.Nested(ScopeCaps),
        required=True,
        validate=validate.Length(max=LONGEST_PAGE),
        metadata={"description": "Scopes with caps or hours, in the order of their names."},
    )
    next_after = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The `after` of the next page; null if this is the last."},
    )
