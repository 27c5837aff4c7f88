"""What callers may ask of rematches, and what they get back."""

from typing import Any

from marshmallow import fields, post_load, validate

from services.matching.catalogue_schema import OfAccount
from services.matching.rematch import (
    KEPT,
    MIN_MATCH_SCORE,
    MOST_KEPT,
    STATUSES,
    Order,
    ordered,
)
from shared.answers import Stamped
from shared.fields import Form

MOST_SERVICES = 1000
"""Services that one order names; without any it means all."""

PAGE, LONGEST_PAGE = 20, 100
"""Jobs in one answer: unless the caller asks for another number, and at most."""


class RematchPlace(Form):
    """Which rematch."""

    rematch_id = fields.UUID(required=True, metadata={"description": "The rematch's `id`."})


class RematchPage(Form):
    """Which rematches."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )


class NewRematch(OfAccount):
    """What is to be matched anew."""

    service_ids = fields.List(
        fields.UUID(),
        allow_none=True,
        validate=validate.Length(max=MOST_SERVICES, error=f"must list at most {MOST_SERVICES}"),
        metadata={"description": "Only with these services; absent or empty, with all active."},
    )
    min_match_score = fields.Float(
        load_default=MIN_MATCH_SCORE,
        validate=validate.Range(min=0, max=100, error="must be from 0 to 100"),
        metadata={"description": "Services that match at least so well are kept for a lead."},
    )
    limit = fields.Integer(
        load_default=KEPT,
        validate=validate.Range(min=1, max=MOST_KEPT, error=f"must be from 1 to {MOST_KEPT}"),
        metadata={"description": "The best so many are kept for each lead."},
    )
    tell = fields.Boolean(
        load_default=False,
        metadata={"description": "True: webhooks hear `high_score_match` of what is news."},
    )

    @post_load
    def order(self, data: dict[str, Any], **options: Any) -> Order:
        """Return it as the flow takes it."""
        return Order(
            ordered(data.get("service_ids")),
            data["min_match_score"],
            data["limit"],
            data["tell"],
        )


def _whole(meaning: str) -> fields.Integer:
    return fields.Integer(
        required=True, validate=validate.Range(min=0), metadata={"description": meaning}
    )


def _moment(meaning: str) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, allow_none=True, metadata={"description": meaning})


class RematchShown(Form):
    """A job, as far as it is."""

    id = fields.UUID(required=True, metadata={"description": "The job."})
    status = fields.String(
        required=True,
        validate=validate.OneOf(STATUSES),
        metadata={"description": "`waiting` also while leads that just came in are being read."},
    )
    service_ids = fields.List(
        fields.UUID(),
        required=True,
        allow_none=True,
        metadata={"description": "Only with these services; null: with all active."},
    )
    min_match_score = fields.Float(
        required=True, metadata={"description": "From which services are kept."}
    )
    limit = _whole("How many services are kept for a lead.")
    tell = fields.Boolean(required=True, metadata={"description": "Whether webhooks hear of it."})
    automatic = fields.Boolean(
        required=True, metadata={"description": "True: because services changed."}
    )
    leads_total = _whole("As many as there were when it began.")
    leads_done = _whole("So far; more than the total where leads came since.")
    leads_failed = _whole("That could not be matched; the others were.")
    matches_kept = _whole("Stored, or scored anew where something differs.")
    matches_ended = _whole("That are out of question by now.")
    seconds_left = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "How long it should still take; null where nobody knows yet."},
    )
    errors = fields.List(
        fields.String(), required=True, metadata={"description": "What went wrong, in words."}
    )
    asked_at = _moment("When it was asked for: ISO 8601, UTC.")
    asked_by = fields.String(
        required=True,
        metadata={"description": "The prefix of an API key, `local`, `command line`, `automatic`."},
    )
    started_at = _moment("When it began.")
    ended_at = _moment("When it ended.")


class RematchAnswer(Stamped):
    """A rematch."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    rematch = fields.Nested(
        RematchShown, required=True, metadata={"description": "The job as it is now."}
    )


class AskedAnswer(RematchAnswer):
    """A rematch that was asked for."""

    joined = fields.Boolean(
        required=True,
        metadata={"description": "True: the same was asked for before, and is under way."},
    )


class CancelledAnswer(RematchAnswer):
    """A rematch that goes no further."""

    changed = fields.Boolean(
        required=True, metadata={"description": "False: it had ended already."}
    )


class RematchesAnswer(Stamped):
    """An account's rematches."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = _whole("Jobs in this answer.")
    rematches = fields.List(
        fields.Nested(RematchShown),
        required=True,
        metadata={"description": "The latest first."},
    )
    next_after = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "What to send as `after` for the next page; null on the last."},
    )
