"""What the API description says of analytics."""

from services.leads.analytics_schema import OverviewAnswer, SeriesAnswer, SeriesQuery
from shared.web.operation import STORING, Operation
from shared.web.query import Account

OVERVIEW = "/api/v1/lead-discovery/analytics/overview"

SERIES = "/api/v1/lead-discovery/analytics/time-series"

TAG = "Analytics"

SCOPE = "read:analytics"

OPERATIONS = (
    Operation(
        "GET",
        OVERVIEW,
        "The account in numbers",
        "Leads by status, with duplicates left out; how many duplicates were prevented; matches "
        "and profiles, as far as there are any.",
        OverviewAnswer,
        tag=TAG,
        query=Account,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        SERIES,
        "What came, day by day",
        "Leads received by day or week and by source, how many of them were duplicates, how many "
        "a person looked at, how many were accepted, and how long it took to answer them. At most "
        "400 days; a day without leads is there, with zeros.",
        SeriesAnswer,
        tag=TAG,
        query=SeriesQuery,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 500, *STORING),
        scope=SCOPE,
    ),
)
