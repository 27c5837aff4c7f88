"""What the API description says of leads that are given to services."""

from services.matching.catalogue_openapi import ONE
from services.matching.catalogue_schema import ServicePlace
from services.matching.giving_schema import AssignmentsAnswer, DayPage
from shared.web.operation import STORING, Operation
from shared.web.query import Account

ASSIGNMENTS = f"{ONE}/assignments"

TAG = "Matching"


class DayQuery(DayPage, Account):
    """Which leads that a service was given, and whose."""


GIVING_OPERATIONS = (
    Operation(
        "GET",
        ASSIGNMENTS,
        "Which leads was this service given?",
        "Those of a day, the provider's by the time zone of its `active_hours`, else UTC. An "
        "erased lead is no longer listed, but counts in `given`. A lead that was given to another "
        "service since stands here, too: its provider had it.",
        AssignmentsAnswer,
        tag=TAG,
        places=ServicePlace,
        query=DayQuery,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
)
"""The routes of leads that are given to services."""
