"""Which leads callers may take out, and what they hear of it afterwards."""

from marshmallow import RAISE, fields, validate

from services.leads.change_answer_schema import next_after
from services.leads.filter_schema import Filtering
from services.leads.investigation_schema import moment, number, text
from shared.answers import Stamped
from shared.fields import Form
from shared.privacy.purposes import LEAD_PROCESSING, PURPOSES
from shared.web.query import Account


class Exporting(Filtering):
    """Which leads are to be exported, and why."""

    purpose = fields.String(
        load_default=LEAD_PROCESSING,
        validate=validate.OneOf([*PURPOSES], error=f"must be one of {', '.join(PURPOSES)}"),
        metadata={
            "description": "What the file is for. Leads are left out whose person withdrew the "
            "latest consent, or gave none for this purpose where the privacy mode asks for one.",
            "examples": ["marketing"],
        },
    )
    bom = fields.Boolean(
        load_default=False,
        metadata={
            "description": "True: a byte order mark comes first, by which some spreadsheets know "
            "UTF-8."
        },
    )


class ExportQuery(Exporting, Account):
    """What is to be exported, of whom; a filter that does not exist is refused."""

    class Meta:
        unknown = RAISE


class ExportPlace(Form):
    """Which export."""

    export_id = fields.UUID(
        required=True, metadata={"description": "The header `X-Export-ID` of its file."}
    )


class LeadExport(Form):
    """Leads that somebody took out."""

    id = fields.UUID(required=True, metadata={"description": "This export."})
    purpose = text("What it was for.", validate=validate.OneOf([*PURPOSES]))
    filter = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={
            "description": "Which leads were asked for; of a text search, only that there was one."
        },
    )
    leads = number("Leads that were handed out.")
    left_out = number("Leads that were left out for want of a consent.")
    begun_at = moment("When it began: ISO 8601, UTC.")
    begun_by = text("Who asked for it: the prefix of an API key, or `local`.")
    ended_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When the last lead left; null if it goes on, or broke off."},
    )


class ExportAnswer(Stamped):
    """One export."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    export = fields.Nested(LeadExport, required=True, metadata={"description": "The export."})


class ExportsAnswer(Stamped):
    """A page of exports, newest first."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = number("Exports on this page.")
    exports = fields.List(
        fields.Nested(LeadExport), required=True, metadata={"description": "The exports."}
    )
    next_after = next_after()
