"""What the API description says of changing a lead, of its notes and its history."""

from services.leads.change_answer_schema import (
    HistoryAnswer,
    LeadChangedAnswer,
    NoteAnswer,
    NotesAnswer,
)
from services.leads.change_schema import LatestPage, LeadChange, NewNote
from services.leads.lead_schema import LeadPlace
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

ONE = "/api/v1/lead-discovery/leads/<lead_id>"
NOTES = f"{ONE}/notes"
HISTORY = f"{ONE}/history"

TAG = "Leads"

PLAIN = ("X-Request-ID",)


class LatestQuery(LatestPage, Account):
    """Which part of a list, and whose."""


CHANGE_OPERATIONS = (
    Operation(
        "PUT",
        ONE,
        "Change a lead",
        "Status, who works on it, tags and investigation; what the body leaves out stays as it "
        "is, and what a lead said itself cannot be changed here. Each value that becomes another "
        "one is an entry of the lead's history. A record that is a duplicate has a status of its "
        "own. With `expected_status` a lead that moved meanwhile is a 409.",
        LeadChangedAnswer,
        tag=TAG,
        places=LeadPlace,
        query=Account,
        body={JSON: (LeadChange,)},
        examples=(
            Example(
                "qualify",
                "A lead is worth a call",
                {
                    "status": "qualified",
                    "assigned_to": "sam@corp.example",
                    "add_tags": ["trade fair"],
                    "reason": "Asked for an offer.",
                },
            ),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 422, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "POST",
        NOTES,
        "Write a note on a lead",
        "Kept encrypted in every mode, and erased with the lead.",
        NoteAnswer,
        tag=TAG,
        status=201,
        places=LeadPlace,
        query=Account,
        body={JSON: (NewNote,)},
        examples=(
            Example("call", "When to call", {"text": "Wants to be called after four."}, status=201),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "GET",
        NOTES,
        "The notes on a lead",
        "Newest first. What the lead came with as `notes` is its first.",
        NotesAnswer,
        tag=TAG,
        places=LeadPlace,
        query=LatestQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "GET",
        HISTORY,
        "Who changed what about a lead?",
        "Every value that was changed, newest first, with who did it and when.",
        HistoryAnswer,
        tag=TAG,
        places=LeadPlace,
        query=LatestQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
)
