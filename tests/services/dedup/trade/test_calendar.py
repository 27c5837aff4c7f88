"""The calendar, alone: spans and openings, also where clocks change."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.trade import calendar
from services.dedup.trade.calendar import DAYS, SPANS, is_open, opens_at, span, zone
from services.dedup.trade.terms import Opening

ZONES = (
    "UTC",
    "America/New_York",
    "America/Havana",  # changes at midnight
    "America/Santiago",  # from midnight back to the day before
    "Asia/Kathmandu",  # a quarter of an hour off
    "Australia/Lord_Howe",  # changes by half an hour
)

moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(ZONES).map(zone)
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def openings(draw):
    begins, ends = draw(st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]))
    begins, ends = min(begins, ends), max(begins, ends)
    return Opening(draw(st.sampled_from(DAYS)), begins, ends)


schedules = st.lists(openings(), min_size=1, max_size=5)


def at(text, where="America/New_York"):
    """Return a moment by the clock on a wall."""
    return datetime.fromisoformat(text).replace(tzinfo=zone(where)).astimezone(UTC)


@given(st.sampled_from(SPANS), moments, zones)
def test_a_moment_lies_in_its_span(per, now, where):
    found = span(per, now, where)

    assert found.begins_at <= now
    assert found.ends_at is None or now < found.ends_at


@given(st.sampled_from(("day", "week", "month")), moments, zones)
def test_the_next_span_begins_where_one_ends(per, now, where):
    one = span(per, now, where)

    assert span(per, one.ends_at, where).begins_at == one.ends_at
    assert span(per, one.ends_at - timedelta(microseconds=1), where) == one


@given(moments, zones)
def test_every_moment_of_a_day_is_counted_in_the_same_span(now, where):
    one = span("day", now, where)

    assert span("day", one.begins_at, where) == one


@pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 23), ("2026-11-01", 25)])
def test_a_day_on_which_clocks_change_is_as_long_as_it_is(day, hours):
    found = span("day", at(f"{day} 12:00"), zone("America/New_York"))

    assert found.ends_at - found.begins_at == timedelta(hours=hours)


def test_the_hour_that_comes_twice_is_two_hours():
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # 01:30, and an hour later 01:30 again
    where = zone("America/New_York")

    assert (
        span("hour", first, where).ends_at
        == span("hour", first + timedelta(hours=1), where).begins_at
    )


def test_a_week_begins_on_monday_and_a_month_on_its_first():
    sunday = at("2026-11-22 23:59")

    assert span("week", sunday, zone("America/New_York")).begins_at == at("2026-11-16 00:00")
    assert span("month", sunday, zone("America/New_York")).ends_at == at("2026-12-01 00:00")


def test_another_span_is_refused():
    with pytest.raises(ValueError, match="year"):
        span("year", at("2026-11-22 12:00"), zone("UTC"))


WORK = [Opening("monday", time(9), time(17, 30)), Opening("tuesday", time(20), calendar.MIDNIGHT)]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23 08:59", False),
        ("2026-11-23 09:00", True),
        ("2026-11-23 17:30", False),
        ("2026-11-24 23:59", True),
        ("2026-11-25 00:00", False),
    ],
)
def test_leads_are_taken_from_the_beginning_to_the_end_of_an_opening(now, expected):
    assert is_open(WORK, at(now), zone("America/New_York")) is expected


def test_without_openings_leads_are_taken_at_all_times():
    assert is_open([], at("2026-11-23 03:00"), zone("UTC"))


def test_after_the_last_opening_of_a_week_the_first_of_the_next_follows():
    after = at("2026-11-25 00:00")

    assert opens_at(WORK, after, zone("America/New_York")) == at("2026-11-30 09:00")


def test_an_opening_that_clocks_jump_over_is_left_out():
    lost = [Opening("sunday", time(2, 10), time(2, 50))]

    found = opens_at(lost, at("2026-03-08 01:00"), zone("America/New_York"))

    assert found == at("2026-03-15 02:10")


def test_an_opening_that_begins_while_clocks_jump_begins_when_they_have():
    begun = [Opening("sunday", time(2, 30), time(4))]

    found = opens_at(begun, at("2026-03-08 01:00"), zone("America/New_York"))

    assert found == at("2026-03-08 03:00")


def test_clocks_that_are_put_back_open_again():
    night = [Opening("sunday", time(0, 30), time(1, 30))]

    found = opens_at(night, datetime(2026, 11, 1, 5, 45, tzinfo=UTC), zone("America/New_York"))

    assert found == datetime(2026, 11, 1, 6, tzinfo=UTC)


@given(schedules, moments, zones)
def test_leads_are_taken_when_it_is_said_that_they_are(schedule, now, where):
    found = opens_at(schedule, now, where)

    assert found >= now
    assert is_open(schedule, found, where)


@given(schedules, moments, zones, st.floats(0, 1, exclude_max=True))
def test_leads_are_not_taken_before(schedule, now, where, share):
    found = opens_at(schedule, now, where)
    between = now + (found - now) * share

    assert between >= found or not is_open(schedule, between, where)
