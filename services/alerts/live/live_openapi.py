"""What the API description says of changes, the stream, and the page."""

from services.alerts.live.live_schema import (
    ChangesAnswer,
    PageFile,
    Since,
    StreamQuery,
    TicketAnswer,
)
from shared.web.operation import HTML, JSON, READING, STORING, TEXT, Example, Operation
from shared.web.query import Account

ALERTS = "/api/v1/lead-discovery/alerts"

STREAM = f"{ALERTS}/stream"

TICKETS = f"{ALERTS}/stream-tickets"

CHANGES = f"{ALERTS}/changes"

PAGE = "/lead-discovery/alerts"

FILE = f"{PAGE}/<name>"

TAG = "Alerts"

SCOPE = "read:leads"

PLAIN = ("X-Request-ID",)

ACCOUNT = {"user_id": "acme"}

LIVE_OPERATIONS = (
    Operation(
        "GET",
        STREAM,
        "Alerts as they change",
        "Server-Sent Events, from a process of its own on `STREAM_PORT`; here you are sent there. "
        "An event `alert` holds an alert that is new or changed, as the list shows it. An event "
        "`ready` says that all that was missed has been told, or, if not `resumed`, that the list "
        "is to be asked for anew. An event's id is a `cursor`: a reader that comes back with it as "
        "`Last-Event-ID`, or as `since`, misses nothing and may hear something twice. A stream "
        "ends after a quarter of an hour, and when its reader is slow; too many are a 503. Then "
        "ask for `GET /alerts/changes` every few seconds.",
        {"type": "string"},
        answers_as=TEXT,
        status=307,
        tag=TAG,
        query=StreamQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 429, 500, 503),
        scope=SCOPE,
    ),
    Operation(
        "POST",
        TICKETS,
        "A ticket for the stream",
        "A browser's EventSource sends no headers. A ticket opens one stream, once, within a "
        "minute; `url` is all that an EventSource needs.",
        TicketAnswer,
        status=201,
        tag=TAG,
        query=Account,
        body={JSON: (Account,)},
        examples=(Example("ticket", "A ticket", ACCOUNT, status=201),),
        parameters=PLAIN,
        refusals=(*READING, 403, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        CHANGES,
        "Alerts that changed",
        "Those that are new or changed since `cursor` was answered, for whoever cannot hold a "
        "stream open: first without `since`, then with the latest `cursor`, every few seconds. "
        "More than 500 changes are `complete: false`: list them anew.",
        ChangesAnswer,
        tag=TAG,
        query=Since,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        PAGE,
        "Alerts, for people",
        "The open alerts as they come, what became of them, and what to do with them. It holds "
        "nobody's data and loads nothing from elsewhere; where keys are asked for it asks for one, "
        "and forgets it with the tab.",
        {"type": "string"},
        answers_as=HTML,
        tag=TAG,
        refusals=(403, 429, 500),
    ),
    Operation(
        "GET",
        FILE,
        "A file of that page",
        "Its script and style.",
        {"type": "string"},
        answers_as=TEXT,
        tag=TAG,
        places=PageFile,
        refusals=(403, 404, 429, 500),
    ),
)
