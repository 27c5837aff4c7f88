"""What the API description says of alerts and of what is done with them."""

from services.alerts.alert_answer_schema import (
    ActedAnswer,
    AlertAnswer,
    AlertsAnswer,
    HistoryAnswer,
    SeveralAnswer,
    SummaryAnswer,
)
from services.alerts.alert_schema import (
    AlertPage,
    AlertPlace,
    Assigned,
    Noted,
    Several,
    Snoozed,
)
from shared.fields import Form
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/alerts"

ONE = f"{PATH}/<alert_id>"

SUMMARY, HISTORY = f"{PATH}/summary", f"{ONE}/history"

TAG = "Alerts"

READ, SCOPE = "read:leads", "write:leads"

PLAIN = ("X-Request-ID",)

NOBODY = {"alert_ids": ["0198c1de-0a1b-7c2d-8e3f-405162738495"]}


class AlertQuery(AlertPage, Account):
    """Which alerts, and whose."""


def _act(
    name: str,
    summary: str,
    description: str,
    body: type[Form] = Noted,
    example: Example | None = None,
) -> Operation:
    return Operation(
        "PUT",
        f"{ONE}/{name}",
        summary,
        f"{description} To do it twice is to do it once. An alert whose status does not allow it "
        "is a 409.",
        ActedAnswer,
        tag=TAG,
        places=AlertPlace,
        query=Account,
        body={JSON: (body,)},
        examples=(example,) if example else (),
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope=SCOPE,
    )


def _several(name: str, summary: str) -> Operation:
    return Operation(
        "PUT",
        f"{PATH}/{name}",
        summary,
        "Up to 1,000, named by `alert_ids`. One that is not there, or whose status does not allow "
        "it, is named in `left` and keeps none of the others back.",
        SeveralAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (Several,)},
        examples=(Example("unknown", "One that is not there is left", NOBODY),),
        parameters=PLAIN,
        refusals=(*READING, 403, 500, *STORING),
        scope=SCOPE,
    )


ALERT_OPERATIONS = (
    Operation(
        "GET",
        PATH,
        "Which alerts are there?",
        "The account's alerts, newest first, whoever was told of them.",
        AlertsAnswer,
        tag=TAG,
        query=AlertQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "GET",
        SUMMARY,
        "How many alerts were there?",
        "Those that came within the last seven days, by what became of them.",
        SummaryAnswer,
        tag=TAG,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope=READ,
    ),
    _several("read", "Note that several alerts were read"),
    _several("dismiss", "Dismiss several alerts"),
    Operation(
        "GET",
        ONE,
        "One alert",
        "The alert as it stands.",
        AlertAnswer,
        tag=TAG,
        places=AlertPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "GET",
        HISTORY,
        "What became of an alert?",
        "What people did with it, every decision whether to tell a receiver, with its reason as a "
        "word, and what was sent.",
        HistoryAnswer,
        tag=TAG,
        places=AlertPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=READ,
    ),
    _act("read", "Note that an alert was read", "It stays open."),
    _act(
        "acknowledge",
        "Say that you have it",
        "It stays open, is told nobody again, and does not escalate.",
    ),
    _act(
        "unacknowledge",
        "Give an alert back",
        "It is told again, and its escalation begins anew.",
    ),
    _act(
        "assign",
        "Say who is to look after an alert",
        "The name is yours, and stored in clear: an id of your own does best.",
        Assigned,
        Example("team", "A team's", {"assigned_to": "team-a"}),
    ),
    _act(
        "snooze",
        "Put an alert off",
        "Nobody is told of it before; then it is told again.",
        Snoozed,
        Example("hour", "For an hour", {"minutes": 60}),
    ),
    _act("action", "Say that it was acted on", "It ends; rules are judged by it."),
    _act("dismiss", "Say that it was worth nothing", "It ends; rules are judged by it."),
    _act("resolve", "Say that it is no longer so", "It ends."),
    _act("reopen", "Open an alert again", "It is read, and its escalation begins anew."),
)
"""The routes of alerts. One that ended and happens again is another alert."""
