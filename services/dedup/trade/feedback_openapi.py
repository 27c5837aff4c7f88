"""What the API description says of the routes of feedback."""

from services.dedup.trade.feedback_answer_schema import (
    FeedbackAnswer,
    LeadFeedbackAnswer,
    RatesAnswer,
)
from services.dedup.trade.feedback_schema import (
    FeedbackGiven,
    FeedbackPage,
    FeedbackPlace,
    LeadPlace,
    RatesQuery,
)
from services.dedup.trade.returns import USUAL_DAYS
from shared.web.operation import JSON, READING, STORING, Operation
from shared.web.query import Account

API = "/api/v1/lead-discovery"

OF_LEAD = f"{API}/leads/<lead_id>/feedback"

ONE = f"{OF_LEAD}/<feedback_id>"

RATES = f"{API}/feedback/rates"

TAG = "Feedback and returns"

PLAIN = ("X-Request-ID",)

OPERATIONS = (
    Operation(
        "POST",
        OF_LEAD,
        "Return a lead, or say that it converted",
        "One word on a lead stands at a time: a return of a lead that converted, or the reverse, "
        "is a 409 until the other is taken back. Said again, nothing changes. A return is taken "
        f"within the terms' `return_days` ({USUAL_DAYS} where they say nothing) from when the "
        "lead was sent, for one of their `return_reasons`: a late one is a 409 with the end of "
        "its window, another reason a 422 with those that there are. It makes the lead's deal a "
        "returned one, which look-backs no longer count, and gives its place under caps back. A "
        "conversion gives the lead the status `converted` and tells `lead.converted`.",
        FeedbackAnswer,
        tag=TAG,
        places=LeadPlace,
        query=Account,
        body={JSON: (FeedbackGiven,)},
        parameters=("Idempotency-Key", *PLAIN),
        refusals=(*READING, 403, 404, 409, 422, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "GET",
        OF_LEAD,
        "What was said of a lead?",
        "Returns and conversions, the latest first, with those that were taken back.",
        LeadFeedbackAnswer,
        tag=TAG,
        places=LeadPlace,
        query=FeedbackPage,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "DELETE",
        ONE,
        "Take back what was said of a lead",
        "Its deal and its status are what they were before, unless somebody changed them since; "
        "what it taught is forgotten. A place under a cap that a return gave back stays given. "
        "Nothing is told to webhooks.",
        FeedbackAnswer,
        tag=TAG,
        places=FeedbackPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "GET",
        RATES,
        "How many leads are returned, how many convert?",
        "By source, or source and buyer, of the leads received on some days: at most 366.",
        RatesAnswer,
        tag=TAG,
        query=RatesQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope="read:analytics",
    ),
)
