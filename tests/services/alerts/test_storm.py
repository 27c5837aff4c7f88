"""A storm of alerts is few messages, and nothing in it is lost."""

from dataclasses import replace

from services.alerts.notify import notices
from tests.services.alerts.story import (
    HOUR,
    MINUTE,
    NOW,
    RECEIVER,
    World,
    alert,
    an_id,
    group,
    stepped,
)

FEW = replace(RECEIVER, most_an_hour=2)


def lately(of, *minutes_ago, storm=None):
    sent = sorted(NOW - ago * MINUTE for ago in minutes_ago)
    return replace(of, sent_lately=sent, storm_told_at=storm)


def test_ten_thousand_equal_events_are_at_most_two_messages():
    world = World()
    for _ in range(10_000):
        world.arrives(NOW, "same")

    world.when_due(NOW, NOW + HOUR)

    assert world.alerts["same"].times == 10_000
    assert [names for _, _, names in world.told_to()] == [("same",)]


def test_ten_thousand_leads_of_one_rule_are_two_messages():
    world = World().arrives(NOW, 0)
    for n in range(1, 10_000):
        world.arrives(NOW + MINUTE, n)

    world.when_due(NOW, NOW + 10 * MINUTE)

    assert [(reason, len(names)) for _, reason, names in world.told_to()] == [
        ("first", 1),
        ("more", 9_999),
    ]


def test_groups_beyond_the_limit_are_told_in_one_message_that_says_so():
    groups = [replace(group(alert(n)), key=f"g{n}") for n in range(100)]

    found = notices(groups, FEW, (), (), (), NOW)

    assert [(one.reason, len(one.send)) for one in found.notices] == [
        ("first", 1),
        ("first", 1),
        ("storm", 98),
    ]


def test_the_notification_after_the_last_one_allowed_says_that_there_is_a_storm():
    assert stepped(lately(group(alert()), 5, 10), receiver=FEW).reason == "storm"


def test_what_was_sent_an_hour_ago_counts_no_more():
    assert stepped(lately(group(alert()), 5, 60), receiver=FEW).reason == "first"


def test_during_a_storm_everything_is_held_until_an_hour_after_it_was_told():
    of = lately(group(alert(priority="urgent")), 5, 10, 15, storm=NOW - 5 * MINUTE)

    found = stepped(of, receiver=FEW)

    assert (found.words, found.again_at) == ({alert().id: "braked"}, NOW + 55 * MINUTE)


def test_what_a_storm_held_comes_in_one_message_after_it():
    world = World((FEW,))
    for n in range(40):
        world.arrives(NOW + n * MINUTE, n, group_key=f"g{n}")

    world.when_due(NOW, NOW + 90 * MINUTE)

    assert [(at - NOW, reason, len(names)) for at, reason, names in world.told_to()] == [
        (0 * MINUTE, "first", 1),
        (1 * MINUTE, "first", 1),
        (2 * MINUTE, "storm", 1),
        (62 * MINUTE, "digest", 37),
    ]


def test_a_receiver_that_may_be_sent_nothing_hears_once_an_hour():
    world = World((replace(RECEIVER, most_an_hour=0),))
    for n in range(120):
        world.arrives(NOW + n * MINUTE, n, group_key=f"g{n}")

    world.when_due(NOW, NOW + 3 * HOUR)

    assert [at - NOW for at, *_ in world.told_to()] == [0 * HOUR, HOUR, 2 * HOUR]
    assert {name for *_, names in world.told_to() for name in names} == set(range(120))


def test_a_storm_of_one_receiver_leaves_the_others_alone():
    world = World((FEW, replace(RECEIVER, id=an_id("other"), hears_all=True)))
    for n in range(10):
        world.arrives(NOW + n * MINUTE, n, group_key=f"g{n}")

    world.when_due(NOW, NOW + 10 * MINUTE)

    other = world.told_to(world.receivers[1])
    assert [reason for _, reason, _ in other] == ["first"] * 10
