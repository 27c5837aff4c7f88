"""What the API description says of the route of caps."""

from services.dedup.trade.cap_schema import CapPage, CapsAnswer
from services.dedup.trade.terms_openapi import REFUSED, TAG
from shared.web.operation import Operation

PATH = "/api/v1/lead-discovery/caps"

OPERATIONS = (
    Operation(
        "GET",
        PATH,
        "How many leads may still come?",
        "Shows the caps and hours of every scope that has any, and how many leads were let through "
        "in the spans that are running. A name in the query shows the scopes that name it.",
        CapsAnswer,
        tag=TAG,
        query=CapPage,
        parameters=("X-Request-ID",),
        refusals=REFUSED,
        scope="read:leads",
    ),
)
