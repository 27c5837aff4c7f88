"""What the API description says of bulk actions."""

from services.leads.bulk import BULK_SECONDS, MOST
from services.leads.bulk_schema import (
    BulkActionsAnswer,
    BulkAnswer,
    BulkOneAnswer,
    BulkOrder,
    BulkPlace,
    BulkUndoneAnswer,
)
from services.leads.change_openapi import LatestQuery
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/leads/bulk"
ACTIONS = "/api/v1/lead-discovery/bulk"
ONE = f"{ACTIONS}/<bulk_id>"
UNDO = f"{ONE}/undo"

TAG = "Leads"

PLAIN = ("X-Request-ID",)

SEEN_FIRST = {
    "filter": {"status": "new", "min_signal_strength": 60},
    "change": {"status": "contacted", "assigned_to": "sam@corp.example"},
    "preview": True,
}

DONE = {
    "filter": {"status": "contacted", "tag": "trade fair"},
    "change": {"add_tags": ["called"], "remove_tags": ["to call"]},
}


BULK_OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Change many leads at once, or see what would change",
        f"At most {MOST} leads, those that a filter means or those that are named, in one "
        "transaction: all of it or nothing. With `preview` it only tells how many would change, "
        "how many are so already, and shows the first of them; `expected_count` and `selection` "
        "of that answer make sure that the same is done. `bulk.id` of the answer takes it back. "
        f"A 503 after {BULK_SECONDS:g} seconds says that nothing was changed.",
        BulkAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (BulkOrder,)},
        examples=(
            Example("preview", "What would it be?", SEEN_FIRST),
            Example("tags", "Other tags for many", DONE),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 422, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "GET",
        ACTIONS,
        "What was done to many leads at once?",
        "Bulk actions, newest first, and which of them were taken back.",
        BulkActionsAnswer,
        tag=TAG,
        query=LatestQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "GET",
        ONE,
        "One bulk action",
        "What it set, on how many leads, and whether it was taken back.",
        BulkOneAnswer,
        tag=TAG,
        places=BulkPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "POST",
        UNDO,
        "Take a bulk action back",
        "Every field that still has the value that the action set gets the one from before; what "
        "somebody changed since is counted in `changed_since` and left. Webhooks are told nothing. "
        "A second call changes nothing and says so.",
        BulkUndoneAnswer,
        tag=TAG,
        places=BulkPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope="write:leads",
    ),
)
