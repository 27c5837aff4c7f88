"""What the API description says of scans, with examples that work."""

from services.dedup.scan.schema import (
    NewScan,
    NightsAnswer,
    NightsWanted,
    ScanAnswer,
    ScanCancelledAnswer,
    ScanPage,
    ScanPlace,
    ScansAnswer,
)
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/scans"

NIGHTS = "/api/v1/lead-discovery/nightly-scans"

ONE = f"{PATH}/<scan_id>"

CANCEL = f"{ONE}/cancel"

TAG = "Scans"

PLAIN = ("X-Request-ID",)


class ScansQuery(ScanPage, Account):
    """Which scans, and whose."""


OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Look for duplicates among stored leads",
        "A scan in the background: each lead is compared with those before it as a check would "
        "have compared it, and each likely pair becomes a review. Nothing is merged by itself, "
        "and nobody is asked again about two people whose review was opened before. An account "
        "has one scan at a time: a second one is a 409 whose `scan_id` names the first.",
        ScanAnswer,
        tag=TAG,
        status=202,
        query=Account,
        body={JSON: (NewScan,)},
        body_wanted=False,
        examples=(Example("all", "All leads", {}, status=202),),
        parameters=PLAIN,
        refusals=(*READING, 403, 409, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "GET",
        PATH,
        "The scans of the account",
        "The latest first, those of the nights among them.",
        ScansAnswer,
        tag=TAG,
        query=ScansQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "GET",
        ONE,
        "How far is a scan?",
        "With what it found so far, and how long it should still take.",
        ScanAnswer,
        tag=TAG,
        places=ScanPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "POST",
        CANCEL,
        "Let a scan go no further",
        "What it found stays.",
        ScanCancelledAnswer,
        tag=TAG,
        places=ScanPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "PUT",
        NIGHTS,
        "Have new leads scanned at night, or not",
        "On unless switched off: at 2:00 UTC a scan begins of leads that neither a check nor a "
        "scan has compared with anybody, as after an import that checks nothing.",
        NightsAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (NightsWanted,)},
        examples=(Example("off", "Only when asked for", {"nightly": False}),),
        parameters=PLAIN,
        refusals=(*READING, 403, 500, *STORING),
        scope="write:leads",
    ),
)
"""The routes of scans."""
