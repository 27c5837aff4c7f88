"""What callers get back of the terms of the trade, beside a verdict."""

from typing import Any

from marshmallow import fields, validate

from services.dedup.trade import standing
from shared.fields import Form

KEYS = ("person", "email", "phone", "address", "ip")
"""What an earlier lead may have in common."""


class ListFound(Form):
    """A suppression list that names the lead; whom else it names, it does not say."""

    list_id = fields.UUID(required=True, metadata={"description": "The list."})
    name = fields.String(required=True, metadata={"description": "Its name."})
    kind = fields.String(required=True, metadata={"description": "Why it is kept."})


class HoldGiven(Form):
    """The lead's identity is held for its sender."""

    hold_id = fields.UUID(required=True, metadata={"description": "To confirm or release."})
    expires_at = fields.AwareDateTime(
        required=True, metadata={"description": "When the hold frees itself."}
    )


class TooEarly(Form):
    """The earlier lead that the look-back found."""

    lead_id = fields.UUID(required=True, metadata={"description": "The earlier lead."})
    keys = fields.List(
        fields.String(validate=validate.OneOf(KEYS)),
        required=True,
        metadata={"description": "What agreed."},
    )
    days_ago = fields.Float(required=True, metadata={"description": "Days between the two."})
    within_days = fields.Integer(required=True, metadata={"description": "What the rule says."})


class TooMany(Form):
    """Why no more leads are taken."""

    reason = fields.String(
        required=True,
        validate=validate.OneOf((standing.CAP_REACHED, standing.CLOSED)),
        metadata={"description": "A cap is reached, or leads are taken at other hours."},
    )
    of = fields.String(
        required=True,
        validate=validate.OneOf(("source", "buyer", "campaign", "account")),
        metadata={"description": "Whose terms say so."},
    )
    resumes_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When leads are taken again; null where nobody can know."},
    )


def _part(form: type[Form], meaning: str) -> Any:
    return fields.Nested(
        form, required=True, allow_none=True, metadata={"description": f"{meaning}, if so."}
    )


class Trade(Form):
    """What the terms of the trade say of the lead."""

    hold = _part(HoldGiven, "What is held for it")
    found_in = fields.List(
        fields.Nested(ListFound),
        required=True,
        validate=validate.Length(max=1000),
        metadata={"description": "Suppression lists that name its address or number."},
    )
    held_until = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "Until when its identity is held for an earlier lead."},
    )
    lookback = _part(TooEarly, "The earlier lead that makes it too early")
    forgiven = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(("older", "elsewhere", "not_accepted")),
        metadata={"description": "Why earlier leads of the same person do not count, if none do."},
    )
    full = _part(TooMany, "Why no more leads are taken")
