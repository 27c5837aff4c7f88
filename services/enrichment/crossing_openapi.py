"""What the API description says of cross-referencing."""

from services.enrichment.crossing_schema import (
    CrossReference,
    CrossReferenceAnswer,
    EnrichedLead,
)
from shared.web.operation import JSON, READING, STORING, Operation
from shared.web.query import Account

CROSS = "/api/v1/lead-discovery/leads/<lead_id>/cross-reference"

CROSSING_OPERATIONS = (
    Operation(
        "POST",
        CROSS,
        "What was found of this lead and also of others?",
        "Findings of the lead are compared with those of the other leads of an investigation: the "
        "same mail address, phone, domain, profile, username or postal address, however it is "
        "spelt. Only leads that were enriched have findings, and what people gave themselves is "
        "not compared here. Whoever withdrew or objected is left out. Nothing is stored.",
        CrossReferenceAnswer,
        tag="Enrichment",
        places=EnrichedLead,
        query=Account,
        body={JSON: (CrossReference,)},
        parameters=("X-Request-ID",),
        refusals=(*READING, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
)
