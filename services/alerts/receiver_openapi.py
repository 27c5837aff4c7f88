"""What the API description says of receivers, with examples that work."""

from services.alerts.receiver_answer_schema import (
    DeliveriesAnswer,
    ReceiverAnswer,
    ReceiversAnswer,
    RemovedReceiverAnswer,
    ReplayAnswer,
    SecretReceiverAnswer,
    TrialAnswer,
)
from services.alerts.receiver_schema import (
    DeliveryPage,
    NewReceiver,
    ReceiverChange,
    ReceiverPage,
    ReceiverPlace,
    ReplayAsked,
)
from services.alerts.sent_fields import OfAccount
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/alerts/receivers"

ONE = f"{PATH}/<receiver_id>"

ROTATE, TEST = f"{ONE}/rotate", f"{ONE}/test"

DELIVERIES, REPLAY = f"{ONE}/deliveries", f"{ONE}/replay"

TAG = "Alerts"

SCOPE = "write:workflows"
"""Of every route here, reading ones too: an address is a person's, or a secret itself."""

PLAIN = ("X-Request-ID",)

SALES = {
    "name": "Sales",
    "channel": "email",
    "address": "sales@corp.example",
    "digest": "daily",
    "timezone": "Europe/Berlin",
    "quiet_hours": {"from": "20:00", "to": "07:00"},
}

CRM = {
    "name": "CRM",
    "channel": "webhook",
    "url": "https://crm.example.com/hooks/alerts",
    "least_priority": "high",
}

INSIDE = CRM | {"name": "Inside", "url": "http://169.254.169.254/latest/meta-data/"}


class ReceiverQuery(ReceiverPage, Account):
    """Which part of a list, and whose."""


class DeliveryQuery(DeliveryPage, Account):
    """Which deliveries, and whose."""


RECEIVER_OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Add somebody who hears of alerts",
        "The address is checked at once: an unknown channel, a broken address and one inside a "
        "network are refused, and nothing is stored. Messages of a `webhook` or `n8n` are signed "
        "by Standard Webhooks; the answer shows the secret this once.",
        SecretReceiverAnswer,
        tag=TAG,
        status=201,
        query=Account,
        body={JSON: (NewReceiver,)},
        examples=(
            Example("sales", "A mailbox, once a day", SALES, status=201),
            Example("crm", "A program, of what is important", CRM, status=201),
            Example("inside", "Refused: no public host", INSIDE, status=400),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 409, 422, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        PATH,
        "Who hears of alerts?",
        "The account's receivers, oldest first, without their addresses and secrets.",
        ReceiversAnswer,
        tag=TAG,
        query=ReceiverQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        ONE,
        "One receiver",
        "The receiver as it stands, without address and secret.",
        ReceiverAnswer,
        tag=TAG,
        places=ReceiverPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "PUT",
        ONE,
        "Change a receiver",
        "What the body leaves out stays as it is; the channel stays in any case. Another address, "
        "or `is_active: true`, makes it begin anew: earlier failures do not count.",
        ReceiverAnswer,
        tag=TAG,
        places=ReceiverPlace,
        query=Account,
        body={JSON: (ReceiverChange,)},
        examples=(Example("calm", "At most ten an hour", {"most_an_hour": 10}),),
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 422, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "DELETE",
        ONE,
        "Remove a receiver",
        "It hears nothing more, what was on its way to it is dropped, and its deliveries go with "
        "it. Rules that name it stay.",
        RemovedReceiverAnswer,
        tag=TAG,
        places=ReceiverPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "POST",
        ROTATE,
        "Give a receiver a new secret",
        "Of channels whose messages are signed. The answer shows it this once; the former secret "
        "signs nothing more.",
        SecretReceiverAnswer,
        tag=TAG,
        places=ReceiverPlace,
        query=Account,
        body={JSON: (OfAccount,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "POST",
        TEST,
        "Send a receiver a test message",
        "Sends it now, and tells within some seconds how it was taken. It is not tried again, and "
        "counts for nothing.",
        TrialAnswer,
        tag=TAG,
        places=ReceiverPlace,
        query=Account,
        body={JSON: (OfAccount,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        DELIVERIES,
        "What was it told, and how did it take it?",
        "Every notification to the receiver, newest first, with what the latest attempt came to.",
        DeliveriesAnswer,
        tag=TAG,
        places=ReceiverPlace,
        query=DeliveryQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "POST",
        REPLAY,
        "Try again what failed for good",
        "Puts dead letters to this receiver on their way again, at most 1,000; what failed before "
        "holds them up no more. Each is the same notification under the same id.",
        ReplayAnswer,
        tag=TAG,
        places=ReceiverPlace,
        query=Account,
        body={JSON: (ReplayAsked,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
)
"""The routes of receivers."""
