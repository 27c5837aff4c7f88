"""What the API description says of the sources that accounts set up."""

from services.discovery.source_schema import (
    DiscoverySourceAnswer,
    DiscoverySourceChanged,
    DiscoverySourcePage,
    DiscoverySourcePlace,
    DiscoverySourcesAnswer,
    DiscoverySourceTypesAnswer,
    NewDiscoverySource,
)
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

SOURCES = "/api/v1/lead-discovery/discovery-sources"

SOURCE = f"{SOURCES}/<discovery_source_id>"

TYPES = f"{SOURCES}/types"

TAG = "Discovery"

SCOPE = "write:workflows"

PLAIN = ("X-Request-ID",)


class DiscoverySourcesQuery(DiscoverySourcePage, Account):
    """Which sources, and whose."""


EXAMPLE = {
    "name": "Visitors of the last month",
    "type": "own_leads",
    "settings": {"active_within_days": 30},
}

SOURCE_OPERATIONS = (
    Operation(
        "POST",
        SOURCES,
        "Set up a source",
        "A kind of source with settings, under a name by which discoveries ask it. The settings "
        "are kept sealed; what may be a secret is never answered.",
        DiscoverySourceAnswer,
        tag=TAG,
        status=201,
        query=Account,
        body={JSON: (NewDiscoverySource,)},
        parameters=PLAIN,
        examples=(Example("visitors", "Recent visitors", EXAMPLE, status=201),),
        refusals=(*READING, 403, 409, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        SOURCES,
        "The sources of the account",
        "Those that it has set up, oldest first.",
        DiscoverySourcesAnswer,
        tag=TAG,
        query=DiscoverySourcesQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        TYPES,
        "The kinds of sources",
        "What each is, its licence, its limits, and what its settings mean.",
        DiscoverySourceTypesAnswer,
        tag=TAG,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        SOURCE,
        "One source",
        "As it stands.",
        DiscoverySourceAnswer,
        tag=TAG,
        places=DiscoverySourcePlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "PUT",
        SOURCE,
        "Change a source",
        "What is absent stays; its settings are changed as a whole, and its type never.",
        DiscoverySourceAnswer,
        tag=TAG,
        places=DiscoverySourcePlace,
        query=Account,
        body={JSON: (DiscoverySourceChanged,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "DELETE",
        SOURCE,
        "Delete a source",
        "Leads that it found stay, and discoveries that are under way still ask it.",
        DiscoverySourceAnswer,
        tag=TAG,
        places=DiscoverySourcePlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
)
"""The routes of sources."""
