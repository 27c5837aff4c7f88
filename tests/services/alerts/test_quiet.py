"""Quiet hours and digests by the clock on the wall, clocks that change included."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts.digest import next_digest
from services.alerts.quiet import is_endless, spell_at
from services.alerts.receiver import QuietHours
from services.alerts.rule import PRIORITIES
from services.alerts.wall_clock import full_hour, shown
from tests.services.alerts.story import DAY, HOUR, MINUTE, NOW, RECEIVER, alert, word

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "UTC",
)

times = st.times().map(lambda at: at.replace(microsecond=0))
hours = st.builds(
    QuietHours, times, times, st.sampled_from(ZONES), st.frozensets(st.integers(0, 6))
)
moments = st.datetimes(datetime(2011, 12, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def at(text, zone="Europe/Berlin"):
    """Return the moment of a wall time; the first one where it is shown twice."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def berlin(start, end, **changes):
    return replace(QuietHours(time(start), time(end), "Europe/Berlin"), **changes)


@pytest.mark.parametrize(
    ("moment", "is_quiet", "until"),
    [
        ("2026-11-23 21:59", False, "2026-11-23 22:00"),
        ("2026-11-23 22:00", True, "2026-11-24 07:00"),
        ("2026-11-24 06:59", True, "2026-11-24 07:00"),
        ("2026-11-24 07:00", False, "2026-11-24 22:00"),
    ],
)
def test_quiet_hours_over_midnight_end_on_the_next_day(moment, is_quiet, until):
    assert spell_at(berlin(22, 7), at(moment)) == (is_quiet, at(until))


def test_the_day_on_which_quiet_hours_begin_counts():
    only_friday = berlin(22, 7, days=frozenset({4}))

    assert spell_at(only_friday, at("2026-11-28 06:00")).is_quiet
    assert not spell_at(only_friday, at("2026-11-27 06:00")).is_quiet


def test_a_weekend_of_whole_days_is_one_spell():
    weekend = berlin(0, 0, days=frozenset({5, 6}))

    assert spell_at(weekend, at("2026-11-28 00:00")) == (True, at("2026-11-30 00:00"))


def test_hours_without_a_day_are_never_quiet():
    assert spell_at(berlin(22, 7, days=frozenset()), NOW) == (False, None)


def test_whole_days_on_every_day_never_end_and_can_be_told_before():
    assert spell_at(berlin(9, 9), NOW) == (True, None)
    assert is_endless(berlin(9, 9))
    assert not is_endless(berlin(9, 10))


@pytest.mark.parametrize(("night", "length"), [("2026-03-28", 8), ("2026-10-24", 10)])
def test_a_night_in_which_clocks_change_is_an_hour_shorter_or_longer(night, length):
    start = at(f"{night} 22:00")

    assert spell_at(berlin(22, 7), start).until - start == length * HOUR


def test_an_end_that_does_not_exist_is_when_the_clock_jumps():
    early = QuietHours(time(22), time(2, 30), "Europe/Berlin")

    assert spell_at(early, at("2026-03-28 23:00")).until == at("2026-03-29 03:00")


def test_a_start_that_does_not_exist_is_when_the_clock_jumps():
    late = QuietHours(time(2, 30), time(7), "Europe/Berlin")

    assert spell_at(late, at("2026-03-29 03:00")).is_quiet
    assert not spell_at(late, at("2026-03-29 01:59")).is_quiet


def test_an_hour_that_exists_twice_is_quiet_both_times():
    between = QuietHours(time(2, 15), time(2, 45), "Europe/Berlin")
    start = at("2026-10-25 02:15")

    assert spell_at(between, start) == (True, start + HOUR + 30 * MINUTE)


def test_hours_that_a_jump_skips_altogether_are_not_quiet():
    skipped = QuietHours(time(2, 10), time(2, 50), "Europe/Berlin")
    midnight = at("2026-03-29 00:00")

    assert spell_at(skipped, midnight) == (False, at("2026-03-30 02:10"))


