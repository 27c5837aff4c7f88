"""What the API description says of the duplicate check's routes, with examples that work."""

from marshmallow import fields, validate

from services.dedup.answer_schema import BatchAnswer, CheckAnswer, Received
from services.dedup.desk_openapi import OPERATIONS as DESK_OPERATIONS
from services.dedup.imports.openapi import OPERATIONS as IMPORTS
from services.dedup.imports.page_openapi import PAGE_OPERATIONS as IMPORTS_PAGE
from services.dedup.intake.in_openapi import OPERATIONS as INTAKE
from services.dedup.intake.source_openapi import OPERATIONS as SOURCES
from services.dedup.lead_data_schema import REACHABLE
from services.dedup.options import DRY_RUN, EXPLAIN, Answering, Flag
from services.dedup.policy_openapi import OPERATIONS as POLICIES
from services.dedup.scan.openapi import OPERATIONS as SCANS
from services.dedup.schema import (
    LONGEST_MESSAGE,
    LONGEST_SOURCE_ID,
    SOURCE_ID,
    Batch,
    ConsentGiven,
    LeadData,
    LeadSubmission,
)
from services.dedup.trade.cap_openapi import OPERATIONS as CAPS
from services.dedup.trade.feedback_openapi import OPERATIONS as FEEDBACK
from services.dedup.trade.hold_openapi import OPERATIONS as HOLDS
from services.dedup.trade.ping_openapi import OPERATIONS as PINGS
from services.dedup.trade.terms_openapi import OPERATIONS as TERMS
from services.dedup.training.model_openapi import OPERATIONS as MODELS
from shared.answers import ServiceHealth
from shared.fields import LONGEST_TEXT, Either, Form, Milliseconds, Moment, Text
from shared.privacy.purposes import LEAD_PROCESSING
from shared.web.auth import LONGEST_USER_ID
from shared.web.operation import (
    FORM,
    JSON,
    MULTIPART,
    READING,
    STORING,
    Example,
    Operation,
)
from shared.web.query import Account as AccountAsked

PATH = "/webhook/leadfly/duplicate-prevention"

TAG = "Duplicate prevention"


class Account(Form):
    """What the route reads before the lead itself."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={
            "description": "The account that owns the lead: matching never crosses accounts. With "
            "an API key it may be absent, else it must be the key's; with `AUTH_MODE=local` an "
            "absent one is `anonymous`.",
            "examples": ["acme"],
        },
    )


class Retryable(Form):
    """A lead that has a name of its own."""

    submission_id = Text(
        "Your own name for this lead, as the header `Idempotency-Key`, which wins.",
        longest=255,
    )


class LeadItem(LeadSubmission, Retryable):
    """One lead of a batch."""


class LeadRequest(LeadItem, Account, Answering):
    """The lead in its own object, its circumstances in others."""


class Unwrapped(LeadData, Retryable, Account):
    """The lead's fields side by side, as simple senders and forms have them."""

    json_schema = REACHABLE | {"not": {"required": ["lead_data"]}}

    source_id = Text(SOURCE_ID, longest=LONGEST_SOURCE_ID, examples=["website-contact"])
    honeypot = Text("What stands in a field that people cannot see.", longest=LONGEST_MESSAGE)
    form_fill_ms = Milliseconds("From the form's appearance to its submission, in milliseconds.")
    campaign_id = Text("The campaign that brought the lead; not kept.")


class FlatLead(Unwrapped):
    """The lead's fields side by side."""

    consent = fields.Nested(ConsentGiven, allow_none=True)
    options = fields.Raw(
        metadata={
            "description": "How the request is to be answered: an object with `dry_run` and "
            "`explain`. Anything else is a field of your own and ignored."
        }
    )


class LeadForm(Unwrapped):
    """A form's fields; an empty one is silent. `lead_data[email]` is read as `email` is."""

    purposes = Text(
        "What the person agreed to, comma-separated: the value of a box to tick. Without it the "
        "other fields of the consent are ignored.",
        longest=LONGEST_TEXT,
        data_key="consent[purposes]",
        examples=[LEAD_PROCESSING],
    )
    text_version = Text(
        "Which wording of the consent text was shown.",
        data_key="consent[text_version]",
        examples=["2026-01"],
    )
    given_at = Moment("When the person agreed.", data_key="consent[given_at]")
    proof = Text("What demonstrates the consent.", longest=2000, data_key="consent[proof]")
    dry_run = Flag(DRY_RUN, data_key="options[dry_run]")
    explain = Flag(EXPLAIN, data_key="options[explain]")


