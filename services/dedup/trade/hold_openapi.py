"""What the API description says of the routes of holds."""

from services.dedup.trade.hold_schema import HoldAnswer, HoldPlace, SettledHold
from shared.web.operation import STORING, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/holds"
ONE = f"{PATH}/<hold_id>"

TAG = "Holds"

OPERATIONS = (
    Operation(
        "GET",
        ONE,
        "How does a hold stand?",
        "A hold that nobody settled in time is `expired`.",
        HoldAnswer,
        tag=TAG,
        places=HoldPlace,
        query=Account,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "POST",
        f"{ONE}/confirm",
        "The lead was accepted",
        "Makes a held lead an accepted one, for good. To confirm again changes nothing. A hold "
        "that was released or whose time is over is a 409 that says so and since when: its "
        "identity may be somebody else's by now, so check the lead anew.",
        SettledHold,
        tag=TAG,
        places=HoldPlace,
        query=Account,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 404, 409, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "POST",
        f"{ONE}/release",
        "The lead was not accepted",
        "Gives the identity free: the next lead of the person is let through. To release again "
        "changes nothing. A hold that was confirmed is a 409: a lead that was accepted is "
        "returned.",
        SettledHold,
        tag=TAG,
        places=HoldPlace,
        query=Account,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 404, 409, 500, *STORING),
        scope="write:leads",
    ),
)
