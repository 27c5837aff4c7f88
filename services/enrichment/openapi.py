"""What the API description says of enrichment, with examples that work."""

from services.enrichment.answer_schema import (
    EnrichAnswer,
    EnrichmentAnswer,
    EnrichmentDeleted,
    ProvidersAnswer,
)
from services.enrichment.crossing_openapi import CROSSING_OPERATIONS
from services.enrichment.schema import EnrichedLead, EnrichOrder
from shared.web.operation import JSON, READING, STORING, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery"

ENRICH = f"{PATH}/leads/<lead_id>/enrich"
HELD = f"{PATH}/leads/<lead_id>/enrichment"
PROVIDERS = f"{PATH}/enrichment/providers"

TAG = "Enrichment"

ASK, READ, DELETE = "write:leads", "read:leads", "delete:leads"

PLAIN = ("X-Request-ID",)

OPERATIONS = (
    Operation(
        "POST",
        ENRICH,
        "Find out more about a lead",
        "Providers are asked side by side for up to 10 s what else is known; one that does not "
        "answer is `unavailable`, and the others count. What they find is kept apart, with its "
        "source and time, and never replaces what the person gave: where it differs, `conflicts` "
        "says so. In `gdpr_strict` the person's consent to enrichment is needed for all of it; "
        "elsewhere a `lawful_basis` for providers that look up persons. Whoever withdrew or "
        "objected is not asked about: 403. One run of a lead goes on at a time: 409.",
        EnrichAnswer,
        tag=TAG,
        places=EnrichedLead,
        query=Account,
        body={JSON: (EnrichOrder,)},
        body_wanted=False,
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope=ASK,
    ),
    Operation(
        "GET",
        HELD,
        "What was found of a lead?",
        "Everything that is held beside what the person gave, by provider, and the latest 20 runs "
        "with who asked, when and on which basis.",
        EnrichmentAnswer,
        tag=TAG,
        places=EnrichedLead,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "DELETE",
        HELD,
        "Delete what was found of a lead",
        "The findings and the record of the runs. The lead and what the person gave stay.",
        EnrichmentDeleted,
        tag=TAG,
        places=EnrichedLead,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=DELETE,
    ),
    Operation(
        "GET",
        PROVIDERS,
        "Who can be asked about a lead?",
        "The providers, what each is asked for, and what of a lead it is told.",
        ProvidersAnswer,
        tag=TAG,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope=READ,
    ),
    *CROSSING_OPERATIONS,
)
"""The routes of this service."""
