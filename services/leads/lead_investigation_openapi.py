"""What the API description says of an investigation that begins with a lead."""

from services.leads.investigation_schema import InvestigationAnswer
from services.leads.lead_investigation_schema import InvestigationOfLead
from services.leads.lead_schema import LeadPlace
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

OF_LEAD = "/api/v1/lead-discovery/leads/<lead_id>/investigation"

LEAD_INVESTIGATION_OPERATIONS = (
    Operation(
        "POST",
        OF_LEAD,
        "Begin an investigation with a lead",
        "A new open investigation that the lead joins at once; without a `name` it is called after "
        "the lead's id. A lead that is in another investigation is a 409, unless `move` is true.",
        InvestigationAnswer,
        tag="Leads",
        status=201,
        places=LeadPlace,
        query=Account,
        body={JSON: (InvestigationOfLead,)},
        examples=(
            Example(
                "begin",
                "Look into whom a lead has to do with",
                {"name": "Ring of applications", "move": True},
                status=201,
            ),
        ),
        parameters=("X-Request-ID",),
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope="write:leads",
    ),
)
