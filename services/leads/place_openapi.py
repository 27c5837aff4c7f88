"""What the API description says of places and industries."""

from services.leads.place_schema import (
    IndustriesAnswer,
    IndustryQuery,
    PlaceQuery,
    PlacesAnswer,
)
from shared.web.operation import STORING, Operation

PLACES = "/api/v1/lead-discovery/places"

INDUSTRIES = "/api/v1/lead-discovery/industries"

TAG = "Places and industries"

SCOPE = "read:leads"

OPERATIONS = (
    Operation(
        "GET",
        PLACES,
        "Where is that?",
        "The places that a text may mean, likeliest first, from a gazetteer that ships with this "
        "installation: nobody else is asked. A text that means none is a 422 that lists the "
        "nearest names.",
        PlacesAnswer,
        tag=TAG,
        query=PlaceQuery,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 422, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        INDUSTRIES,
        "Which industry is that?",
        "The industries that a text may mean, likeliest first, by their codes in NAICS 2022. A "
        "text that means none is a 422.",
        IndustriesAnswer,
        tag=TAG,
        query=IndustryQuery,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 422, 500, *STORING),
        scope=SCOPE,
    ),
)