@given(hours, moments)
@settings(deadline=None, max_examples=150)
def test_a_spell_lasts_until_it_says_and_not_longer(quiet, moment):
    is_quiet, until = spell_at(quiet, moment)

    if until is not None:
        assert until > moment
        assert spell_at(quiet, until - timedelta(seconds=1) / 2).is_quiet is is_quiet
        assert spell_at(quiet, until).is_quiet is not is_quiet


@given(times, times, moments)
@settings(deadline=None, max_examples=150)
def test_where_clocks_never_change_it_is_quiet_between_start_and_end(start, end, moment):
    wall = moment.astimezone(ZoneInfo("Asia/Kathmandu")).time()
    inside = start <= wall < end if start < end else wall >= start or wall < end

    assert spell_at(QuietHours(start, end, "Asia/Kathmandu"), moment).is_quiet is inside


@pytest.mark.parametrize("least", PRIORITIES)
@pytest.mark.parametrize("priority", PRIORITIES)
def test_what_is_important_enough_breaks_through(priority, least):
    quiet = QuietHours(time(0), time(0), "UTC", breaks_through=least)
    breaks = PRIORITIES.index(priority) >= PRIORITIES.index(least)

    said = word(alert(priority=priority), receiver=replace(RECEIVER, quiet_hours=quiet))

    assert said == ("sent" if breaks else "quiet_hours")


@given(moments, st.sampled_from(ZONES))
@settings(deadline=None)
def test_an_hourly_digest_is_at_a_full_hour_on_the_wall_soon(moment, zone):
    due = full_hour(moment, zone)

    wall = due.astimezone(ZoneInfo(zone))
    assert (wall.minute, wall.second, wall.microsecond) == (0, 0, 0)
    assert timedelta(0) <= due - moment <= HOUR + 30 * MINUTE


@given(moments, times, st.sampled_from(ZONES))
@settings(deadline=None)
def test_a_daily_digest_is_within_a_day_and_the_next_is_another_one(moment, digest_at, zone):
    receiver = replace(RECEIVER, digest="daily", digest_at=digest_at, timezone=zone)

    due = next_digest(receiver, moment)

    assert moment <= due <= moment + 2 * DAY
    assert next_digest(receiver, due) == due
    assert next_digest(receiver, due + timedelta(seconds=1)) > due + 20 * HOUR


def test_a_day_that_a_zone_left_out_has_no_daily_digest():
    receiver = replace(RECEIVER, digest="daily", digest_at=time(0, 0, 1), timezone="Pacific/Apia")

    due = next_digest(receiver, datetime(2011, 12, 29, 10, 1, tzinfo=UTC))

    assert due.astimezone(ZoneInfo("Pacific/Apia")).isoformat()[:19] == "2011-12-31T00:00:01"
    assert next_digest(receiver, due) == due


@pytest.mark.parametrize(
    ("day", "wall"), [("2026-03-29", "03:00"), ("2026-03-30", "02:30"), ("2026-10-25", "02:30")]
)
def test_a_daily_digest_whose_time_is_skipped_or_shown_twice_comes_once(day, wall):
    receiver = replace(RECEIVER, digest="daily", digest_at=time(2, 30), timezone="Europe/Berlin")

    assert next_digest(receiver, at(f"{day} 00:00")) == at(f"{day} {wall}")


def test_a_digest_that_is_due_in_quiet_hours_waits_for_their_end():
    receiver = replace(RECEIVER, digest="daily", digest_at=time(3), quiet_hours=berlin(22, 7))
    night, late = alert(at=at("2026-11-24 02:00")), at("2026-11-24 06:59")

    assert word(night, late, receiver=receiver) == "quiet_hours"
    assert word(night, late + MINUTE, receiver=receiver) == "sent"


def test_a_day_that_a_zone_left_out_is_over_at_once():
    assert shown(date(2011, 12, 30), time(12), "Pacific/Apia") == datetime(
        2011, 12, 30, 10, tzinfo=UTC
    )
