"""What callers may say of leads, and ask of what was said."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from services.dedup.schema import LONGEST_SOURCE_ID
from services.dedup.trade.deal import LONGEST_NAME
from services.dedup.trade.feedback import CONVERSION, RETURN, TYPES, Said
from services.dedup.trade.feedback_rates import Asked
from services.dedup.trade.returns import DUPLICATE, USUAL_REASONS
from services.dedup.trade.terms_schema import LONGEST_REASON
from shared.fields import Form, Moment, Name, Text
from shared.web.auth import LONGEST_USER_ID
from shared.web.query import Account

LONGEST_NOTE = 2000
"""Characters, as of a reviewer's reason."""

HIGHEST_VALUE = Decimal(10) ** 11
"""Of any currency: what a float says to the thousandth, and more than a lead is worth."""

PLACES = 3
"""Digits after the point: no currency of ISO 4217 in use for payments has more, but for one of
Chile's units of account."""

WORD = re.compile(r"[a-z0-9_]{1,64}")
"""What a conversion may have for a reason: a word, and nobody's name by accident."""

PAGE, LONGEST_PAGE = 100, 1000
"""Rows in one answer: unless the caller asks for another number, and at most."""

USUAL_PERIOD = timedelta(days=30)

LONGEST_PERIOD = timedelta(days=366)
"""Days of rates: each has rows of its own."""

EARLIEST, LATEST = date(1970, 1, 2), date(9999, 1, 1)


class Amount(fields.Decimal):
    """An amount of money; true is none."""

    def _validated(self, value: Any) -> Any:
        if isinstance(value, bool):
            raise self.make_error("invalid")
        amount = super()._validated(value)
        if not 0 <= amount < HIGHEST_VALUE or amount != round(amount, PLACES):
            raise ValidationError(
                f"must be from 0 to {HIGHEST_VALUE}, with {PLACES} digits after the point at most"
            )
        return amount


class FeedbackGiven(Form):
    """What a buyer says of a lead."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )
    type = fields.String(
        required=True,
        validate=validate.OneOf(TYPES, error=f"must be one of {', '.join(TYPES)}"),
        metadata={
            "description": "`return`: it was at fault, and its buyer gives it back; `conversion`: "
            "it came to what was hoped for.",
            "examples": [CONVERSION],
        },
    )
    reason = Text(
        "Why. Of a return one of the terms' `return_reasons`; where they say nothing: "
        f"{', '.join(USUAL_REASONS)}. Of a conversion, if you like, a word of your own of a-z, "
        "0-9 and _.",
        longest=LONGEST_REASON,
        examples=["wrong_number"],
    )
    buyer_id = Name(
        "Who says so; absent, the buyer of the lead's deal. Another than that one is refused.",
        longest=LONGEST_NAME,
    )
    buyer = Name("The same as `buyer_id`.", longest=LONGEST_NAME)
    duplicate_of = fields.UUID(
        allow_none=True,
        metadata={
            "description": f"With the reason `{DUPLICATE}`: the lead that the buyer had before, "
            "if they say which. It is kept as a pair of one person, to fit the model by."
        },
    )
    note = Text("More, in words; kept encrypted.", longest=LONGEST_NOTE)
    at = Moment("When it happened; absent, now. The window of returns is judged by now.")
    value = Amount(
        allow_none=True,
        metadata={"description": "What the conversion was worth.", "examples": [1250.5]},
    )
    currency = fields.String(
        allow_none=True,
        validate=validate.Regexp("^[A-Z]{3}\\Z", error="must be a code of ISO 4217, as EUR"),
        metadata={
            "description": "Of the value; needed with it. A code of ISO 4217.",
            "pattern": "^[A-Z]{3}$",
            "examples": ["EUR"],
        },
    )

    @post_load
    def said(self, data: dict[str, Any], **options: Any) -> Said:
        """Return what is said. Raises ValidationError for what contradicts itself."""
        text = {
            name: (data.get(name) or "").strip() for name in ("reason", "buyer_id", "buyer", "note")
        }
        if text["buyer_id"] and text["buyer"] not in ("", text["buyer_id"]):
            raise ValidationError({"buyer": ["is not the buyer of buyer_id"]})
        said = Said(
            data["type"],
            text["reason"] or None,
            text["buyer_id"] or text["buyer"],
            data.get("duplicate_of"),
            text["note"] or None,
            data.get("at"),
            data.get("value"),
            data.get("currency"),
        )
        if faults := contradictions(said):
            raise ValidationError({name: [fault] for name, fault in faults.items()})
        return said


def contradictions(said: Said) -> dict[str, str]:
    """Return by field what cannot be said together."""
    faults = {}
    if (said.value is None) != (said.currency is None):
        faults["currency"] = "belongs to a value, and a value needs one"
    if said.type == RETURN:
        if said.value is not None:
            faults["value"] = "belongs to a conversion"
        if said.reason is None:
            faults["reason"] = "must say why the lead is returned"
    if said.type == CONVERSION:
        if said.duplicate_of is not None:
            faults["duplicate_of"] = "belongs to a return"
        if said.reason is not None and not WORD.fullmatch(said.reason):
            faults["reason"] = "must be a word of a-z, 0-9 and _"
    return faults


class FeedbackPlace(Form):
    """Where one word on a lead is found."""

    lead_id = fields.UUID(required=True, metadata={"description": "The lead's `id`."})
    feedback_id = fields.UUID(required=True, metadata={"description": "The feedback's `id`."})


class LeadPlace(Form):
    """Where one lead is found."""

    lead_id = fields.UUID(required=True, metadata={"description": "The lead's `id`."})


class FeedbackPage(Account):
    """Which part of what was said of a lead, and whose."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )


class RatesQuery(Account):
    """Of which leads the rates are asked for, and whose."""

    source_id = Name("Of this source alone; absent, of each.", longest=LONGEST_SOURCE_ID)
    buyer_id = Name("Of deals with this buyer alone; absent, of all.", longest=LONGEST_NAME)
    first = fields.Date(
        data_key="from",
        validate=validate.Range(min=EARLIEST, max=LATEST, error="is no day of ours"),
        metadata={"description": "The first day (UTC) of receipt; absent, 30 days up to `to`."},
    )
    last = fields.Date(
        data_key="to",
        validate=validate.Range(min=EARLIEST, max=LATEST, error="is no day of ours"),
        metadata={"description": "The last day, included; absent, today."},
    )
    by = fields.String(
        load_default="source",
        validate=validate.OneOf(("source", "buyer"), error="must be one of source, buyer"),
        metadata={"description": "A row each source, or each source and buyer."},
    )
    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many rows at most: those with the most leads."},
    )

    @post_load
    def asked(self, data: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Return the period and the limit. Raises ValidationError for a period that is none."""
        last = data.get("last") or datetime.now(UTC).date()
        first = data.get("first") or max(EARLIEST, last - USUAL_PERIOD + timedelta(days=1))
        if first > last:
            raise ValidationError({"from": ["lies after to"]})
        if last - first >= LONGEST_PERIOD:
            raise ValidationError({"from": [f"lies over {LONGEST_PERIOD.days} days before to"]})
        source_id, buyer_id = data.get("source_id") or None, data.get("buyer_id") or None
        by_buyer = data["by"] == "buyer"
        return {"asked": Asked(first, last, source_id, buyer_id, by_buyer), "limit": data["limit"]}
