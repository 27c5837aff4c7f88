"""What callers ask of analytics, and what they get back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from marshmallow import ValidationError, fields, post_load, validate

from services.leads.analytics import LONGEST_PERIOD, STEPS, Period
from shared.answers import Stamped
from shared.fields import Form
from shared.web.query import Account

USUAL_PERIOD = timedelta(days=30)
"""Days of a time series, unless the caller asks for others."""

EARLIEST, LATEST = date(1970, 1, 2), date(9999, 1, 1)
"""A day beyond these has no neighbour in another time zone."""


def _known_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("is no time zone of the IANA database")


class SeriesAsked(Form):
    """Which days, in what steps."""

    first = fields.Date(
        data_key="from",
        validate=validate.Range(min=EARLIEST, max=LATEST, error="is no day of ours"),
        metadata={"description": "The first day; absent, 30 days before the last."},
    )
    last = fields.Date(
        data_key="until",
        validate=validate.Range(min=EARLIEST, max=LATEST, error="is no day of ours"),
        metadata={"description": "The last day, included; absent, today."},
    )
    granularity = fields.String(
        load_default="day",
        validate=validate.OneOf(tuple(STEPS), error=f"must be one of {', '.join(STEPS)}"),
        metadata={"description": "How long each entry is; a week begins on Monday."},
    )
    time_zone = fields.String(
        load_default="UTC",
        validate=validate.OneOf(
            available_timezones(), error="is no time zone of the IANA database"
        ),
        metadata={"description": "Where the days begin.", "examples": ["Europe/Berlin"]},
    )

    @post_load
    def period(self, data: dict[str, Any], **options: Any) -> Period:
        """Return the period that was asked for."""
        zone = ZoneInfo(data["time_zone"])
        last = data.get("last") or datetime.now(UTC).astimezone(zone).date()
        first = data.get("first") or last - USUAL_PERIOD + timedelta(days=1)
        if first > last:
            raise ValidationError({"from": ["lies after until"]})
        if last - first >= LONGEST_PERIOD:
            raise ValidationError({"from": [f"lies over {LONGEST_PERIOD.days} days before until"]})
        return Period(first, last, data["granularity"], zone)


class SeriesQuery(SeriesAsked, Account):
    """Which days, in what steps, and whose."""


def number(meaning: str) -> fields.Integer:
    """Return a field for a count."""
    return fields.Integer(
        required=True, validate=validate.Range(min=0), metadata={"description": meaning}
    )


def average(meaning: str) -> fields.Float:
    """Return a field for an average; that of none is null."""
    return fields.Float(required=True, allow_none=True, metadata={"description": meaning})


class LeadStats(Form):
    """The leads of the account, duplicates left out."""

    total_leads = number("All of them.")
    new_leads = number("Nobody has done anything about them yet.")
    qualified_leads = number("Worth a call.")
    contacted_leads = number("Somebody has written or called.")
    interested_leads = number("They want to hear more.")
    converted_leads = number("They have become customers.")
    lost_leads = number("They have not.")
    invalid_leads = number("Nobody's: a machine's, or marked so.")
    avg_signal_strength = average("From 0 to 100; null without leads.")
    avg_intent_score = average("From 0 to 100; null without leads.")


class MatchStats(Form):
    """Leads and services brought together."""

    total_matches = number("Matches made.")
    avg_match_score = average("From 0 to 100; null without matches.")
    conversions = number("Matches that became customers.")


class TrackingStats(Form):
    """What is watched."""

    total_profiles = number("Profiles of visitors.")
    investigations = number("Investigations, open or closed.")


class OverviewAnswer(Stamped):
    """The account in numbers."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    lead_stats = fields.Nested(LeadStats, required=True)
    match_stats = fields.Nested(MatchStats, required=True)
    tracking_stats = fields.Nested(TrackingStats, required=True)
    duplicates_prevented = number("Leads that were somebody known, and passed on to nobody anew.")


class SourceCount(Form):
    """The leads of one source."""

    source_id = fields.String(required=True, metadata={"description": "`other`: all further ones."})
    leads = number("How many it brought.")


class SeriesEntry(Form):
    """One day, or one week."""

    date = fields.Date(required=True, metadata={"description": "The day it begins with."})
    leads = number("Received, duplicates included.")
    by_source = fields.List(
        fields.Nested(SourceCount), required=True, metadata={"description": "Most first."}
    )
    duplicates_prevented = number("Of these, somebody known.")
    flagged = number("Of these, put before a person.")
    accepted = number("Neither known nor invalid.")
    acceptance_rate = average("Accepted of received, from 0 to 1; null without leads.")
    median_response_hours = average(
        "From arrival to the first change to contacted, interested or converted; null while "
        "nobody was contacted."
    )


class SeriesAnswer(Stamped):
    """What came, by day or week, and what became of it."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    granularity = fields.String(required=True)
    time_zone = fields.String(required=True)
    series = fields.List(
        fields.Nested(SeriesEntry),
        required=True,
        validate=validate.Length(max=LONGEST_PERIOD.days),
        metadata={"description": "Oldest first."},
    )
