"""What callers get back from the duplicate check; the API description shows it.

Nothing is loaded with these schemas: tests hold real answers against them, both ways.
"""

from typing import Any

from marshmallow import fields, validate

from services.dedup import decision, model, risk
from services.dedup.answer import CHECKS
from services.dedup.counterfactual import CHANGES
from services.dedup.relation import RELATIONS
from services.dedup.trade import standing
from services.dedup.trade.standing_schema import Trade
from shared.answers import Fault, Stamped
from shared.fields import Either, Form

ACTIONS = (decision.ALLOW, decision.REVIEW, decision.REJECT)

LEVELS = sorted({level for levels in model.WEIGHTS.values() for level in levels})

REASONS = (
    "duplicate",
    "possible_duplicate",
    "high_risk",
    "velocity_limit",
    "form_spam",
    *standing.REASONS,
)
"""Why a lead is not simply let through."""


def text(meaning: str, **options: Any) -> fields.String:
    """Return a field that is always there; text, or null where *options* allow it."""
    return fields.String(required=True, metadata={"description": meaning}, **options)


def words(meaning: str, choices: Any, **options: Any) -> fields.String:
    """Return a field that holds one of *choices*."""
    return text(meaning, validate=validate.OneOf(tuple(choices)), **options)


def identifier(meaning: str, **options: Any) -> fields.UUID:
    """Return a field that holds the UUID of something."""
    return fields.UUID(required=True, metadata={"description": meaning}, **options)


def share(meaning: str, required: bool = True) -> fields.Float:
    """Return a field that holds a number in [0, 1]."""
    return fields.Float(
        required=required,
        validate=validate.Range(min=0, max=1),
        metadata={"description": meaning},
    )


def truth(meaning: str) -> fields.Boolean:
    """Return a field that is true or false."""
    return fields.Boolean(required=True, metadata={"description": meaning})


class RiskFactors(Form):
    """The factors that apply, each with the risk it would be by itself."""

    disposable_email = share("The mailbox is of a throw-away provider.", required=False)
    personal_email = share("The mailbox is of a provider for private people.", required=False)
    bulk_submission_pattern = share(
        f"{risk.BULK_LEADS} leads or more of one name and company within a minute, each with "
        "other contact data.",
        required=False,
    )
    same_ip_multiple_leads = share(
        f"{risk.SAME_IP_LEADS} leads or more from one address within an hour.", required=False
    )
    form_spam_indicators = share(
        "Filled honeypot, links where none belong, or a form filled in under "
        f"{risk.HASTY_FILL_MS} ms.",
        required=False,
    )
    velocity_anomaly = share(
        f"More than {risk.VELOCITY_LIMIT} leads a minute from one address.", required=False
    )
    incomplete_data = share(f"Completeness below {risk.COMPLETE}.", required=False)
    suspicious_format = share("A placeholder for a name or company.", required=False)
    invalid_format = share("An email or a phone that cannot be one.", required=False)


class RiskAssessment(Form):
    """How much the submission looks like a machine's or a joker's."""

    risk_score = share("The factors combined as probabilities: 1 - product of (1 - factor).")
    risk_factors = fields.Nested(
        RiskFactors, required=True, metadata={"description": "The factors that apply."}
    )


class CheckPerformed(Form):
    """The strongest finding of one check over all known leads that came into question."""

    type = words("Which check.", CHECKS)
    confidence = share("How sure this check alone is; 0 where it found nothing.")
    matched_lead_id = identifier("The lead it was found on.", allow_none=True)


class Evidence(Form):
    """One comparison of the two leads, and what it weighs."""

    comparison = words("What was compared.", model.WEIGHTS)
    level = words("How it came out.", LEVELS)
    weight = fields.Float(
        required=True,
        metadata={"description": "Match weight: log2 odds for (or against) one person."},
    )
    explanation = text("The same in a sentence.")


class Otherwise(Form):
    """The least that would have to be otherwise for another action."""

    fields_ = fields.List(
        fields.String(),
        required=True,
        data_key="fields",
        metadata={"description": "The fields of the lead that would have to be otherwise."},
    )
    change = words("Whether they would differ from, or agree with, the known lead's.", CHANGES)
    match_probability = share(
        "The match probability then; where it depends on what the fields say instead, the one "
        "that is nearest to this decision's."
    )
    action_taken = words("The verdict then.", [action.action_taken for action in ACTIONS])
    explanation = text("The same in a sentence.")


class MatchDetails(Form):
    """The evidence: prior and weights add up to the log2 odds of the match probability."""

    lead_id = identifier(
        "The likeliest known lead; null if it is part of the same dry run.", allow_none=True
    )
    match_probability = share("The probability that both leads are of one person.")
    model_version = text("The model that weighed.")
    relation = words("How the people of the two leads are related.", RELATIONS)
    counterfactual = fields.Nested(
        Otherwise,
        required=True,
        allow_none=True,
        metadata={"description": "What would change the verdict; null if risk decided."},
    )
    prior_weight = fields.Float(
        required=True, metadata={"description": "Log2 odds before any evidence."}
    )
    evidence = fields.List(
        fields.Nested(Evidence), required=True, metadata={"description": "Every comparison made."}
    )


