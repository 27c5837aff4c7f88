"""What reviewers ask of the desk, and what they get back; the API description shows both."""

from typing import Any

from marshmallow import fields, post_load, validate

from services.dedup.answer_schema import (
    ACTIONS,
    REASONS,
    RiskAssessment,
    identifier,
    share,
    text,
    truth,
    words,
)
from services.dedup.desk_store import STATUSES
from services.dedup.relation import RELATIONS
from services.dedup.scan.review_schema import ScanNamed, Scanned
from shared.answers import Stamped
from shared.fields import Form, Text
from shared.lead_fields import FIELDS
from shared.web.auth import LONGEST_USER_ID

VERDICTS = ("duplicate", "different", "unsure")
"""What a reviewer may say (contract, section 4)."""

LONGEST_REASON = 2000
"""Characters of a reviewer's reason."""

PAGE = 50
"""Reviews in one answer, unless the caller asks for another number."""

LONGEST_PAGE = 100
"""Reviews in one answer at most."""


class DecisionPlace(Form):
    """Where one decision is found."""

    decision_id = fields.UUID(
        required=True, metadata={"description": "The `decision_id` of a check's answer."}
    )


class ReviewPlace(Form):
    """Where one review is found."""

    review_id = fields.UUID(
        required=True, metadata={"description": "The `review_id` of a check's answer."}
    )


class ReviewPage(ScanNamed):
    """Which reviews are asked for."""

    status = fields.String(
        load_default="open",
        validate=validate.OneOf(STATUSES, error=f"must be one of {', '.join(STATUSES)}"),
        metadata={"description": "`open` ones, `settled` ones or `all`; an unsure one is open."},
    )
    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many reviews at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the oldest come first."},
    )


class Reasoned(Form):
    """What a reviewer says of a review."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )
    reason = Text(
        "Why, in words; kept encrypted, for those who review.",
        longest=LONGEST_REASON,
        examples=["Same direct line; the name is her married name."],
    )

    @post_load
    def stripped(self, data: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Return what was said; a blank reason is none."""
        return data | {"reason": (data.get("reason") or "").strip() or None}


class VerdictGiven(Reasoned):
    """A reviewer's verdict."""

    verdict = fields.String(
        required=True,
        validate=validate.OneOf(VERDICTS, error=f"must be one of {', '.join(VERDICTS)}"),
        metadata={
            "description": "`duplicate` makes the lead, and every record of the person it stood "
            "for, records of the known person; `different` leaves it a person of its own; "
            "`unsure` is noted and leaves the review open.",
            "examples": ["duplicate"],
        },
    )


class StoredEvidence(Form):
    """One comparison of two leads as it was stored."""

    comparison = text("What was compared.")
    level = text("How it came out.")
    weight = fields.Float(
        required=True,
        metadata={"description": "Match weight: log2 odds for (or against) one person."},
    )
    explanation = text(
        "The same in a sentence; null for a level that today's model does not know.",
        allow_none=True,
    )
    values = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={
            "description": "What the sentence rests on: how many `people` share it, what `share` "
            "is left of the weight after how many `days`, whether it was said `elsewhere`."
        },
    )


class StoredRisk(RiskAssessment):
    """The risk of a lead as it was stored."""

    risk_level = words("Its level.", ("low", "medium", "high"))


class Weighed(Form):
    """What a decision rests on."""

    match_probability = share("The probability that both leads are of one person.")
    model_version = text("The model that weighed.")
    relation = words(
        "How the people of the two leads are related; null without a known lead, or if it was not "
        "stored.",
        RELATIONS,
        allow_none=True,
    )
    prior_weight = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "Log2 odds before any evidence."},
    )
    evidence = fields.List(
        fields.Nested(StoredEvidence),
        required=True,
        metadata={"description": "Every comparison made with the likeliest known lead."},
    )
    counterfactual = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "What else would have been decided if one thing had differed."},
    )
    risk = fields.Nested(
        StoredRisk, required=True, metadata={"description": "Risk, apart from duplicates."}
    )


