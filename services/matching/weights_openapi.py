"""What the API description says of weights that are learned from outcomes."""

from services.matching.catalogue_openapi import ONE
from services.matching.catalogue_schema import ServicePlace
from services.matching.weights_answer_schema import LessonAnswer, WeightsAnswer
from services.matching.weights_schema import Learning, WeightsChange
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

WEIGHTS = f"{ONE}/weights"

LEARN = f"{WEIGHTS}/learn"

TAG = "Matching"

PLAIN = ("X-Request-ID",)

WEIGHTS_OPERATIONS = (
    Operation(
        "GET",
        WEIGHTS,
        "Which weights does this service have, and what was learned?",
        "The weights in force, every set that was learned with how well it foretold outcomes that "
        "were held out, why it was not accepted, and who put which in force.",
        WeightsAnswer,
        tag=TAG,
        places=ServicePlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "POST",
        LEARN,
        "Learn weights from outcomes now",
        "From what became of the service's matches: `converted` and `interested` speak for, "
        "`not_interested` against. It is accepted only if it foretells outcomes that were held out "
        "better than the usual weights do, by more than chance; then it is put in force, unless "
        "`apply` is false. Learned twice from the same outcomes, it is one set.",
        LessonAnswer,
        tag=TAG,
        places=ServicePlace,
        query=Account,
        body={JSON: (Learning,)},
        examples=(Example("look", "Learn, and change nothing", {"apply": False}),),
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "PUT",
        WEIGHTS,
        "Put weights in force, or take them back",
        "Weights in force are part of the service: a change is a version of it. A set that was not "
        "accepted is a 409.",
        WeightsAnswer,
        tag=TAG,
        places=ServicePlace,
        query=Account,
        body={JSON: (WeightsChange,)},
        examples=(
            Example("back", "The usual weights again", {"version": "default"}),
            Example("nightly", "What the worker may do", {"learning": "propose"}),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope="write:leads",
    ),
)
"""The routes of weights."""
