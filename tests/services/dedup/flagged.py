"""Leads that a person has to look at, whatever today's model makes of them."""

from dataclasses import replace

import orjson

from services.dedup.check import check
from services.dedup.decision import REVIEW, Decision
from services.dedup.verdict import verdict
from tests.services.dedup.arrivals import lead, rendered

REVIEWS = "/api/v1/lead-discovery/reviews"

ADA = {
    "email": "ada@analytical.example",
    "phone": "+44 20 7946 0958",
    "first_name": "Ada",
    "last_name": "Lovelace",
}
"""The known person."""

KING = {
    "email": "countess@king.example",
    "phone": "+44 20 7946 0958",
    "first_name": "Ada",
    "last_name": "King",
}
"""She may be Ada: one number, another mailbox and family name."""


def doubting(*arguments, **options):
    """Return the verdict, but for its decision: a person shall look at the lead."""
    reached = verdict(*arguments, **options)
    return replace(reached, decision=Decision(REVIEW, "possible_duplicate", True, False))


def flagged(database, gate, tenant_id, fields=KING, **said):
    """Store a lead that is flagged; return its answer."""
    one = lead(gate, tenant_id, fields, **said)
    (answered,) = check(database, gate, tenant_id, [one], rendered, judge=doubting)
    answer = orjson.loads(answered.body)
    assert answer["action_taken"] == "flag_for_review"
    assert answer["match_details"]["lead_id"], "the lead that it may be was found"
    return answer
