"""What the API description says of consents that are withdrawn, with examples that work."""

from services.privacy.schema import LeadPlace
from services.privacy.withdrawal_schema import ConsentsAnswer, NewWithdrawal, WithdrawnAnswer
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

WITHDRAWALS = "/api/v1/lead-discovery/privacy/withdrawals"
CONSENTS = "/api/v1/lead-discovery/leads/<lead_id>/consents"

TAG = "Privacy"

ADA = {"email": "ada@analytical.example"}

WITHDRAWAL_OPERATIONS = (
    Operation(
        "POST",
        WITHDRAWALS,
        "Withdraw a consent",
        "What somebody agreed to ends at once, wholly or for the `purposes` named: in exports, "
        "matches, enrichment, alerts and tracking. Named by `lead_id`, the person of that lead "
        "withdrew; by `identifiers`, everybody who gave one of them, and whoever comes with it "
        "later, known or not. A consent that is given later counts again. Said twice, it is "
        "written down once. The event `consent.withdrawn` tells of each person.",
        WithdrawnAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (NewWithdrawal,)},
        examples=(
            Example("all", "Somebody wants no more of it", {"identifiers": ADA}),
            Example(
                "marketing",
                "Somebody wants no offers",
                {"identifiers": ADA, "purposes": ["marketing"], "channel": "phone"},
            ),
            Example("nobody", "Refused: of whom?", {"purposes": ["marketing"]}, status=400),
        ),
        parameters=("X-Request-ID",),
        refusals=(*READING, 403, 404, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "GET",
        CONSENTS,
        "What a lead's person agreed to",
        "Where they stand, by the latest word of all their records, and every word: consents, "
        "withdrawals and objections, with when, by whom and through what. Proofs are not shown.",
        ConsentsAnswer,
        tag=TAG,
        places=LeadPlace,
        query=Account,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
)
