"""What the API description says of the catalogue, with examples that work."""

from services.matching.catalogue_answer_schema import (
    CatalogueAnswer,
    ImportAnswer,
    ServiceAnswer,
    ServicesAnswer,
    VersionsAnswer,
)
from services.matching.catalogue_schema import (
    ExportPage,
    NewService,
    ServiceChange,
    ServicePage,
    ServicePlace,
    VersionPage,
)
from services.matching.import_schema import DescribedImport
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/services"

ONE = f"{PATH}/<service_id>"

VERSIONS = f"{ONE}/versions"

EXPORT, IMPORT = f"{PATH}/export", f"{PATH}/import"

TAG = "Matching"

PLAIN = ("X-Request-ID",)

LOAN = {
    "service_name": "Small business loan",
    "service_type": "loan",
    "provider_name": "First Example Bank",
    "target_audience": "business",
    "target_industries": ["restaurants", "retail"],
    "target_locations": ["Texas", {"place": "Denver, CO", "radius_km": 80}],
    "target_company_sizes": ["small", "medium"],
    "min_loan_amount": 5000,
    "max_loan_amount": 250000,
    "currency": "USD",
    "requirements": {"min_company_age_years": 2},
}

ADVICE = {
    "service_name": "Growth consulting",
    "service_type": "consulting",
    "target_locations": ["nationwide"],
}

CONTRADICTION = LOAN | {"min_loan_amount": 300000}

NOWHERE = ADVICE | {"target_locations": ["Qzxwvkj"]}


class ServiceQuery(ServicePage, Account):
    """Which services, and whose."""


class ExportQuery(ExportPage, Account):
    """Which part of a catalogue, and whose."""


class VersionQuery(VersionPage, Account):
    """Which part of a service's history, and whose."""


CATALOGUE_OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Add a service to the catalogue",
        "An empty list means any. Places and industries are read at once, and `understood` answers "
        "as what; what cannot be read, or contradicts itself, is refused by the name of its field, "
        "and nothing is stored. Fields of other names are ignored.",
        ServiceAnswer,
        tag=TAG,
        status=201,
        query=Account,
        body={JSON: (NewService,)},
        examples=(
            Example("loan", "A loan for small businesses", LOAN, status=201),
            Example("advice", "A service for everybody in the country", ADVICE, status=201),
            Example(
                "contradiction", "Refused: the least is above the most", CONTRADICTION, status=422
            ),
            Example("nowhere", "Refused: no place of that name", NOWHERE, status=422),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 409, 422, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "GET",
        PATH,
        "Which services are there?",
        "The account's services, newest first, inactive ones among them unless `is_active=true`.",
        ServicesAnswer,
        tag=TAG,
        query=ServiceQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "GET",
        EXPORT,
        "The catalogue as an import takes it",
        "Every service, oldest first, inactive ones among them, as `POST /services/import` takes "
        "it; up to 1,000 in one answer.",
        CatalogueAnswer,
        tag=TAG,
        query=ExportQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "POST",
        IMPORT,
        "Bring in a catalogue",
        "All of it or nothing: what is wrong is named by item and field. A service whose `id` is "
        "known gets a version that is like the item, if it differs; every other one is new, under "
        "its `id` if it has one. Services that the import does not name stay.",
        ImportAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (DescribedImport,)},
        examples=(
            Example("catalogue", "Two services", {"services": [LOAN, ADVICE]}),
            Example("faulty", "Refused: one is wrong", {"services": [LOAN, NOWHERE]}, status=422),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 409, 422, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "GET",
        ONE,
        "One service",
        "The service as it stands.",
        ServiceAnswer,
        tag=TAG,
        places=ServicePlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "PUT",
        ONE,
        "Change a service",
        "What the body leaves out stays as it is. Every change is a new version; with `version` it "
        "is refused (409) if somebody changed the service since you read it.",
        ServiceAnswer,
        tag=TAG,
        places=ServicePlace,
        query=Account,
        body={JSON: (ServiceChange,)},
        examples=(Example("more", "It lends more", {"max_loan_amount": 300000}),),
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 422, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "DELETE",
        ONE,
        "End a service",
        "No lead is matched with it any more. It stays for the history of its matches, inactive; "
        '`PUT {"is_active": true}` brings it back.',
        ServiceAnswer,
        tag=TAG,
        places=ServicePlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "GET",
        VERSIONS,
        "What was this service before?",
        "Every version, the latest first, with who made it and when.",
        VersionsAnswer,
        tag=TAG,
        places=ServicePlace,
        query=VersionQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
)
"""The routes of the catalogue."""
