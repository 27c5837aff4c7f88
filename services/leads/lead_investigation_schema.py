"""What callers may say of an investigation that begins with a lead."""

from typing import Any

from marshmallow import fields, post_load

from services.leads.investigation_schema import LONGEST_DESCRIPTION, Name, Named
from services.leads.lead_investigation import Begun
from shared.fields import Text


class InvestigationOfLead(Named):
    """An investigation that begins with a lead; nothing need be said of it."""

    name = Name()
    description = Text("What is sought, and why.", longest=LONGEST_DESCRIPTION)
    move = fields.Boolean(
        truthy={True},
        falsy={False},
        load_default=False,
        metadata={"description": "Take the lead out of the investigation that it is in."},
    )

    @post_load
    def begun(self, data: dict[str, Any], **options: Any) -> Begun:
        """Return it as the flow takes it."""
        return Begun(data.get("name"), data.get("description") or "", data["move"])
