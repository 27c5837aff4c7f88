"""What callers get back of feedback; the API description shows it."""

from marshmallow import fields, validate

from services.dedup.answer_schema import identifier, text, truth, words
from services.dedup.answer_schema import share as within
from services.dedup.trade.feedback import TYPES
from shared.answers import Stamped
from shared.fields import Form

MOST_REASONS = 100
"""Reasons in one row of rates, the most frequent first; terms list 50, and may change."""


def moment(meaning: str, allow_none: bool = False) -> fields.AwareDateTime:
    """Return a field of an answer for a moment."""
    return fields.AwareDateTime(
        required=True,
        allow_none=allow_none,
        metadata={"description": f"{meaning}: ISO 8601, UTC."},
    )


def number(meaning: str) -> fields.Integer:
    """Return a field of an answer for a count."""
    return fields.Integer(
        required=True, validate=validate.Range(min=0), metadata={"description": meaning}
    )


class LeadFeedback(Form):
    """What was said of a lead."""

    id = identifier("This feedback.")
    lead_id = identifier("The lead.")
    type = words("What was said.", TYPES)
    reason = text("Why; null if nothing was said.", allow_none=True)
    buyer_id = text("Who said so; null if nobody was named.", allow_none=True)
    duplicate_of = identifier(
        "The lead that the buyer had before; null if none was named.", allow_none=True
    )
    note = text("More, in words.", allow_none=True)
    at = moment("When it happened")
    value = fields.Float(
        required=True, allow_none=True, metadata={"description": "What a conversion was worth."}
    )
    currency = text("Of the value.", allow_none=True)
    given_at = moment("When it was stored")
    given_by = text("The prefix of an API key, or `local`.")
    undone_at = moment("When it was taken back; null while it stands", allow_none=True)
    undone_by = text("Who took it back.", allow_none=True)


class FeedbackAnswer(Stamped):
    """One word on a lead as it stands."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    changed = truth("False if it stood so already.")
    feedback = fields.Nested(LeadFeedback, required=True, metadata={"description": "What is said."})


class LeadFeedbackAnswer(Stamped):
    """A page of what was said of a lead, the latest first."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = number("Words on this page.")
    feedback = fields.List(
        fields.Nested(LeadFeedback),
        required=True,
        metadata={"description": "What was said; what was taken back is here, too."},
    )
    next_after = identifier(
        "What to send as `after` for the next page; null on the last.", allow_none=True
    )


class RateShown(Form):
    """A share of the leads taken, and where the true one lies with 95 % (Wilson's interval)."""

    share = within("Of all that were taken.")
    low = within("At least.")
    high = within("At most.")


class ReasonCount(Form):
    """How often one reason was given."""

    type = words("Of which kind.", TYPES)
    reason = text("The reason; null where none was given.", allow_none=True)
    leads = number("Of how many leads.")


def _rate(meaning: str) -> fields.Nested:
    return fields.Nested(
        RateShown,
        required=True,
        allow_none=True,
        metadata={"description": f"{meaning}; null without leads."},
    )


class SourceRates(Form):
    """What became of the leads of a source, or of a source and buyer."""

    source_id = text("The source.")
    buyer_id = text(
        "The buyer of the deals; empty: nobody in particular; null: all.", allow_none=True
    )
    leads = number(
        "Leads received on these days that the check let through, without those whose hold was "
        "released or is not confirmed."
    )
    returns = number("Of those, how many are returned.")
    conversions = number("Of those, how many converted.")
    return_rate = _rate("Share of returns")
    conversion_rate = _rate("Share of conversions")
    reasons = fields.List(
        fields.Nested(ReasonCount),
        required=True,
        validate=validate.Length(max=MOST_REASONS),
        metadata={"description": "By reason, the most frequent first."},
    )


class RatesAnswer(Stamped):
    """What became of leads by source, those with the most leads first."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = number("Rows here.")
    rates = fields.List(
        fields.Nested(SourceRates), required=True, metadata={"description": "The rows."}
    )
    more = truth("True if there are rows beyond `limit`.")
    complete = truth(
        "False while an account's earlier leads are still being counted: ask again for the rest."
    )
    first = fields.Date(
        required=True, data_key="from", metadata={"description": "The first day (UTC)."}
    )
    last = fields.Date(
        required=True, data_key="to", metadata={"description": "The last day, included."}
    )
