"""What the API description says of matching, with examples that work."""

from marshmallow import fields, validate

from services.matching.answer_schema import BatchAnswer, MatchAnswer
from services.matching.catalogue_openapi import CATALOGUE_OPERATIONS
from services.matching.giving_openapi import GIVING_OPERATIONS
from services.matching.match_openapi import MATCH_OPERATIONS
from services.matching.rematch_openapi import REMATCH_OPERATIONS
from services.matching.schema import MOST_LEADS, BatchOfLeads, LeadOfBatch, MatchRequest
from services.matching.similar_openapi import SIMILAR_OPERATIONS
from services.matching.weights_openapi import WEIGHTS_OPERATIONS
from shared.answers import ServiceHealth
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/webhook/leadfly/matchmaking"

TAG = "Matching"

SCOPE = "read:leads"
"""Nothing is stored here."""

PLAIN = ("X-Request-ID",)


class LeadBatchRequest(BatchOfLeads):
    """Up to 500 leads of one account."""

    leads = fields.List(
        fields.Nested(LeadOfBatch),
        required=True,
        validate=validate.Length(min=1, max=MOST_LEADS),
        metadata={"description": "The leads, answered in this order."},
    )


BAKERY = {
    "user_id": "acme",
    "lead": {
        "location": "Austin, TX",
        "industry": "bakery",
        "company_size": "small",
        "lead_type": "business",
        "needs_identified": ["business_loan"],
        "loan_amount": 45000,
        "intent_score": 80,
    },
}

NOTHING = {"user_id": "acme"}

BATCH = {
    "user_id": "acme",
    "leads": [{"id": "row-1", "lead": {"location": "Texas"}}, {"id": "row-2", "lead": None}],
}

OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Which services fit this lead best, and why?",
        "Matches a lead of the account (`lead_id`), a lead as it is said (`lead`), or the former "
        "with what the latter adds, with all active services of the account. Services that it "
        "cannot have are named apart with the reason; the others get points for place, industry, "
        "need, profile and behaviour. What is not known of the lead widens `score_interval`, and "
        "`ask_next` is the question that would change the order most. Nothing is kept, unless "
        "`assign` is sent: then the matches of the stored lead are kept and it is given to a "
        "service, as by `POST /leads/{id}/match`, which takes `write:leads`.",
        MatchAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (MatchRequest,)},
        examples=(
            Example("bakery", "A lead that is not stored", BAKERY),
            Example("nothing", "Refused: no lead", NOTHING, status=400),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "POST",
        f"{PATH}/batch",
        "Match up to 500 leads",
        "Answers in the order sent, each with the `id` of its lead. One lead's fault never fails "
        "the rest: its place in `results` holds the error.",
        BatchAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (LeadBatchRequest,)},
        examples=(Example("leads", "A lead, and one that is missing", BATCH),),
        parameters=PLAIN,
        refusals=(*READING, 403, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        f"{PATH}/health",
        "Could leads be matched now?",
        "Answers 200 if the database is reachable and migrated, else 503 and why.",
        ServiceHealth,
        tag=TAG,
        other_answers={503: ServiceHealth},
        refusals=(403, 429, 500),
    ),
    *CATALOGUE_OPERATIONS,
    *MATCH_OPERATIONS,
    *GIVING_OPERATIONS,
    *WEIGHTS_OPERATIONS,
    *REMATCH_OPERATIONS,
    *SIMILAR_OPERATIONS,
)
