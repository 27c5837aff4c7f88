"""What the API description says of the routes of terms, with examples that work."""

from services.dedup.trade.terms_answer_schema import (
    EffectiveAnswer,
    LeadOf,
    ScopePage,
    ScopesAnswer,
    TermsAnswer,
    Whose,
)
from services.dedup.trade.terms_schema import TermsChange
from shared.web.operation import JSON, READING, STORING, Example, Operation

PATH = "/api/v1/lead-discovery/terms"

SCOPES, EFFECTIVE = f"{PATH}/scopes", f"{PATH}/effective"

TAG = "Terms of the trade"

BUYERS = {
    "buyer_id": "solar-inc",
    "lookback": [
        {"keys": ["email", "phone"], "within_days": 30, "across": "buyer", "on_hit": "reject"}
    ],
    "caps": [{"most": 20, "per": "day"}],
    "schedule": [{"day": "monday", "begins": "09:00", "ends": "17:30"}],
    "zone": "America/New_York",
    "return_days": 14,
    "return_reasons": ["wrong_number", "duplicate"],
}

CONTRADICTING = {"lookback": [{"within_days": 30, "across": "listed"}]}

SOON = "It holds for every lead within 5 seconds."

REFUSED = (400, 403, 500, *STORING)

OPERATIONS = (
    Operation(
        "GET",
        PATH,
        "On what terms are leads taken?",
        "Shows what is set for a source, a buyer, a campaign or any of these together; without a "
        "name, for the account.",
        TermsAnswer,
        tag=TAG,
        query=Whose,
        parameters=("X-Request-ID",),
        refusals=REFUSED,
        scope="read:leads",
    ),
    Operation(
        "PUT",
        PATH,
        "Set terms",
        "Replaces all that was set for a source, a buyer, a campaign or any of these together, as "
        "body or query name them; without a name, for the account. Of each setting the most "
        "particular scope holds that says something: more names before fewer, then a buyer before "
        f"a campaign, and a campaign before a source. {SOON}",
        TermsAnswer,
        tag=TAG,
        query=Whose,
        body={JSON: (TermsChange,)},
        examples=(
            Example("buyer", "A buyer's terms", BUYERS),
            Example("contradicting", "Refused: no sources are listed", CONTRADICTING, status=422),
        ),
        parameters=("X-Request-ID",),
        refusals=(*READING, 403, 409, 422, 500, *STORING),
        scope="admin:account",
    ),
    Operation(
        "DELETE",
        PATH,
        "Unset terms",
        f"What wider scopes say holds again; nothing else is lost. {SOON}",
        TermsAnswer,
        tag=TAG,
        query=Whose,
        parameters=("X-Request-ID",),
        refusals=REFUSED,
        scope="admin:account",
    ),
    Operation(
        "GET",
        SCOPES,
        "For whom are there terms?",
        "Lists every scope for which anything is set, and what.",
        ScopesAnswer,
        tag=TAG,
        query=ScopePage,
        parameters=("X-Request-ID",),
        refusals=REFUSED,
        scope="read:leads",
    ),
    Operation(
        "GET",
        EFFECTIVE,
        "What would hold for a lead?",
        "Shows of each setting that which would hold for a lead of this source, buyer and "
        "campaign, and whose it is.",
        EffectiveAnswer,
        tag=TAG,
        query=LeadOf,
        parameters=("X-Request-ID",),
        refusals=REFUSED,
        scope="read:leads",
    ),
)
