"""What callers may ask of many leads at once, and what they get back."""

from typing import Any

from marshmallow import RAISE, ValidationError, fields, validate, validates_schema

from services.leads.bulk import MOST, SAMPLE
from services.leads.change import FIELDS
from services.leads.change_answer_schema import next_after, value
from services.leads.change_schema import BulkChanging, OfAccount
from services.leads.filter_schema import Filtering
from services.leads.investigation_schema import moment, number, text
from services.leads.lead_answer_schema import LeadShown
from shared.answers import Stamped
from shared.fields import Form, Switch

LONGEST_SELECTION = 64
"""Characters; a digest of ours has 32."""


class BulkFilter(Filtering):
    """Which leads; filters as of the list of leads, and one that does not exist is refused."""

    class Meta:
        unknown = RAISE


class BulkOrder(OfAccount):
    """One change to many leads: those that a filter means, or those that are named."""

    json_schema: dict[str, Any] = {  # noqa: RUF012 (read by the description alone)
        "anyOf": [{"required": ["filter"]}, {"required": ["lead_ids"]}]
    }

    filter = fields.Nested(
        BulkFilter,
        metadata={"description": "The leads that are all of this; `{}` means all but duplicates."},
    )
    lead_ids = fields.List(
        fields.UUID(),
        validate=validate.Length(min=1, max=MOST, error=f"must name 1 to {MOST} leads"),
        metadata={
            "description": "These leads, duplicates too; with a filter, those of them that it "
            "means."
        },
    )
    change = fields.Nested(
        BulkChanging, required=True, metadata={"description": "What is to be otherwise."}
    )
    preview = Switch("true: only tell what would change. Absent, it is done.")
    limit = fields.Integer(
        allow_none=True,
        validate=validate.Range(min=1, max=MOST, error=f"must be from 1 to {MOST}"),
        metadata={
            "description": "At most so many, the longest known first. Absent, a filter that means "
            f"more than {MOST} leads is refused."
        },
    )
    expected_count = fields.Integer(
        allow_none=True,
        validate=validate.Range(min=0, max=MOST, error=f"must be from 0 to {MOST}"),
        metadata={
            "description": "`would_change` of the preview: if it is another number by now, nothing "
            "is changed (409)."
        },
    )
    selection = fields.String(
        allow_none=True,
        validate=validate.Length(max=LONGEST_SELECTION, error="is no selection of ours"),
        metadata={
            "description": "`selection` of the preview: if it means other leads by now, nothing is "
            "changed (409)."
        },
    )

    @validates_schema
    def of_something(self, data: dict[str, Any], **options: Any) -> None:
        """Raise ValidationError unless leads are meant."""
        if "filter" not in data and "lead_ids" not in data:
            raise ValidationError({"filter": ["is required, or lead_ids"]})


class BulkPlace(Form):
    """Which bulk action."""

    bulk_id = fields.UUID(
        required=True, metadata={"description": "The `bulk.id` that the action answered."}
    )


class BulkCounts(Form):
    """What becomes of the leads that are meant."""

    leads = number("Leads that are meant and may be worked on.")
    would_change = number("Those of them that get another value; done, those that got one.")
    already_so = number("Those of them that stay as they are.")
    missing = number("Of `lead_ids`, those that are not there.")
    without_consent = number(
        "Leads left alone: the privacy mode asks for a consent that their person does not give."
    )
    left_invalid = number(
        "Leads among `leads` that keep the status `invalid`: only a filter with that status "
        "gives them another one."
    )
    not_listed = number("Leads stored a moment ago that nobody could look at yet.")
    fields_ = fields.Dict(
        keys=fields.String(validate=validate.OneOf(FIELDS)),
        values=fields.Integer(),
        required=True,
        data_key="fields",
        metadata={"description": "By field, how many leads get another value."},
    )
    selection = text("Names exactly these leads; send it back with the action.")


class BulkDifference(Form):
    """One field that would have another value."""

    field = text("Which.", validate=validate.OneOf(FIELDS))
    before = value("Its value now.")
    after = value("Its value then.")


class BulkSampled(Form):
    """One lead that would change."""

    lead = fields.Nested(LeadShown, required=True, metadata={"description": "As it is now."})
    changes = fields.List(
        fields.Nested(BulkDifference), required=True, metadata={"description": "What changes."}
    )


class BulkPreview(BulkCounts):
    """What an action would do."""

    sample = fields.List(
        fields.Nested(BulkSampled),
        required=True,
        metadata={"description": f"The first {SAMPLE} leads that would change."},
    )


class BulkAction(Form):
    """One change that was made to many leads."""

    id = fields.UUID(required=True, metadata={"description": "This action."})
    change = fields.Dict(
        keys=fields.String(), required=True, metadata={"description": "What was set."}
    )
    leads = number("How many leads got another value.")
    made_at = moment("When: ISO 8601, UTC.")
    made_by = text("Who did: the prefix of an API key, or `local`.")
    undone_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When it was taken back; null if it was not."},
    )
    undone_by = text("Who took it back.", allow_none=True)
    put_back = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "How many leads got values from before."},
    )
    changed_since = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "How many values were left, for somebody had changed them since."},
    )


class BulkAnswer(Stamped):
    """What an action would do, or did."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    preview = fields.Nested(
        BulkPreview, metadata={"description": "What it would do; only if that was asked for."}
    )
    bulk = fields.Nested(
        BulkAction,
        allow_none=True,
        metadata={"description": "The action; null if nothing was to be changed."},
    )
    counts = fields.Nested(
        BulkCounts, metadata={"description": "What became of the leads that were meant."}
    )


class BulkOneAnswer(Stamped):
    """One bulk action."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    bulk = fields.Nested(
        BulkAction, required=True, metadata={"description": "The action as it stands."}
    )


class BulkUndoneAnswer(BulkOneAnswer):
    """One bulk action after it was taken back."""

    changed = fields.Boolean(
        required=True, metadata={"description": "False if it was taken back before."}
    )


class BulkActionsAnswer(Stamped):
    """A page of bulk actions, newest first."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = number("Actions on this page.")
    bulk = fields.List(
        fields.Nested(BulkAction), required=True, metadata={"description": "The actions."}
    )
    next_after = next_after()
