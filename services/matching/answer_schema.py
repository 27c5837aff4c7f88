"""What callers get back of matching; the API description shows it.

Nothing is loaded with these schemas: tests hold real answers against them.
"""

from typing import Any

from marshmallow import fields, validate

from services.matching.becoming import STATUSES
from services.matching.catalogue_answer_schema import (
    identifier,
    many,
    moment,
    number,
    succeeded,
    text,
    thing,
    truth,
    weighed,
    whole,
)
from services.matching.criteria import CRITERIA
from shared.answers import Fault, Stamped
from shared.fields import Form

CONFIDENCE = ("low", "medium", "high")
"""As in the contract, section 3."""

PRIORITIES = ("low", "medium", "high", "urgent")
"""As in the contract, section 3."""


def points(meaning: str, most: float = 100) -> fields.Float:
    """Return a field for 0 to *most*."""
    return fields.Float(
        required=True,
        validate=validate.Range(min=0, max=most),
        metadata={"description": meaning},
    )


class IntervalShown(Form):
    """Between which scores the match lies, whatever the fields that are missing may say."""

    low = points("The least.")
    high = points("The most.")


class ScoredShown(Form):
    """How well a lead and a service fit."""

    match_score = points(
        "What it is expected to be: the sum of the points, or, of a service with `weights` of its "
        "own, of weight times score by 100."
    )
    score_interval = thing("As wide as the lead is unknown.", IntervalShown)
    confidence_level = text("How sure it is.", validate=validate.OneOf(CONFIDENCE))
    priority = text("How soon it asks for somebody.", validate=validate.OneOf(PRIORITIES))


_Parts: Any = ScoredShown.from_dict(
    {
        **{f"{c.name}_points": points(f"Of {c.most:g}.", c.most) for c in CRITERIA},
        **{f"{c.name}_score": points("The same as 0 to 100.") for c in CRITERIA},
    }
)


class MatchShown(_Parts):
    """A service for a lead."""

    match_id = identifier("Names the match that is kept; null where none is.", allow_none=True)
    service_id = identifier("The service.")
    service_name = text("What people call it.")
    service_type = text("What kind of service it is.")
    provider_name = text("Who provides it.", allow_none=True)
    service_version = whole("The version that was compared.")
    weights = weighed()
    reasons = many(fields.String(), "What was compared, what counts most first.")


class OfferShown(MatchShown):
    """A service for a lead, and whether it has room for it today."""

    capacity_left = whole("Leads that it may still be given today; null: any.", allow_none=True)
    available = truth("False: it is full today; it stays eligible.")


class AssignedShown(Form):
    """To which service the lead was given."""

    service_id = identifier("The service.")
    service_name = text("What people call it.")
    provider_name = text("Who provides it.", allow_none=True)
    match_id = identifier("The match of the two.")
    match_score = points("What it scored then.")
    day = fields.Date(required=True, metadata={"description": "The provider's day."})
    capacity_left = whole("What it then had left that day; null: any.", allow_none=True)
    given_at = moment("When: ISO 8601, UTC.")


class IneligibleShown(Form):
    """A service that the lead cannot have."""

    service_id = identifier("The service.")
    service_name = text("What people call it.")
    reason = text("Why, with the values compared.")


class QuestionShown(Form):
    """The question whose answer would change the order of services most."""

    field = text("The field that is asked for.")
    question = text("How to ask.")
    options = many(fields.String(), "Answers that were tried.")
    expected_change = number("Pairs of services that are expected to change order.")
    pairs = whole("Pairs there are.")


class Matched(Form):
    """The services for one lead."""

    success = succeeded()
    matches_count = whole("Matches in this answer.")
    eligible_count = whole("Services that may have the lead.")
    matches = many(fields.Nested(OfferShown), "The best first; of equal ones by service id.")
    ineligible_count = whole("Services that may not.")
    ineligible = many(fields.Nested(IneligibleShown), "Up to 1,000 of these, by id, and why.")
    ask_next = thing(
        "What to ask the lead next; null where no answer would change anything.",
        QuestionShown,
        allow_none=True,
    )
    assigned = fields.Nested(
        AssignedShown,
        allow_none=True,
        metadata={"description": "With `assign`: who got the lead; null: nobody."},
    )
    not_assigned_because = fields.String(
        allow_none=True,
        metadata={"description": "With `assign`: why nobody did; null where somebody did."},
    )


class MatchAnswer(Stamped, Matched):
    """The services for one lead; nothing was kept, unless it was to be given to one."""

    not_understood = many(fields.String(), "Fields of the lead that said nothing to us.")


