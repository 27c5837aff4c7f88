"""What the API description says of discoveries, with examples that work."""

from marshmallow import fields, validate

from services.discovery.answer_schema import (
    BegunAnswer,
    DiscoveredAnswer,
    DiscoveriesAnswer,
    DiscoveryBatchAnswer,
    DiscoveryCancelled,
)
from services.discovery.schema import (
    MOST_ITEMS,
    Discover,
    DiscoverBatch,
    DiscoveredPage,
    DiscoveryPage,
    DiscoveryPlace,
    DiscoveryStreamQuery,
)
from services.discovery.source_openapi import SOURCE_OPERATIONS
from shared.web.operation import JSON, READING, STORING, TEXT, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/discover"

ONE = f"{PATH}/<job_id>"

CANCEL = f"{ONE}/cancel"

EVENTS = f"{ONE}/events"

WEBHOOK = "/webhook/leadfly/lead-discovery"

BATCH = f"{WEBHOOK}/batch"

TAG = "Discovery"

READ, WRITE = "read:leads", "write:leads"

PLAIN = ("X-Request-ID",)

NAMED = (*PLAIN, "Idempotency-Key")

ABOUT = (
    "A job in the background asks each source; what they find goes through the duplicate check, "
    "joins the investigation, and says where it comes from (`provenance` of `GET /leads/{lead_id}`)"
    ". Asked again, the same leads are found and none is created twice. If all is done within two "
    "seconds the answer is a 200 with the leads, else a 202 with the job."
)


class DiscoveredQuery(DiscoveredPage, Account):
    """Which leads of a discovery, and whose."""


class DiscoveriesQuery(DiscoveryPage, Account):
    """Which discoveries, and whose."""


class DiscoveryEventsQuery(DiscoveryStreamQuery, Account):
    """Who reads the events of a discovery."""


class DiscoverBatchRequest(DiscoverBatch):
    """Several discoveries, each as `POST /discover` takes one."""

    items = fields.List(
        fields.Nested(Discover),
        required=True,
        validate=validate.Length(min=1, max=MOST_ITEMS),
        metadata={"description": "Bodies of `POST /discover`."},
    )


def _discovering(path: str, title: str) -> Operation:
    return Operation(
        "POST",
        path,
        title,
        ABOUT,
        DiscoveredAnswer,
        tag=TAG,
        other_answers={202: BegunAnswer},
        query=Account,
        body={JSON: (Discover,)},
        parameters=NAMED,
        answer_headers=("Idempotent-Replayed",),
        refusals=(*READING, 403, 404, 409, 422, 500, *STORING),
        scope=WRITE,
    )


OPERATIONS = (
    _discovering(PATH, "Discover leads"),
    Operation(
        "GET",
        PATH,
        "The discoveries of the account",
        "The latest first, each as far as it is; one can be looked at for 30 days after its end.",
        DiscoveriesAnswer,
        tag=TAG,
        query=DiscoveriesQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "GET",
        ONE,
        "How far is a discovery?",
        "With how far each source is, and the leads that it found so far.",
        DiscoveredAnswer,
        tag=TAG,
        places=DiscoveryPlace,
        query=DiscoveredQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "POST",
        CANCEL,
        "Let a discovery go no further",
        "What it found stays.",
        DiscoveryCancelled,
        tag=TAG,
        places=DiscoveryPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope=WRITE,
    ),
    Operation(
        "GET",
        EVENTS,
        "A discovery as it goes on",
        "Server-Sent Events, from a process of its own on `STREAM_PORT`; here you are sent there "
        "(`curl -NL` follows). An event `progress` holds the job as `GET /discover/{job_id}` shows "
        "it, at most twice and at least once a second while it changes; `done` is the last one, "
        "however it ended. An event's id is the job's `revision`: who comes back with it as "
        "`Last-Event-ID` hears nothing twice, and after `done` gets a 204. A ticket of "
        "`POST /alerts/stream-tickets` opens it for a browser.",
        {"type": "string"},
        answers_as=TEXT,
        status=307,
        tag=TAG,
        places=DiscoveryPlace,
        query=DiscoveryEventsQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 429, 500, 503),
        scope=READ,
    ),
    _discovering(WEBHOOK, "Discover leads, from a workflow"),
    Operation(
        "POST",
        BATCH,
        "Discover leads, several times",
        "Each is begun by itself, named by its `submission_id` if it has one; one item's fault "
        "fails no other. All of them together are waited for two seconds at most: a result with "
        "`lead_ids` is done, one without goes on.",
        DiscoveryBatchAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (DiscoverBatchRequest,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 500, *STORING),
        scope=WRITE,
    ),
    *SOURCE_OPERATIONS,
)
"""The routes of discovery."""
