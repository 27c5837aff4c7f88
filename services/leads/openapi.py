"""What the API description says of leads: what each part says, in one place."""

from services.leads.analytics_openapi import OPERATIONS as ANALYTICS
from services.leads.bulk_openapi import BULK_OPERATIONS
from services.leads.change_openapi import CHANGE_OPERATIONS
from services.leads.creation_openapi import CREATION_OPERATIONS
from services.leads.export_openapi import EXPORT_OPERATIONS
from services.leads.investigation_openapi import INVESTIGATION_OPERATIONS
from services.leads.lead_investigation_openapi import LEAD_INVESTIGATION_OPERATIONS
from services.leads.lead_openapi import LEAD_OPERATIONS
from services.leads.local_openapi import OPERATIONS as LOCAL
from services.leads.place_openapi import OPERATIONS as PLACES
from shared.web.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *LEAD_OPERATIONS,
    *CREATION_OPERATIONS,
    *INVESTIGATION_OPERATIONS,
    *LEAD_INVESTIGATION_OPERATIONS,
    *LOCAL,
    *PLACES,
    *ANALYTICS,
    *CHANGE_OPERATIONS,
    *BULK_OPERATIONS,
    *EXPORT_OPERATIONS,
)
