"""What callers ask of the list of leads and of one lead."""

from marshmallow import RAISE, fields, validate

from services.leads.filter_schema import Filtering
from services.leads.page import DEEPEST, LONGEST_PAGE, PAGE, SORTS
from shared.fields import Form
from shared.web.query import Account


class LeadPlace(Form):
    """Where one lead is found."""

    lead_id = fields.UUID(required=True, metadata={"description": "The lead's `id`."})


class Paging(Form):
    """Which part of a list is asked for."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many leads at most."},
    )
    offset = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=DEEPEST, error=f"must be from 0 to {DEEPEST}"),
        metadata={
            "description": "How many leads to pass over. What lies deep is found slowly, and may "
            "be seen twice while leads come in: `after` is neither."
        },
    )
    after = fields.String(
        load_default=None,
        validate=validate.Length(min=1, max=200, error="is no next_after of ours"),
        metadata={"description": "`next_after` of the page before; the same filters and sort."},
    )
    sort = fields.String(
        load_default=None,
        validate=validate.OneOf(SORTS, error=f"must be one of {', '.join(SORTS)}"),
        metadata={
            "description": "`strongest` signals first, among equals the newest; `newest`; "
            "`oldest`; `nearest`, with `near`. Absent: the strongest."
        },
    )


class LeadQuery(Filtering, Paging, Account):
    """Which leads are asked for, of whom; a filter that does not exist is refused."""

    class Meta:
        unknown = RAISE
