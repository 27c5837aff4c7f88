"""Where a hold is found, and what callers get back of it."""

from marshmallow import fields, validate

from services.dedup.answer_schema import identifier, text, truth, words
from services.dedup.trade.deal import CONFIRMED, HELD, RELEASED, RETURNED
from shared.answers import Stamped
from shared.fields import Form

STATES = (HELD, CONFIRMED, RELEASED, "expired", RETURNED)
"""How a hold may stand."""


class HoldPlace(Form):
    """Where one hold is found."""

    hold_id = fields.UUID(
        required=True, metadata={"description": "The `trade.hold.hold_id` of a check's answer."}
    )


class HoldShown(Form):
    """A hold as it stands."""

    hold_id = identifier("This hold.")
    lead_id = identifier("The lead whose identity it holds.")
    state = words(
        "`held` while it is in force; `expired` if nobody settled it in time; `returned` once the "
        "lead's buyer gave it back.",
        STATES,
    )
    expires_at = fields.AwareDateTime(
        required=True, metadata={"description": "When it frees itself, if nobody settles it."}
    )
    settled_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When it was confirmed or released, or the lead returned."},
    )
    buyer_id = text("Whom the lead was offered; empty: nobody in particular.")
    campaign_id = text("The campaign that brought it; empty: none.")


class HoldAnswer(Stamped):
    """One hold."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    hold = fields.Nested(
        HoldShown, required=True, metadata={"description": "The hold as it stands."}
    )


class SettledHold(HoldAnswer):
    """One hold after it was settled."""

    changed = truth("False if it stood so already.")
