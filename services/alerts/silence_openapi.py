"""What the API description says of silences, with examples that work."""

from services.alerts.silence_answer_schema import SilenceAnswer, SilencesAnswer
from services.alerts.silence_schema import NewSilence, SilencePage, SilencePlace
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/alerts/silences"

ONE = f"{PATH}/<silence_id>"

TAG = "Alerts"

SCOPE = "write:workflows"
"""Of what keeps others from hearing."""

READ = "read:leads"

PLAIN = ("X-Request-ID",)

IMPORT = {
    "matchers": {"alert_type": "new_lead", "source_id": "old-crm"},
    "minutes": 120,
    "comment": "Import of old leads",
}

EVERYTHING = IMPORT | {"matchers": {}}

SEALED = IMPORT | {"matchers": {"latitude": 30.27}}


class SilenceQuery(SilencePage, Account):
    """Which silences, and whose."""


SILENCE_OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Ask for silence",
        "Alerts whose facts equal all `matchers` are raised and listed, and told to nobody while "
        "it lasts. Without matchers, or of a fact that is not kept, it is refused.",
        SilenceAnswer,
        tag=TAG,
        status=201,
        query=Account,
        body={JSON: (NewSilence,)},
        examples=(
            Example("import", "While old leads are imported", IMPORT, status=201),
            Example(
                "everything", "Refused: it matches nothing in particular", EVERYTHING, status=400
            ),
            Example("sealed", "Refused: alerts do not keep that fact", SEALED, status=400),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 409, 422, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        PATH,
        "What is silenced?",
        "The account's silences, oldest first, those that ended among them unless `active=true`.",
        SilencesAnswer,
        tag=TAG,
        query=SilenceQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "GET",
        ONE,
        "One silence",
        "The silence as it stands.",
        SilenceAnswer,
        tag=TAG,
        places=SilencePlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "DELETE",
        ONE,
        "End a silence",
        "It ends now, and stays listed; what it kept back is told as far as it is still open.",
        SilenceAnswer,
        tag=TAG,
        places=SilencePlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
)
"""The routes of silences."""
