"""What the API description says of an account's models."""

from services.dedup.training.model_schema import (
    ModelPage,
    ModelPlace,
    ModelsAnswer,
    ModelUse,
    ModelUsedAnswer,
)
from shared.web.operation import JSON, READING, STORING, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/models"

TAG = "Models"


class ModelQuery(ModelPage, Account):
    """Whose models are asked for."""


OPERATIONS = (
    Operation(
        "GET",
        PATH,
        "Which models has this account trained, and which decides?",
        "Shows each version with what it was fitted to and what held-out pairs said of it. "
        "`leadfly train` makes them.",
        ModelsAnswer,
        tag=TAG,
        query=ModelQuery,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "POST",
        f"{PATH}/<model_version>/use",
        "Let a model decide",
        "Every lead is decided by it within 5 seconds. Decisions that were taken stay as they are. "
        "`standard` goes back to the model of accounts without one of their own.",
        ModelUsedAnswer,
        tag=TAG,
        places=ModelPlace,
        query=Account,
        body={JSON: (ModelUse,)},
        parameters=("X-Request-ID",),
        refusals=(*READING, 403, 404, 422, 500, *STORING),
        scope="admin:account",
    ),
)
