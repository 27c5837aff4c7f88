"""What the API description says of rematches, with examples that work."""

from services.matching.rematch_schema import (
    AskedAnswer,
    CancelledAnswer,
    NewRematch,
    RematchAnswer,
    RematchesAnswer,
    RematchPage,
    RematchPlace,
)
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/matches/rematch"

ONE = f"{PATH}/<rematch_id>"

CANCEL = f"{ONE}/cancel"

TAG = "Matching"

PLAIN = ("X-Request-ID",)


class RematchesQuery(RematchPage, Account):
    """Which rematches, and whose."""


REMATCH_OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Match all leads anew",
        "A job in the background: for each lead that lists show, what was kept is scored anew and "
        "keeps its status, what is no longer possible ends, and the best `limit` services from "
        "`min_match_score` on are kept. An account has one job at a time: one that says the same "
        "is joined, another is a 409 whose `rematch_id` names the one that is under way.",
        AskedAnswer,
        tag=TAG,
        status=202,
        query=Account,
        body={JSON: (NewRematch,)},
        examples=(Example("all", "With all active services", {}, status=202),),
        parameters=PLAIN,
        refusals=(*READING, 403, 409, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "GET",
        PATH,
        "The rematches of the account",
        "The latest first, with those that began because services changed.",
        RematchesAnswer,
        tag=TAG,
        query=RematchesQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "GET",
        ONE,
        "How far is a rematch?",
        "With what it did so far, and how long it should still take.",
        RematchAnswer,
        tag=TAG,
        places=RematchPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "POST",
        CANCEL,
        "Let a rematch go no further",
        "What it did stays.",
        CancelledAnswer,
        tag=TAG,
        places=RematchPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope="write:leads",
    ),
)
"""The routes of rematches."""
