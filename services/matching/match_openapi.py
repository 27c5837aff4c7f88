"""What the API description says of stored matches, with examples that work."""

from services.matching.answer_schema import (
    HistoryAnswer,
    KeptAnswer,
    MatchesAnswer,
    RankedAnswer,
    StatusAnswer,
)
from services.matching.catalogue_openapi import ONE as SERVICE
from services.matching.catalogue_schema import ServicePlace
from services.matching.match_schema import (
    LeadPlace,
    LeadsPage,
    MatchesPage,
    Matching,
    MatchPlace,
    StatusChange,
)
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

API = "/api/v1/lead-discovery"

MATCH = f"{API}/leads/<lead_id>/match"

MATCHES = f"{API}/leads/<lead_id>/matches"

OF_MATCH = f"{API}/matches/<match_id>"

STATUS = f"{OF_MATCH}/status"

OF_SERVICE = f"{SERVICE}/leads"

TAG = "Matching"

PLAIN = ("X-Request-ID",)


class MatchingQuery(Matching, Account):
    """How a lead is matched, and whose."""


class MatchesQuery(MatchesPage, Account):
    """Which matches of a lead, and whose."""


class LeadsQuery(LeadsPage, Account):
    """Which leads of a service, and whose."""


MATCH_OPERATIONS = (
    Operation(
        "POST",
        MATCH,
        "Match a stored lead, and keep its matches",
        "What is kept of a lead and a service is one match: scored anew it keeps its `match_id` "
        "and its status, and its former scores stay in its history. All that was kept before is "
        "scored anew with it. `high_score_match` is told of a match of 75 and more that was not "
        "told before, or rose by 5 since. With `assign` the lead is given to the best service that "
        "has room today, by turns among services within half a point, and `lead_assigned` is told; "
        "once given, it stays, unless `reassign` names the match that it is to leave. Where the "
        "privacy mode asks for a consent to `lead_processing` that does not stand, the answer is "
        "403 and nothing is kept.",
        KeptAnswer,
        tag=TAG,
        places=LeadPlace,
        query=MatchingQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 422, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "GET",
        MATCHES,
        "The kept matches of a lead",
        "The best first, as the latest scoring found them.",
        MatchesAnswer,
        tag=TAG,
        places=LeadPlace,
        query=MatchesQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "GET",
        OF_MATCH,
        "What became of a match?",
        "The match with every status that it had, and its scores where they changed by a point.",
        HistoryAnswer,
        tag=TAG,
        places=MatchPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "PUT",
        STATUS,
        "Say what became of a match",
        "Any status may follow any other; every change stays in the history, with who made it.",
        StatusAnswer,
        tag=TAG,
        places=MatchPlace,
        query=Account,
        body={JSON: (StatusChange,)},
        examples=(
            Example("contacted", "Somebody called", {"status": "contacted", "notes": "By phone."}),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "GET",
        OF_SERVICE,
        "Which leads fit this service best?",
        "All leads that may have it, the best first, matched before or not: neither duplicates nor "
        "invalid ones, and none whose person withdrew the consent or never gave the one that the "
        "privacy mode asks for. What the lead said of itself stands in `GET /leads/{id}`. All "
        "pages are ranked as of the first; a service that was changed since, or is inactive, is a "
        "409.",
        RankedAnswer,
        tag=TAG,
        places=ServicePlace,
        query=LeadsQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 409, 422, 500, *STORING),
        scope="read:leads",
    ),
)
"""The routes of stored matches."""