class Decision(Weighed):
    """One decision."""

    decision_id = identifier("This decision.")
    lead_id = identifier("The lead that was decided.")
    action_taken = words("The verdict.", [action.action_taken for action in ACTIONS])
    blocking_reason = words("Why it was not let through.", REASONS, allow_none=True)
    compared_with = identifier(
        "The likeliest known lead; it may have been erased since.", allow_none=True
    )
    decided_at = fields.AwareDateTime(
        required=True, metadata={"description": "When it was decided: ISO 8601, UTC."}
    )
    check_skipped = truth("The lead was let pass unchecked: this decision compared nothing.")


class DecisionAnswer(Stamped):
    """One decision as it was taken then."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    decision = fields.Nested(
        Decision, required=True, metadata={"description": "The decision and its evidence."}
    )


class ReviewedLead(Form):
    """A lead that is being reviewed."""

    lead_id = identifier("The lead.")
    source_id = text("The form, campaign or import that it came from.")
    status = text("The lead's status.")
    submitted_at = fields.AwareDateTime(
        required=True, metadata={"description": "When it was sent: ISO 8601, UTC."}
    )
    duplicate_of = identifier(
        "The first lead of the same person, as things stand; null if it is this one.",
        allow_none=True,
    )
    fields_ = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        data_key="fields",
        metadata={
            "description": "What the lead said, as far as the privacy mode shows it; `message` "
            "only where one review is asked for."
        },
    )
    withheld = fields.List(
        fields.String(validate=validate.OneOf(FIELDS)),
        required=True,
        metadata={"description": "Fields that it gave and that the privacy mode does not show."},
    )


class ReviewSummary(Weighed, Scanned):
    """A flagged lead beside the known lead that it may be a duplicate of."""

    review_id = identifier("This review.")
    status = words("An unsure verdict leaves it open.", ("open", "settled"))
    verdict = words("What a reviewer said.", VERDICTS, allow_none=True)
    opened_at = fields.AwareDateTime(
        required=True, metadata={"description": "When the lead was flagged: ISO 8601, UTC."}
    )
    judged_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When the verdict was given: ISO 8601, UTC."},
    )
    judged_by = text("The prefix of the reviewer's API key, or `local`.", allow_none=True)
    lead_id = identifier("The flagged lead.")
    decision_id = identifier("The decision that flagged it.")
    blocking_reason = words("Why it was flagged.", REASONS, allow_none=True)
    lead = fields.Nested(ReviewedLead, required=True, metadata={"description": "The flagged lead."})
    known_lead = fields.Nested(
        ReviewedLead,
        required=True,
        allow_none=True,
        metadata={
            "description": "The likeliest known lead; null if there is none, or no more. Only "
            "with one can the verdict be `duplicate`."
        },
    )


class ReviewEntry(Form):
    """One entry of a review's audit."""

    verdict = words("What was said.", (*VERDICTS, "reopened"))
    judged_by = text("The prefix of the reviewer's API key, or `local`.")
    judged_at = fields.AwareDateTime(
        required=True, metadata={"description": "When: ISO 8601, UTC."}
    )
    reason = text("Why, in the reviewer's words.", allow_none=True)


class ReviewDetails(ReviewSummary):
    """A review with all that was judged so far."""

    history = fields.List(
        fields.Nested(ReviewEntry),
        required=True,
        metadata={"description": "Every verdict, and every time one was taken back, in order."},
    )


class ReviewsAnswer(Stamped):
    """A page of reviews, oldest first."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = fields.Integer(required=True, metadata={"description": "Reviews on this page."})
    reviews = fields.List(
        fields.Nested(ReviewSummary), required=True, metadata={"description": "The reviews."}
    )
    next_after = identifier(
        "What to send as `after` for the next page; null on the last.", allow_none=True
    )


class ReviewAnswer(Stamped):
    """One review."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    review = fields.Nested(
        ReviewDetails, required=True, metadata={"description": "The review as it stands."}
    )


class SettledAnswer(ReviewAnswer):
    """One review after something was said of it."""

    changed = truth("False if it stood so already.")