class KeptAnswer(Stamped, Matched):
    """The services for one stored lead; its matches were kept."""

    lead_id = identifier("The lead.")


class LeadAnswered(Form):
    """The answer to one lead of a batch: what a single request would answer, or its error."""

    id = fields.Raw(required=True, metadata={"description": "Its `id` as it was sent, or null."})
    success = truth("False: see `error`.")
    error = fields.Nested(Fault, metadata={"description": "What is wrong with this lead."})


class BatchAnswer(Stamped):
    """The answers of a batch."""

    success = succeeded()
    results = many(
        fields.Nested(LeadAnswered),
        "One a lead, in the order sent; one's fault never fails others.",
    )


class KeptMatch(MatchShown):
    """A match that was kept."""

    match_id = identifier("Names it.")
    lead_id = identifier("The lead.")
    outdated = truth("True if the service was changed since.")
    status = text("What became of it.", validate=validate.OneOf(STATUSES))
    eligible = truth("False: the latest scoring found the service out of question.")
    first_matched_at = moment("When the two were first matched: ISO 8601, UTC.")
    matched_at = moment("When they were last.")
    status_changed_at = moment("When it got its status.")


class MatchesAnswer(Stamped):
    """The kept matches of a lead."""

    success = succeeded()
    lead_id = identifier("The lead.")
    count = whole("Matches in this answer.")
    matches = many(fields.Nested(KeptMatch), "The best first.")


class StatusChangeShown(Form):
    """What somebody said became of a match."""

    before = text("The status before.")
    after = text("The status since.")
    notes = text("What was said of it.", allow_none=True)
    changed_at = moment("When.")
    changed_by = text("Who said so.")


class ScoringShown(Form):
    """What a match once scored."""

    service_version = whole("The version that was compared.")
    match_score = number("null: out of question.", allow_none=True)
    score_low = number("The least that it could have been.", allow_none=True)
    score_high = number("The most.", allow_none=True)
    scored_at = moment("When.")


class HistoryAnswer(Stamped):
    """A match and what became of it."""

    success = succeeded()
    match = thing("As it stands.", KeptMatch)
    status_history = many(
        fields.Nested(StatusChangeShown), "The latest first.", validate=validate.Length(max=100)
    )
    score_history = many(
        fields.Nested(ScoringShown),
        "Where it changed by a point; the latest first.",
        validate=validate.Length(max=100),
    )


class StatusAnswer(Stamped):
    """A match that has a status."""

    success = succeeded()
    match_id = identifier("The match.")
    status = text("Its status.", validate=validate.OneOf(STATUSES))
    changed = truth("False: it was like this, and nothing was said of it.")
    match = thing("As it stands.", KeptMatch)


class LeadShort(Form):
    """What of a lead may be listed without opening what it said."""

    status = text("What became of the lead.")
    place = text("Its town.", allow_none=True)
    admin1 = text("The region's code.", allow_none=True)
    country = text("ISO 3166-1 alpha-2.", allow_none=True)
    industry = text("Its trade.", allow_none=True)
    industry_code = text("NAICS 2022.", allow_none=True)
    company_size = text("small, medium, large or enterprise.", allow_none=True)
    lead_type = text("consumer or business.", allow_none=True)
    lead_category = text("What it is about.", allow_none=True)
    signal_strength = points("How strong its signals are.")
    intent_score = points("How much they speak of the wish to buy.")


class RankedShown(_Parts):
    """A lead of a service, as it scores now."""

    lead_id = identifier("The lead.")
    match_id = identifier("The match of the two; null where none is kept.", allow_none=True)
    service_version = whole("The version that was compared.")
    weights = weighed()
    reasons = many(fields.String(), "What was compared, what counts most first.")
    status = text(
        "What became of the match; null where none is kept.",
        validate=validate.OneOf(STATUSES),
        allow_none=True,
    )
    outdated = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "True if the service was changed since they were matched."},
    )
    matched_at = moment("When the two were last matched; null: never.", allow_none=True)
    lead = thing("What may be known of it here.", LeadShort)


class RankedAnswer(Stamped):
    """The leads of a service, the best first."""

    success = succeeded()
    service_id = identifier("The service.")
    count = whole("Leads on this page.")
    leads = many(fields.Nested(RankedShown), "The best first; of equal ones by id.")
    next_after = text(
        "What to send as `after` for the next page; null on the last.", allow_none=True
    )
