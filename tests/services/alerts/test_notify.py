"""What one receiver is told of one group, and the word for what it is not told."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from services.alerts.notify import notices
from services.alerts.receiver import QuietHours
from services.alerts.rule import Escalation
from services.alerts.silence import Silence
from services.alerts.telling import Told
from tests.services.alerts.story import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    RECEIVER,
    RULE,
    again,
    alert,
    an_id,
    group,
    stepped,
    told,
    word,
)

NOON = QuietHours(time(11), time(13), "UTC")


def test_the_first_alert_of_a_group_goes_out_at_once():
    found = stepped(group(alert()))

    assert (found.send, found.reason) == ((alert().id,), "first")
    assert found.words == {alert().id: "sent"}


def test_what_was_told_is_looked_at_again_when_it_is_due_to_be_repeated():
    assert stepped(group(alert())).again_at == NOW + RULE.repeat_interval


def test_a_group_that_waits_is_told_together():
    waiting = group(
        alert("a"),
        alert("b", NOW + MINUTE),
        rule=replace(RULE, group_wait=2 * MINUTE),
    )

    early = stepped(waiting, NOW + MINUTE)

    assert (set(early.words.values()), early.again_at) == ({"waits_for_group"}, NOW + 2 * MINUTE)
    assert len(stepped(waiting, NOW + 2 * MINUTE).send) == 2


def test_more_of_a_group_waits_for_its_interval_and_is_told_alone():
    of = again(told(group(alert("a"))), alert("a"), alert("b", NOW + MINUTE))

    early, due = stepped(of, NOW + MINUTE), stepped(of, NOW + RULE.group_interval)

    assert early.words == {an_id("a"): "told_already", an_id("b"): "waits_for_group"}
    assert early.again_at == NOW + RULE.group_interval
    assert (due.send, due.reason) == ((an_id("b"),), "more")


def test_the_same_is_told_again_after_the_repeat_interval():
    of = told(group(alert()))

    assert stepped(of, NOW + RULE.repeat_interval - MINUTE).words == {alert().id: "told_already"}
    assert stepped(of, NOW + RULE.repeat_interval).reason == "repeat"


def test_a_rule_without_a_repeat_interval_repeats_nothing():
    of = told(group(alert(), rule=replace(RULE, repeat_interval=timedelta(0))))

    found = stepped(of, NOW + 2 * DAY)

    assert (found.send, found.again_at) == ((), None)


def test_what_somebody_read_is_repeated_only_if_it_happens_again():
    of = told(group(alert()))
    read = alert(status="read")
    later = NOW + RULE.repeat_interval

    assert stepped(again(of, read), later).send == ()
    assert stepped(again(of, replace(read, last_at=NOW + HOUR, times=2)), later).reason == "repeat"


def test_nothing_is_repeated_for_ever():
    of, now, repeated = told(group(alert())), NOW, 0

    while again_at := stepped(of, now).again_at:
        now, repeated = again_at, repeated + 1
        of = told(of, now)

    assert 0 < repeated <= 20


def test_an_alert_after_those_that_were_told_have_ended_is_a_first_one():
    of = again(told(group(alert("a"))), alert("b", NOW + HOUR))

    assert stepped(of, NOW + HOUR).reason == "first"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": "actioned"}, "over"),
        ({"status": "dismissed"}, "over"),
        ({"status": "resolved"}, "over"),
        ({"acknowledged_at": NOW}, "acknowledged"),
        ({"snoozed_until": NOW + HOUR}, "snoozed"),
        ({"snoozed_until": NOW}, "sent"),
        ({"status": "read"}, "sent"),
    ],
)
def test_the_alerts_own_state_has_a_word(changes, expected):
    assert word(alert(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"is_active": False}, "inactive"),
        ({"least_priority": "high"}, "below_priority"),
        ({"least_priority": "medium"}, "sent"),
        ({"quiet_hours": NOON}, "quiet_hours"),
        ({"digest": "daily"}, "waits_for_digest"),
        ({"id": an_id("somebody")}, "inactive"),
        ({"id": an_id("somebody"), "hears_all": True}, "sent"),
    ],
)
def test_the_receivers_wishes_have_a_word(changes, expected):
    assert word(alert(), receiver=replace(RECEIVER, **changes)) == expected


def test_a_rule_that_is_switched_off_tells_nothing():
    of = group(alert(), rule=replace(RULE, is_active=False))

    assert stepped(of).words == {alert().id: "inactive"}


def test_an_alert_of_no_rule_is_told_to_whoever_is_asked_about():
    assert stepped(group(alert(), rule=None)).reason == "first"


def test_a_word_of_an_earlier_stage_goes_first():
    silence = Silence(an_id("s"), {"priority": "medium"}, NOW, NOW + HOUR, "", "")
    busy = replace(RECEIVER, quiet_hours=NOON, digest="daily")

    said = [
        word(one, receiver=busy, silences=silences)
        for one, silences in (
            (alert(acknowledged_at=NOW), [silence]),
            (alert(acknowledged_at=NOW, snoozed_until=NOW + HOUR), []),
            (alert(snoozed_until=NOW + HOUR), []),
            (alert(), []),
        )
    ]

    assert said == ["silenced", "acknowledged", "snoozed", "quiet_hours"]


def test_urgent_breaks_through_quiet_hours_and_digests_and_leaves_the_rest():
    of = group(alert("a"), alert("b", priority="urgent"))

    found = stepped(of, receiver=replace(RECEIVER, quiet_hours=NOON, digest="daily"))

    assert found.words == {an_id("a"): "quiet_hours", an_id("b"): "sent"}
    assert (found.send, found.reason) == ((an_id("b"),), "first")


def test_a_snoozed_alert_comes_back_when_the_snooze_ends():
    of = told(group(alert()))
    of = again(of, alert(status="read", snoozed_until=NOW + HOUR))

    waiting = stepped(of, NOW + MINUTE)

    assert (waiting.words, waiting.again_at) == ({alert().id: "snoozed"}, NOW + HOUR)
    assert stepped(of, NOW + HOUR).reason == "repeat"


def test_what_quiet_hours_held_of_several_groups_comes_in_one_message():
    receiver = replace(RECEIVER, quiet_hours=NOON)
    groups = [replace(group(alert(n)), key=f"g{n}") for n in range(5)]

    found = notices(groups, receiver, (), (), (), NOW + HOUR)

    assert [(one.reason, len(one.send)) for one in found.notices] == [("digest", 5)]
    assert {step.reason for step in found.steps.values()} == {"digest"}


def test_several_groups_that_nothing_held_are_told_one_by_one_the_urgent_first():
    groups = [
        replace(group(alert(name, priority=name)), key=name) for name in ("low", "urgent", "medium")
    ]

    found = notices(groups, RECEIVER, (), (), (), NOW)

    assert [list(one.send) for one in found.notices] == [["urgent"], ["medium"], ["low"]]


def test_short_repetitions_never_put_off_what_is_new():
    rule = replace(RULE, group_interval=HOUR, repeat_interval=10 * MINUTE)
    of = again(told(group(alert("a"), rule=rule)), alert("a"), alert("b", NOW + MINUTE))

    assert stepped(of, NOW + 10 * MINUTE).send == (an_id("a"), an_id("b"))


def escalating(*receivers, after=HOUR):
    return replace(RULE, escalation=Escalation(after, receivers))


BOSS = replace(RECEIVER, id=an_id("boss"), digest="daily", quiet_hours=None)


def test_who_hears_by_escalation_alone_waits_for_it():
    of = group(alert(escalate_at=NOW + HOUR), rule=escalating(BOSS.id))

    found = stepped(of, receiver=BOSS)

    assert (found.words, found.again_at) == ({alert().id: "waits_for_escalation"}, NOW + HOUR)


def test_an_escalation_waits_for_no_digest_and_is_told_once():
    of = group(alert(escalate_at=NOW + HOUR), rule=escalating(BOSS.id))

    found = stepped(of, NOW + HOUR, receiver=BOSS)

    assert (found.reason, found.again_at) == ("escalation", None)
    after = told(of, NOW + HOUR, receiver=BOSS)
    assert stepped(after, NOW + DAY, receiver=BOSS).words == {alert().id: "told_already"}


@pytest.mark.parametrize(("priority", "expected"), [("urgent", "sent"), ("high", "quiet_hours")])
def test_an_escalation_breaks_through_quiet_hours_only_if_it_is_urgent(priority, expected):
    of = group(alert(escalate_at=NOW, priority=priority), rule=escalating(BOSS.id))

    found = stepped(of, receiver=replace(BOSS, quiet_hours=NOON))

    assert found.words == {alert().id: expected}


def test_an_escalation_may_go_to_who_heard_of_it_before():
    of = told(group(alert(escalate_at=NOW + HOUR), rule=escalating(RECEIVER.id)))

    assert stepped(of, NOW + MINUTE).again_at == NOW + HOUR
    assert stepped(of, NOW + HOUR).reason == "escalation"


@pytest.mark.parametrize(
    "changes", [{"acknowledged_at": NOW}, {"snoozed_until": NOW + DAY}, {"status": "dismissed"}]
)
def test_what_somebody_has_does_not_escalate(changes):
    of = group(alert(escalate_at=NOW, **changes), rule=escalating(BOSS.id))

    assert stepped(of, NOW + HOUR, receiver=BOSS).send == ()


def test_what_was_told_of_alerts_that_ended_is_forgotten():
    of = told(again(told(group(alert("a"))), alert("b", NOW + HOUR)), NOW + HOUR)

    assert of.told == Told(NOW + HOUR, {an_id("b"): NOW + HOUR})
