"""What the API description says of the link that ends digests."""

from services.alerts.unsubscribe_schema import UnsubscribePlace
from services.alerts.unsubscribing import PATH
from shared.web.operation import HTML, STORING, Operation

ONE = f"{PATH}/<unsubscribe_token>"

TAG = "Alerts"

PAGE = {"type": "string"}

OPERATIONS = (
    Operation(
        "GET",
        ONE,
        "Show the page that ends digests",
        "The link at the end of a digest leads here. Changes nothing. A link that opens nothing is "
        "a 404: a page too, for whoever asks for `text/html`.",
        PAGE,
        tag=TAG,
        answers_as=HTML,
        places=UnsubscribePlace,
        refusals=(404, 429),
    ),
    Operation(
        "POST",
        ONE,
        "End digests, by one click",
        "What mail readers call for `List-Unsubscribe-Post` (RFC 8058). The receiver becomes "
        "inactive; its owner sees that its reader asked for it.",
        PAGE,
        tag=TAG,
        answers_as=HTML,
        places=UnsubscribePlace,
        refusals=(404, *STORING),
    ),
)
