"""What callers may ask of scans, and what they get back."""

from datetime import UTC
from typing import Any

from marshmallow import fields, validate

from services.dedup.answer_schema import identifier, text, truth, words
from services.dedup.scan.scan import STATUSES, Scan
from shared.answers import Stamped
from shared.fields import Form, Switch
from shared.web.auth import LONGEST_USER_ID

PAGE, LONGEST_PAGE = 20, 100
"""Scans in one answer: unless the caller asks for another number, and at most."""


class ScanPlace(Form):
    """Which scan."""

    scan_id = fields.UUID(required=True, metadata={"description": "The scan's `id`."})


class ScanPage(Form):
    """Which scans."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )


class _OfAccount(Form):
    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )


class NewScan(_OfAccount):
    """What is to be scanned."""

    only_unchecked = Switch(
        "True: only leads that no check and no scan has compared with anybody, as a night's scan "
        "does. Absent or false: all leads, as after the model or a policy has changed."
    )


class NightsWanted(_OfAccount):
    """Whether leads are scanned at night that nobody has compared."""

    nightly = Switch("False: only when asked for.", required=True)


def _whole(meaning: str) -> fields.Integer:
    return fields.Integer(
        required=True, validate=validate.Range(min=0), metadata={"description": meaning}
    )


def _moment(meaning: str) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, allow_none=True, metadata={"description": meaning})


class ScanShown(Form):
    """A scan, as far as it is."""

    id = identifier("The scan; `GET /reviews?scan_id=` shows what it found.")
    status = words("Where it is.", STATUSES)
    only_unchecked = truth("Whether only leads are compared that nobody has compared before.")
    leads_total = _whole("As many leads as there were when it began.")
    leads_done = _whole("Gone through so far; more than the total where leads came since.")
    leads_failed = _whole("That could not be compared; the others were.")
    pairs_compared = _whole("Pairs of leads that were compared.")
    pairs_known = _whole("Likely pairs of people about whom somebody was asked before.")
    reviews_opened = _whole("Likely pairs that now wait for a person.")
    seconds_left = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "How long it should still take; null where nobody knows yet."},
    )
    errors = fields.List(
        fields.String(), required=True, metadata={"description": "What went wrong, in words."}
    )
    asked_at = _moment("When it was asked for: ISO 8601, UTC.")
    asked_by = text("The prefix of an API key, `local`, `command line` or `nightly`.")
    started_at = _moment("When it began.")
    ended_at = _moment("When it ended.")


class ScanAnswer(Stamped):
    """A scan."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    scan = fields.Nested(
        ScanShown, required=True, metadata={"description": "The scan as it is now."}
    )


class ScanCancelledAnswer(ScanAnswer):
    """A scan that goes no further."""

    changed = truth("False: it had ended already.")


class NightsAnswer(Stamped):
    """How an account wants its nights."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    nightly = truth("Whether leads are scanned at night that nobody has compared.")


class ScansAnswer(NightsAnswer):
    """An account's scans."""

    count = _whole("Scans in this answer.")
    scans = fields.List(
        fields.Nested(ScanShown), required=True, metadata={"description": "The latest first."}
    )
    next_after = identifier(
        "What to send as `after` for the next page; null on the last.", allow_none=True
    )


def shown(scan: Scan, seconds_left: float | None) -> dict[str, Any]:
    """Return a scan as it is answered."""
    said = {name: getattr(scan, name) for name in _PLAIN}
    moments = {name: at and at.astimezone(UTC) for name in _MOMENTS for at in [getattr(scan, name)]}
    left = None if seconds_left is None else round(seconds_left, 1)
    return said | moments | {"seconds_left": left, "errors": scan.errors()}


_PLAIN = (
    *("id", "status", "only_unchecked", "leads_total", "leads_done", "leads_failed"),
    *("pairs_compared", "pairs_known", "reviews_opened", "asked_by"),
)
_MOMENTS = ("asked_at", "started_at", "ended_at")
