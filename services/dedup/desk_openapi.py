"""What the API description says of decisions and reviews."""

from services.dedup.desk import DECISIONS, REVIEWS
from services.dedup.desk_schema import (
    DecisionAnswer,
    DecisionPlace,
    Reasoned,
    ReviewAnswer,
    ReviewPage,
    ReviewPlace,
    ReviewsAnswer,
    SettledAnswer,
    VerdictGiven,
)
from shared.web.operation import JSON, READING, STORING, Operation
from shared.web.query import Account

TAG = "Decisions and reviews"


class ReviewQuery(ReviewPage, Account):
    """Which reviews are asked for, and whose."""


OPERATIONS = (
    Operation(
        "GET",
        f"{DECISIONS}/<decision_id>",
        "Why was this lead allowed, flagged or rejected?",
        "The decision as it was taken then: what it was compared with, what each comparison "
        "weighed and what the risk was. The sentences are those of today's model.",
        DecisionAnswer,
        tag=TAG,
        parameters=("X-Request-ID",),
        places=DecisionPlace,
        query=Account,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "GET",
        REVIEWS,
        "Which leads wait for a person to look at them?",
        "Flagged leads, oldest first, each beside the known lead that it may be a duplicate of. "
        "Fields that the privacy mode keeps only encrypted are named and not shown.",
        ReviewsAnswer,
        tag=TAG,
        parameters=("X-Request-ID",),
        query=ReviewQuery,
        refusals=(400, 403, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "GET",
        f"{REVIEWS}/<review_id>",
        "One review",
        "The review with all that its leads say, and every verdict given so far.",
        ReviewAnswer,
        tag=TAG,
        parameters=("X-Request-ID",),
        places=ReviewPlace,
        query=Account,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "POST",
        f"{REVIEWS}/<review_id>/verdict",
        "Settle a review",
        "`duplicate` merges the lead, and every record of the person it stood for, under the "
        "known person; `different` leaves it a person of its own; `unsure` is noted. The same "
        "verdict again changes nothing; another one is a 409: reopen the review first. A "
        "`duplicate` without a known lead is a 422.",
        SettledAnswer,
        tag=TAG,
        body={JSON: (VerdictGiven,)},
        parameters=("X-Request-ID",),
        places=ReviewPlace,
        query=Account,
        refusals=(*READING, 403, 404, 409, 422, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "POST",
        f"{REVIEWS}/<review_id>/reopen",
        "Take a verdict back",
        "Opens the review again. A merge is undone: its leads become the person again that they "
        "were, and leads that came since go with the lead that they were likest to. A review "
        "that is open stays as it is.",
        SettledAnswer,
        tag=TAG,
        body={JSON: (Reasoned,)},
        parameters=("X-Request-ID",),
        places=ReviewPlace,
        query=Account,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope="write:leads",
    ),
)
