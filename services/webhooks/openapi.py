"""What the API description says of webhooks, with examples that work."""

from services.webhooks.answer_schema import (
    DeliveriesAnswer,
    RemovedAnswer,
    SecretWebhookAnswer,
    TrialAnswer,
    WebhookAnswer,
    WebhooksAnswer,
)
from services.webhooks.endpoint import MOST
from services.webhooks.schema import NewWebhook, Page, WebhookChange, WebhookPlace
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/webhooks"

ONE = f"{PATH}/<webhook_id>"

TAG = "Webhooks"

SCOPE = "write:workflows"
"""Of every route here, reading ones too: a webhook's address is often a secret itself."""

CRM = {
    "url": "https://crm.example.com/hooks/leadfly",
    "events": ["lead.created", "lead.late_duplicate"],
    "description": "CRM, production",
}

INSIDE = {"url": "http://169.254.169.254/latest/meta-data/", "events": ["lead.created"]}

PLAIN = ("X-Request-ID",)


class PageQuery(Page, Account):
    """Which part of a list, and whose."""


OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Have an address told what happens to leads",
        "From now on every event it names is POSTed there as `{event, timestamp, data}`, signed by "
        "Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`). `data` holds "
        "ids and verdicts, nothing that a lead said. A 2xx within 10 seconds is success; 410 "
        "deactivates the endpoint; redirects are not followed; anything else is tried again after "
        "about 1, 4 and 15 seconds, then longer, 12 times in three days. An event may come twice "
        "(compare `webhook-id`) and out of order. The answer shows the secret this once. An "
        f"account may have {MOST}.",
        SecretWebhookAnswer,
        tag=TAG,
        status=201,
        query=Account,
        body={JSON: (NewWebhook,)},
        examples=(
            Example("crm", "A CRM hears of new leads", CRM, status=201),
            Example("inside", "Refused: no public host", INSIDE, status=422),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 409, 422, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        PATH,
        "Which addresses are told?",
        "The account's endpoints, oldest first, without their secrets.",
        WebhooksAnswer,
        tag=TAG,
        query=PageQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        ONE,
        "One endpoint",
        "The endpoint as it stands, without its secret.",
        WebhookAnswer,
        tag=TAG,
        places=WebhookPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "PUT",
        ONE,
        "Change an endpoint",
        "What the body leaves out stays as it is. Another address, or `active: true`, makes it "
        "begin anew: earlier failures do not count.",
        WebhookAnswer,
        tag=TAG,
        places=WebhookPlace,
        query=Account,
        body={JSON: (WebhookChange,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 422, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "DELETE",
        ONE,
        "Remove an endpoint",
        "It hears nothing more, and what was on its way to it is dropped.",
        RemovedAnswer,
        tag=TAG,
        places=WebhookPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "POST",
        f"{ONE}/rotate",
        "Give an endpoint a new secret",
        "The answer shows it this once. For 24 hours messages carry two signatures, the new "
        "secret's first, so that a receiver may change over without losing one.",
        SecretWebhookAnswer,
        tag=TAG,
        places=WebhookPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "POST",
        f"{ONE}/test",
        "Send an endpoint a test message",
        "Sends `webhook.test`, signed as any other, and tells within 5 seconds what the endpoint "
        "answered. It is not tried again, and counts for nothing.",
        TrialAnswer,
        tag=TAG,
        places=WebhookPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        f"{ONE}/deliveries",
        "What was it told, and how did it take it?",
        "Every event on its way to the endpoint, newest first, with what the latest attempt came "
        "to and when the next is. They are kept as long as their events, 90 days.",
        DeliveriesAnswer,
        tag=TAG,
        places=WebhookPlace,
        query=PageQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
)