class BatchRequest(Batch, Account, Answering):
    """Up to 1,000 leads of one account; each may have any shape that a single lead has."""

    leads = fields.List(
        Either((LeadItem, FlatLead)),
        required=True,
        validate=validate.Length(min=1, max=1000),
        metadata={"description": "The leads, answered in this order."},
    )


ADA = {
    "email": "ada@analytical.example",
    "phone": "+44 20 7946 0958",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "company": "Analytical Engines Ltd",
}

AGREED = {"purposes": [LEAD_PROCESSING], "text_version": "2026-01"}

NESTED = {"user_id": "acme", "source_id": "website-contact", "lead_data": ADA, "consent": AGREED}

POSTED = {
    "user_id": "acme",
    "source_id": "website-contact",
    **ADA,
    "honeypot": "",
    "form_fill_ms": "8400",
    "consent[purposes]": LEAD_PROCESSING,
    "consent[text_version]": "2026-01",
}

BATCH = {
    "user_id": "acme",
    "source_id": "spring-import",
    "leads": [{"lead_data": ADA, "consent": AGREED}, {"lead_data": {"name": "Nobody"}}],
}

DRY = NESTED | {"options": {"explain": True}}

UNREACHABLE = {"user_id": "acme", "source_id": "crm", "lead_data": {"name": "Nobody"}}

OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Is this lead someone we already know?",
        "Compares the lead with every lead of the account that shares a mailbox, a number, a name "
        "or another key with it, weighs its risk, stores it and answers what should happen: "
        "`allow_processing`, `flag_for_review` or `reject_duplicate`. Give at least an email or "
        "a phone. Fields that are not listed are ignored and not kept. A page's publishable key "
        "is answered that the lead was received, and no verdict.",
        CheckAnswer,
        tag=TAG,
        query=AccountAsked,
        body={
            JSON: (LeadRequest, FlatLead),
            FORM: (LeadForm,),
            MULTIPART: (LeadForm,),
        },
        examples=(
            Example("nested", "A lead in its own object", NESTED),
            Example("flat", "Fields side by side", {"user_id": "acme", "source_id": "crm", **ADA}),
            Example("form", "A form posts directly", POSTED, FORM),
            Example("unreachable", "Refused: nobody can be reached", UNREACHABLE, status=400),
        ),
        parameters=("Idempotency-Key", "X-Request-ID"),
        answer_headers=("Idempotent-Replayed",),
        refusals=(*READING, 403, 422, 500, *STORING),
        scope="write:leads",
        for_lead_forms=True,
        page_answer=Received,
        signed=True,
    ),
    Operation(
        "POST",
        f"{PATH}/check",
        "What would this lead be answered?",
        "A dry run: the same request and verdict, but nothing is stored, locked or told to "
        "anybody, and an `Idempotency-Key` is ignored. The consent that the privacy mode asks "
        "for must be given all the same. While the database is away the answer is 503.",
        CheckAnswer,
        tag=TAG,
        query=AccountAsked,
        body={
            JSON: (LeadRequest, FlatLead),
            FORM: (LeadForm,),
            MULTIPART: (LeadForm,),
        },
        examples=(Example("dry", "A lead that is not kept", DRY),),
        parameters=("X-Request-ID",),
        refusals=(*READING, 403, 422, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "POST",
        f"{PATH}/batch",
        "Check up to 1,000 leads",
        "Checks the leads in the order sent, each also against those before it. One item's fault "
        "never fails the rest: its place in `results` holds the error. `options` are the whole "
        "batch's: a dry run stores none of the leads.",
        BatchAnswer,
        tag=TAG,
        query=AccountAsked,
        body={JSON: (BatchRequest,)},
        examples=(Example("two", "One lead, and one that nobody can reach", BATCH),),
        parameters=("X-Request-ID",),
        refusals=(*READING, 403, 500, *STORING),
        scope="write:leads",
        signed=True,
    ),
    Operation(
        "GET",
        f"{PATH}/health",
        "Could a lead be checked now?",
        "Answers 200 if the database is reachable and migrated, else 503 and why.",
        ServiceHealth,
        tag=TAG,
        other_answers={503: ServiceHealth},
        refusals=(403, 429, 500),
    ),
    *DESK_OPERATIONS,
    *POLICIES,
    *TERMS,
    *FEEDBACK,
    *CAPS,
    *PINGS,
    *HOLDS,
    *SOURCES,
    *INTAKE,
    *IMPORTS,
    *IMPORTS_PAGE,
    *MODELS,
    *SCANS,
)
