"""What the API description says of what is around a place."""

from services.leads.local_schema import (
    BusinessesAnswer,
    BusinessesQuery,
    LocalDiscovery,
    LocalDiscoveryAnswer,
    MarketAnswer,
    MarketQuery,
)
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

DISCOVER = "/api/v1/lead-discovery/local/discover"

BUSINESSES = "/api/v1/lead-discovery/local/businesses"

MARKET = "/api/v1/lead-discovery/local/market-analysis"

TAG = "Around a place"

ATLANTIS = {
    "investigation_id": "00000000-0000-7000-8000-000000000000",
    "location": "Atlantis of the Seven Seas",
}

TOO_FAR = {
    "investigation_id": "00000000-0000-7000-8000-000000000000",
    "location": "Austin, TX",
    "radius_km": 501,
}

OPERATIONS = (
    Operation(
        "POST",
        DISCOVER,
        "Which of our leads are around here?",
        "Finds the account's stored leads around a place, nearest first, and brings those that are "
        "in no investigation into this one. Asked again, it finds the same and changes nothing. "
        "New leads of other sources are not its business.",
        LocalDiscoveryAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (LocalDiscovery,)},
        examples=(
            Example("unknown", "Refused: no such place", ATLANTIS, status=422),
            Example("far", "Refused: too wide", TOO_FAR, status=400),
        ),
        parameters=("X-Request-ID",),
        refusals=(*READING, 403, 404, 409, 422, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "GET",
        BUSINESSES,
        "Which businesses are around here?",
        "The companies that the account's leads within a radius work for, nearest first.",
        BusinessesAnswer,
        tag=TAG,
        query=BusinessesQuery,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 422, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "GET",
        MARKET,
        "What does the market look like here?",
        "Leads and businesses of a city, region or country by industry, for every 10,000 "
        "inhabitants, against the region around it, and week by week. It counts the account's own "
        "leads: nobody is estimated.",
        MarketAnswer,
        tag=TAG,
        query=MarketQuery,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 422, 500, *STORING),
        scope="read:analytics",
    ),
)
