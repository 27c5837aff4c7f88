"""What the API description says of creating a lead, with examples that work."""

from services.leads.creation_schema import CreatedAnswer, NewLead
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/leads"

SCOPE = "write:leads"

TAG = "Leads"

ADA = {
    "name": "Ada Lovelace",
    "email": "ada@analytical.example",
    "company": "Analytical Engines Ltd",
    "location": "London, UK",
    "industry": "software",
    "lead_category": "loan",
    "consent": {"purposes": ["lead_processing"], "text_version": "2026-01"},
}

WITH_SIGNALS = {
    "email": "grace@compilers.example",
    "name": "Grace Hopper",
    "tags": ["trade fair"],
    "assigned_to": "sam",
    "signals": [
        {"signal_type": "loan_need", "strength": 80, "content": "We look for a loan for a machine."}
    ],
}

UNREACHABLE = {"name": "Nobody"}

CREATION_OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Create a lead",
        "It goes through the duplicate check as every lead does. Somebody new, be it to be looked "
        "at first (`duplicate_check.manual_review_required`), is answered 201. Of somebody known "
        "the request is kept as a further record, `duplicate_check.lead_id`; the answer is 200 "
        "with their first lead, of which nothing is changed: signals, tags and notes stay with the "
        "record. An investigation must exist and be open. While the database is away the lead "
        "waits, durably (`duplicate_check.degraded`), under the id that it will have. A field "
        "that is not listed is ignored.",
        CreatedAnswer,
        tag=TAG,
        status=201,
        other_answers={200: CreatedAnswer},
        query=Account,
        body={JSON: (NewLead,)},
        examples=(
            Example("person", "Somebody with a place and an industry", ADA, status=201),
            Example("signals", "With signs of what they need", WITH_SIGNALS, status=201),
            Example("unreachable", "Refused: nobody can be reached", UNREACHABLE, status=400),
        ),
        parameters=("Idempotency-Key", "X-Request-ID"),
        answer_headers=("Idempotent-Replayed",),
        refusals=(*READING, 403, 404, 409, 422, 500, *STORING),
        scope=SCOPE,
    ),
)
"""The route that creates."""
