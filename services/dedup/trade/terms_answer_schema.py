"""What callers may ask of terms, and what they get back."""

from typing import Any

from marshmallow import fields, validate

from services.dedup.schema import LONGEST_SOURCE_ID
from services.dedup.trade.deal import LONGEST_NAME
from services.dedup.trade.terms import ORDER
from services.dedup.trade.terms_schema import (
    MOST_CAPS,
    MOST_OPENINGS,
    MOST_REASONS,
    MOST_RULES,
    LeadCap,
    LookbackRule,
    Open,
    TermsSettings,
)
from shared.answers import Stamped
from shared.fields import Form, Name
from shared.web.query import Account

PAGE, LONGEST_PAGE = 100, 1000
"""Scopes in one answer: unless the caller asks for another number, and at most."""

LONGEST_AFTER = 8192
"""Characters of a page's mark: three names, however they are spelled."""


class Whose(Account):
    """Which terms are asked for; without a name the account's own."""

    source_id = Name("Terms for leads of this source; absent, of any.", longest=LONGEST_SOURCE_ID)
    buyer_id = Name("Terms for leads offered to this buyer; absent, to any.", longest=LONGEST_NAME)
    campaign_id = Name("Terms for leads of this campaign; absent, of any.", longest=LONGEST_NAME)


class LeadOf(Account):
    """A lead for which it is asked what would hold."""

    source_id = Name("The lead's source.", longest=LONGEST_SOURCE_ID)
    buyer_id = Name("Whom it would be offered to; absent, nobody.", longest=LONGEST_NAME)
    campaign_id = Name("Its campaign; absent, none.", longest=LONGEST_NAME)


class ScopePage(Account):
    """Which part of the list of scopes."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many scopes at most."},
    )
    after = fields.String(
        load_default=None,
        validate=validate.Length(min=1, max=LONGEST_AFTER),
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )


def _name(meaning: str) -> fields.String:
    return fields.String(
        required=True, allow_none=True, metadata={"description": f"{meaning}; null is any."}
    )


class Scoped(Form):
    """Three names, each of which may be any."""

    source_id = _name("The source")
    buyer_id = _name("The buyer")
    campaign_id = _name("The campaign")


class ScopeTerms(Scoped):
    """What is set for one scope."""

    terms = fields.Nested(
        TermsSettings, required=True, metadata={"description": "What is set for this scope."}
    )
    changed_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When it was set; null if nothing is."},
    )
    changed_by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The prefix of the API key that set it, or `local`."},
    )


class TermsAnswer(Stamped, ScopeTerms):
    """The terms of one scope."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))


class ScopesAnswer(Stamped):
    """Every scope for which terms are set."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = fields.Integer(required=True, metadata={"description": "Scopes in this answer."})
    scopes = fields.List(
        fields.Nested(ScopeTerms),
        required=True,
        validate=validate.Length(max=LONGEST_PAGE),
        metadata={"description": "In the order of their names, any first."},
    )
    next_after = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The `after` of the next page; null if this is the last."},
    )


class Origin(Scoped):
    """Whose a setting is."""

    of = fields.String(
        required=True,
        validate=validate.OneOf(("source", "buyer", "campaign", "account")),
        metadata={"description": "In a word; of several names the one that counts most."},
    )


class CapsThatHold(Origin):
    """The caps of one scope."""

    caps = fields.List(
        fields.Nested(LeadCap),
        required=True,
        validate=validate.Length(max=MOST_CAPS),
        metadata={"description": "They count every lead let through under that scope."},
    )


class TermsThatHold(Form):
    """What would hold; what nobody set is absent."""

    lookback = fields.List(
        fields.Nested(LookbackRule),
        validate=validate.Length(max=MOST_RULES),
        metadata={"description": "When a lead comes too early."},
    )
    schedule = fields.List(
        fields.Nested(Open),
        validate=validate.Length(max=MOST_OPENINGS),
        metadata={"description": "When leads are taken."},
    )
    zone = fields.String(metadata={"description": "The time zone of caps and schedule."})
    return_days = fields.Integer(metadata={"description": "Days for a return."})
    return_reasons = fields.List(
        fields.String(),
        validate=validate.Length(max=MOST_REASONS),
        metadata={"description": "For which reasons."},
    )


def _origin() -> Any:
    return fields.Nested(Origin, metadata={"description": "The scope that set it."})


class Origins(Form):
    """By setting, whose it is."""

    lookback = _origin()
    schedule = _origin()
    zone = _origin()
    return_days = _origin()
    return_reasons = _origin()


class EffectiveAnswer(Stamped, Scoped):
    """What would hold for a lead, and whose each setting is."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    effective = fields.Nested(
        TermsThatHold, required=True, metadata={"description": "Of each setting that which holds."}
    )
    origin = fields.Nested(
        Origins, required=True, metadata={"description": "Where each setting comes from."}
    )
    caps = fields.List(
        fields.Nested(CapsThatHold),
        required=True,
        validate=validate.Length(max=len(ORDER)),
        metadata={"description": "Caps hold of every scope that concerns the lead."},
    )
