"""Weeks of alerts in seconds: time is passed in, clocks change, and nobody hears too much."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.alerts.acting import Act, acted
from services.alerts.quiet import is_endless
from services.alerts.receiver import QuietHours
from services.alerts.rule import PRIORITIES, Escalation
from services.alerts.silence import Silence
from services.alerts.stage import at_least
from tests.services.alerts.story import DAY, HOUR, MINUTE, RECEIVER, RULE, World, an_id

GRID = timedelta(minutes=15)
"""Everything of a random story happens on it, so that stepping on it misses nothing."""

CHANGES = {
    "Europe/Berlin": (datetime(2026, 3, 29), datetime(2026, 10, 25)),
    "America/New_York": (datetime(2026, 3, 8), datetime(2026, 11, 1)),
    "Asia/Kolkata": (datetime(2026, 3, 29), datetime(2026, 11, 1)),
}
"""Days on which clocks change, and a zone in which none do."""

WEEKS = [(zone, day) for zone, days in CHANGES.items() for day in days]

MANAGER = replace(RECEIVER, id=an_id("manager"), name="Manager")


def act(name, **details):
    def how(one, now):
        if not one.is_open:
            return one
        return acted(one, Act(name, **details), None, now)

    return how


def snooze(minutes):
    return lambda one, now: act("snooze", snoozed_until=now + minutes * MINUTE)(one, now)


quarters = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
spans = st.integers(1, 200).map(lambda n: n * GRID)
zones = st.sampled_from(sorted(CHANGES))


@st.composite
def receivers(draw):
    quiet = None
    if draw(st.booleans()):
        quiet = QuietHours(
            draw(quarters),
            draw(quarters),
            draw(zones),
            frozenset(draw(st.sets(st.integers(0, 6), min_size=1))),
            draw(st.sampled_from(PRIORITIES)),
        )
    return replace(
        RECEIVER,
        quiet_hours=quiet,
        digest=draw(st.sampled_from([None, "hourly", "daily"])),
        digest_at=draw(quarters),
        timezone=draw(zones),
        least_priority=draw(st.sampled_from(["low", "low", "medium"])),
        most_an_hour=draw(st.sampled_from([1, 2, 5, 30])),
    )


@st.composite
def stories(draw, days=14):
    """Make two equal worlds around a change of clocks, with whatever may happen in them."""
    start = draw(st.sampled_from([day for _, day in WEEKS])).replace(tzinfo=UTC) - 2 * DAY
    moments = st.integers(0, days * 96 - 1).map(lambda n: start + n * GRID)
    escalation = Escalation(draw(spans), (draw(st.sampled_from([RECEIVER.id, MANAGER.id])),))
    rule = replace(
        RULE,
        group_wait=draw(st.sampled_from([0, 0, 1, 3])) * GRID,
        group_interval=draw(st.sampled_from([0, 1, 4, 30])) * GRID,
        repeat_interval=draw(st.sampled_from([0, 1, 16, 96])) * GRID,
        escalation=draw(st.sampled_from([None, escalation])),
    )
    silences = [
        Silence(an_id(n), {"priority": draw(st.sampled_from(PRIORITIES))}, at, at + length, "", "")
        for n, (at, length) in enumerate(draw(st.lists(st.tuples(moments, spans), max_size=2)))
    ]
    hearers = (draw(receivers()), replace(draw(receivers()), id=MANAGER.id))
    acts = st.sampled_from(
        [act("read"), act("acknowledge"), act("unacknowledge"), act("dismiss"), snooze(90)]
    )
    arrivals = draw(
        st.lists(
            st.tuples(moments, st.integers(0, 9), st.sampled_from(PRIORITIES), st.integers(0, 2)),
            min_size=1,
            max_size=20,
        )
    )
    done = draw(st.lists(st.tuples(moments, st.integers(0, 9), acts), max_size=8))
    worlds = tuple(World(hearers, rule, tuple(silences)) for _ in range(2))
    for world in worlds:
        for at, name, priority, key in arrivals:
            world.arrives(at, name, priority=priority, group_key=f"g{key}")
        for at, name, how in done:
            world.change(at, name, how)
    return start, start + days * DAY, worlds


@given(stories())
@settings(deadline=None, max_examples=15)
def test_looking_only_when_it_is_due_tells_the_same_as_looking_all_the_time(story):
    start, end, (patient, nervous) = story

    patient.when_due(start, end)
    nervous.each(GRID, start, end)

    assert patient.messages == nervous.messages
    assert patient.words == nervous.words


@given(stories(days=4))
@settings(deadline=None, max_examples=25)
def test_no_receiver_hears_more_in_an_hour_than_it_allows_and_one_word_of_a_storm(story):
    start, end, (world, _) = story

    world.when_due(start, end)

    for desk in world.desks:
        for at in desk.sent:
            lately = [other for other in desk.sent if at - HOUR < other <= at]
            assert len(lately) <= desk.receiver.most_an_hour + 1


@given(stories(days=4))
@settings(deadline=None, max_examples=25)
def test_whoever_hears_of_the_rule_hears_of_every_alert_that_stays_open(story):
    start, end, (world, _) = story
    hearer = world.receivers[0]
    assume(hearer.quiet_hours is None or not is_endless(hearer.quiet_hours))

    world.when_due(start, end + 60 * DAY)

    heard = {name for _, _, names in world.told_to(hearer) for name in names}
    for name, one in world.alerts.items():
        if one.is_open and not one.acknowledged_at:
            assert name in heard or not at_least(one.priority, hearer.least_priority)


def test_each_minute_of_two_weeks_is_as_good_as_the_moments_that_matter():
    start = datetime(2026, 10, 19, tzinfo=UTC)
    quiet = QuietHours(time(21, 7), time(6, 53), "Europe/Berlin")
    receiver = replace(RECEIVER, quiet_hours=quiet, digest="hourly", timezone="Asia/Kathmandu")
    worlds = [World((receiver,)), World((receiver,))]
    for world in worlds:
        for n in range(60):
            at = start + n * 331 * MINUTE
            world.arrives(at, n, priority=PRIORITIES[n % 4], group_key=f"g{n % 2}")
            world.change(at + 400 * MINUTE, n, act("read"))
            world.change(at + 1600 * MINUTE, n, act("dismiss"))

    patient = worlds[0].when_due(start, start + 14 * DAY)
    nervous = worlds[1].each(MINUTE, start, start + 14 * DAY)

    assert patient.messages == nervous.messages
    assert patient.words == nervous.words


@pytest.mark.parametrize(("zone", "day"), WEEKS)
def test_a_week_around_a_change_of_clocks_has_a_digest_a_day_at_eight_on_the_wall(zone, day):
    start = day.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) - 3 * DAY
    receiver = replace(RECEIVER, digest="daily", timezone=zone)
    world = World((receiver,), replace(RULE, repeat_interval=timedelta(0)))
    for n in range(7 * 24):
        world.arrives(start + n * HOUR, n)

    world.when_due(start, start + 7 * DAY)

    walls = [at.astimezone(ZoneInfo(zone)) for at, *_ in world.told_to()]
    assert {wall.time() for wall in walls} == {time(8)}
    assert len({wall.date() for wall in walls}) == len(walls) == 7


@pytest.mark.parametrize(("zone", "day"), WEEKS)
def test_in_a_week_around_a_change_of_clocks_nobody_is_woken_but_for_what_is_urgent(zone, day):
    start = day.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) - 3 * DAY
    receiver = replace(RECEIVER, quiet_hours=QuietHours(time(22), time(7), zone), most_an_hour=99)
    world = World((receiver,))
    for n in range(7 * 24):
        world.arrives(start + n * HOUR, n, priority="high" if n % 5 else "urgent")
        world.change(start + (n + 14) * HOUR, n, act("dismiss"))

    world.when_due(start, start + 7 * DAY)

    for at, _, names in world.told_to():
        by_night = not time(7) <= at.astimezone(ZoneInfo(zone)).time() < time(22)
        assert not by_night or all(name % 5 == 0 for name in names)


def test_a_story_of_one_night_is_told_word_by_word():
    evening = datetime(2026, 11, 23, 21, tzinfo=UTC)
    quiet = QuietHours(time(22), time(7), "UTC")
    sales = replace(RECEIVER, quiet_hours=quiet)
    boss = replace(MANAGER, digest="daily")
    rule = replace(RULE, escalation=Escalation(10 * HOUR, (boss.id,)))
    world = World((sales, boss), rule)
    world.arrives(evening, "first")
    world.arrives(evening + 2 * MINUTE, "second")
    world.arrives(evening + 2 * HOUR, "at night")
    world.arrives(evening + 3 * HOUR, "fire", priority="urgent")
    world.change(evening + 4 * HOUR, "fire", act("acknowledge"))
    world.change(evening + 9 * HOUR, "second", act("dismiss"))

    world.when_due(evening, evening + 12 * HOUR)

    def clock(at):
        return f"{at:%H:%M}"

    assert [(clock(at), reason, names) for at, reason, names in world.told_to(sales)] == [
        ("21:00", "first", ("first",)),
        ("21:05", "more", ("second",)),
        ("00:00", "more", ("fire",)),
        ("07:00", "digest", ("at night", "first")),
    ]
    assert [(clock(at), reason, names) for at, reason, names in world.told_to(boss)] == [
        ("07:00", "escalation", ("first",)),
        ("09:00", "escalation", ("at night",)),
    ]
    words = {
        name: [
            (clock(at), said)
            for at, who, id, said in world.words
            if (who, id) == (sales.id, an_id(name))
        ]
        for name in world.alerts
    }
    assert words == {
        "first": [("21:00", "sent"), ("04:00", "quiet_hours"), ("07:00", "sent")],
        "second": [("21:02", "waits_for_group"), ("21:05", "sent"), ("04:00", "quiet_hours")],
        "at night": [
            ("23:00", "quiet_hours"),
            ("00:00", "waits_for_group"),
            ("00:05", "quiet_hours"),
            ("07:00", "sent"),
        ],
        "fire": [("00:00", "sent"), ("01:00", "acknowledged")],
    }