class Thresholds(Form):
    """The match probabilities from which something happens, of the source's policy."""

    flag = share("From here on a lead is a possible duplicate.")
    block = share("From here on it is a duplicate.")


class LeadValidation(Form):
    """What the lead gives, and whether it can be right."""

    email_valid = truth("The email can be one.")
    phone_valid = truth("The phone number exists in its country's plan.")
    company_provided = truth("A company is given.")
    name_provided = truth("Any name is given.")
    completeness_score = fields.Integer(
        required=True,
        validate=validate.Range(min=0, max=100),
        metadata={"description": f"A fifth each for {', '.join(risk.REQUIRED)}."},
    )


class CheckFindings(Form):
    """What the duplicate check found, and what should happen to the lead."""

    success = fields.Boolean(
        required=True,
        validate=validate.Equal(True),
        metadata={"description": "The request was answered; the verdict is in `action_taken`."},
    )
    duplicate_check_complete = truth("The lead was compared with every candidate.")
    action_taken = words("The verdict.", [action.action_taken for action in ACTIONS])
    prevention_action = words(
        "What the workflow does next.", [action.prevention_action for action in ACTIONS]
    )
    duplicate_found = truth(
        "The match probability is `policy.flag` or more; risk alone never sets it."
    )
    reengagement = truth(
        "The person is known, was silent for as long as the policy says, and is let through again."
    )
    confidence_score = share("The match probability of the likeliest known lead.")
    policy = fields.Nested(
        Thresholds,
        required=True,
        allow_none=True,
        metadata={"description": "What it was decided by; null if the check was skipped."},
    )
    risk_level = words(
        f"low below {risk.MEDIUM}, high from {risk.HIGH}.", ("low", "medium", "high")
    )
    risk_assessment = fields.Nested(
        RiskAssessment, required=True, metadata={"description": "Risk, apart from duplicates."}
    )
    checks_performed = fields.List(
        fields.Nested(CheckPerformed),
        required=True,
        metadata={"description": "Every check, with its strongest finding."},
    )
    lead_id = identifier(
        "This lead, under the id it is or will be stored under; null in a dry run.",
        allow_none=True,
    )
    duplicate_of = identifier(
        "The first lead of the same person, if one was found; null if that one is part of the "
        "same dry run.",
        allow_none=True,
    )
    decision_id = identifier(
        "This decision, with its evidence; null where it is yet to be taken, and in a dry run.",
        allow_none=True,
    )
    match_details = fields.Nested(
        MatchDetails,
        required=True,
        allow_none=True,
        metadata={
            "description": "Why it is, or may be, a duplicate; with `options.explain` also why not."
        },
    )
    lead_validation = fields.Nested(
        LeadValidation, required=True, metadata={"description": "What the lead gives."}
    )
    manual_review_required = truth("A person has to look at it.")
    review_id = identifier(
        "The review to settle, if there is one; null in a dry run.", allow_none=True
    )
    blocking_reason = words("Why it was flagged or rejected.", REASONS, allow_none=True)
    trade = fields.Nested(
        Trade,
        required=True,
        allow_none=True,
        metadata={"description": "What the terms of the trade say; null where they say nothing."},
    )
    next_steps = fields.List(
        fields.String(), required=True, metadata={"description": "What to do now, in sentences."}
    )
    dry_run = truth("Nothing was stored: this is what the lead would be answered.")
    check_skipped = truth("The lead is kept; its check could not run and follows.")
    degraded = truth("The database is away: the lead waits, durably, to be stored.")
    receipt_id = identifier("The receipt of a lead whose check follows.", allow_none=True)
    processing_time_ms = fields.Float(
        required=True,
        validate=validate.Range(min=0),
        metadata={"description": "What the check took, in milliseconds; measured."},
    )


class CheckAnswer(CheckFindings, Stamped):
    """The verdict on one lead."""


class ItemRefused(Form):
    """What was wrong with one item of a batch."""

    success = fields.Boolean(required=True, validate=validate.Equal(False))
    error = fields.Nested(Fault, required=True)


class Received(Stamped):
    """A page's lead was received: the same for every lead, whoever it is."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    receipt_id = identifier("Names the request; a retry under one `Idempotency-Key` has the same.")
    next_steps = fields.List(
        fields.String(), required=True, metadata={"description": "What to do now."}
    )


class BatchAnswer(Stamped):
    """One result an item, in the order sent."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    results = fields.List(
        Either((CheckFindings, ItemRefused)),
        required=True,
        metadata={"description": "The verdict on each lead, or why there is none."},
    )
