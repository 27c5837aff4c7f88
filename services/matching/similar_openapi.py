"""What the API description says of leads like one, and of the services for it."""

from services.matching.match_schema import LeadPlace
from services.matching.similar_schema import (
    HowManyLeads,
    HowManyServices,
    RecommendedAnswer,
    SimilarAnswer,
)
from shared.web.operation import STORING, Operation
from shared.web.query import Account

API = "/api/v1/lead-discovery"

SIMILAR = f"{API}/leads/<lead_id>/similar"

RECOMMENDED = f"{API}/leads/<lead_id>/recommended-services"

TAG = "Matching"

PLAIN = ("X-Request-ID",)

SCOPE = "read:leads"


class SimilarQuery(HowManyLeads, Account):
    """How many leads, and whose."""


class RecommendedQuery(HowManyServices, Account):
    """How many services, and whose."""


SIMILAR_OPERATIONS = (
    Operation(
        "GET",
        SIMILAR,
        "Which leads are most like this one?",
        "By place, trade, needs, type and company size, as far as they are known of this lead. "
        "Other records of the same person are not among them, nor are duplicates and invalid "
        "leads.",
        SimilarAnswer,
        tag=TAG,
        places=LeadPlace,
        query=SimilarQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        RECOMMENDED,
        "Which services fit this lead?",
        "As they score now; nothing is kept, and nobody is told. `POST /leads/{id}/match` keeps "
        "matches.",
        RecommendedAnswer,
        tag=TAG,
        places=LeadPlace,
        query=RecommendedQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
)
"""The routes of what is like a lead, and good for it."""
