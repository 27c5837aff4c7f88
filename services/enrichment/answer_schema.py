"""What callers get back of enrichment; the API description shows it."""

from typing import Any

from marshmallow import fields, validate

from services.enrichment.conflicting import MOST_CONFLICTS
from services.enrichment.finding import MOST_FINDINGS
from services.enrichment.outcome import STATUSES
from services.enrichment.permitting import BASES
from services.enrichment.run_store import MOST_RUNS
from shared.answers import Stamped
from shared.fields import Form

MOST_PROVIDERS = 50
"""More than there will be."""


def _text(meaning: str, **options: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": meaning}, **options)


def _moment(meaning: str, **options: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, metadata={"description": meaning}, **options)


def _truth(meaning: str) -> fields.Boolean:
    return fields.Boolean(required=True, metadata={"description": meaning})


def _many(inner: Any, most: int, meaning: str) -> fields.List:
    return fields.List(
        inner,
        required=True,
        validate=validate.Length(max=most),
        metadata={"description": meaning},
    )


class FindingShown(Form):
    """One thing that a provider says."""

    field = _text("What it is about: the lead's own field where it has one.")
    value = _text("What it says.")
    provider = _text("Who says so.")
    source_url = _text("Where it can be read, if it is from an address.", allow_none=True)
    note = _text("What should be known of it.", allow_none=True)
    personal = _truth("True if it is about the person rather than a company or a mailbox.")
    found_at = _moment("When it was last found: ISO 8601, UTC.")
    first_seen_at = _moment("When this provider first said so.")
    expires_at = _moment("When it is deleted, unless it is found again.")


class FindingConflict(Form):
    """The person gave something else. What they gave stands."""

    field = _text("Of the lead.")
    given = _text("What the person gave.")
    found = _text("What the provider says.")
    provider = _text("Who says so.")


class ProviderOutcome(Form):
    """What became of asking a provider."""

    status = _text(
        "`answered`, though perhaps with nothing; `not_applicable`: there was nothing to ask; "
        "`refused`: it may not be asked about this person; `unavailable`: it did not answer.",
        validate=validate.OneOf(STATUSES),
    )
    message = _text("Why, where it did not answer.", allow_none=True)
    findings = fields.Integer(
        required=True,
        validate=validate.Range(min=0, max=MOST_FINDINGS),
        metadata={"description": "How many it had."},
    )


class BasisShown(Form):
    """The lawful basis that a caller put on record."""

    basis = _text("GDPR Art. 6(1).", validate=validate.OneOf(BASES))
    note = _text("Why it holds, in their words.", allow_none=True)


class RunShown(Form):
    """One asking of providers about the lead."""

    id = fields.UUID(required=True, metadata={"description": "This run."})
    asked_at = _moment("When: ISO 8601, UTC.")
    asked_by = _text("The prefix of an API key, or `local`.")
    lawful_basis = fields.Nested(
        BasisShown,
        required=True,
        allow_none=True,
        metadata={"description": "The basis that was named; null: none."},
    )
    providers = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(ProviderOutcome),
        required=True,
        metadata={"description": "What became of each provider, by its name."},
    )
    ended_at = _moment("Null while it goes on.", allow_none=True)


def _by_provider() -> fields.Dict:
    return fields.Dict(
        keys=fields.String(),
        values=fields.List(
            fields.Nested(FindingShown), validate=validate.Length(max=MOST_FINDINGS)
        ),
        required=True,
        metadata={"description": "What is held of the lead, by provider."},
    )


class EnrichmentHeld(Stamped):
    """What is held of a lead beside what the person gave."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    lead_id = fields.UUID(required=True, metadata={"description": "The lead."})
    data_sources = _many(fields.String(), MOST_PROVIDERS, "The providers that found something.")
    enrichment_data = _by_provider()
    conflicts = _many(
        fields.Nested(FindingConflict),
        MOST_CONFLICTS,
        "Where a provider says otherwise than the person, whose word stands.",
    )


class EnrichAnswer(EnrichmentHeld):
    """What was found of a lead."""

    enriched = _truth("True if any provider found something now.")
    run_id = fields.UUID(required=True, metadata={"description": "This run."})
    providers = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(ProviderOutcome),
        required=True,
        metadata={"description": "What became of each provider, by its name."},
    )
    message = _text("Why nothing was found; null if something was.", allow_none=True)


class EnrichmentAnswer(EnrichmentHeld):
    """What is held of a lead, and who asked for it."""

    runs = _many(fields.Nested(RunShown), MOST_RUNS, "The latest first.")
    withheld = _text(
        "Why findings are not shown, where the person withdrew or objected; else null.",
        allow_none=True,
    )


class EnrichmentDeleted(Stamped):
    """What is held no more."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    lead_id = fields.UUID(required=True, metadata={"description": "The lead, which stays."})
    findings_deleted = fields.Integer(
        required=True,
        validate=validate.Range(min=0),
        metadata={"description": "How many findings went."},
    )


class ProviderShown(Form):
    """Somebody who can be asked."""

    name = _text("For `providers`.")
    title = _text("For people.")
    purpose = _text("What it is asked for.")
    personal = _truth("True if it looks up persons, which needs a lawful basis on record.")
    needs = _many(fields.String(), MOST_PROVIDERS, "What of a lead it is told.")


class ProvidersAnswer(Stamped):
    """Who can be asked."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = fields.Integer(
        required=True, validate=validate.Range(min=0), metadata={"description": "How many."}
    )
    providers = _many(fields.Nested(ProviderShown), MOST_PROVIDERS, "In the order of answers.")
