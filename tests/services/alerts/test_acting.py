"""What people do with alerts, and what they may not."""

from datetime import datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerts.acting import (
    ALLOWED,
    DONE,
    LONGEST_SNOOZE,
    Act,
    Name,
    NotFromHere,
    acted,
    snooze_end,
)
from services.alerts.alert import OPEN, Status
from services.alerts.rule import Escalation
from shared.errors import Malformed
from tests.services.alerts.story import HOUR, MINUTE, NOW, alert, group, stepped, told

STATUSES = get_args(Status)
LATER = NOW + HOUR
ESCALATION = Escalation(2 * HOUR, ())


def after(one, *names, now=LATER, **details):
    for name in names:
        details_of = {"snoozed_until": now + HOUR} if name == "snooze" else {}
        one = acted(one, Act(name, **(details_of | details)), ESCALATION, now)
    return one


names = st.sampled_from(get_args(Name))
alerts = st.builds(
    alert,
    status=st.sampled_from(STATUSES),
    acknowledged_at=st.sampled_from([None, NOW]),
    snoozed_until=st.sampled_from([None, LATER]),
    escalate_at=st.sampled_from([None, LATER]),
)


@given(alerts, names)
def test_to_act_twice_is_to_act_once_and_a_refusal_is_named(one, name):
    try:
        once = after(one, name)
    except NotFromHere as refused:
        assert list(refused.details) == [name]
    else:
        assert after(once, name, now=LATER) == once


@given(st.lists(names, max_size=8))
def test_what_ended_or_is_acknowledged_never_escalates(several):
    one = alert(escalate_at=LATER)
    for name in several:
        if one.status in ALLOWED[name]:
            one = after(one, name)

    assert one.escalate_at is None or (one.is_open and one.acknowledged_at is None)


def test_each_act_has_a_row_in_both_tables():
    assert set(ALLOWED) == set(DONE) == set(get_args(Name))


@pytest.mark.parametrize("name", ["acknowledge", "unacknowledge", "assign", "snooze"])
@pytest.mark.parametrize("status", sorted(set(STATUSES) - OPEN))
def test_what_ended_is_not_worked_on_before_it_is_reopened(status, name):
    with pytest.raises(NotFromHere):
        after(alert(status=status), name)


def test_what_was_acted_on_is_not_dismissed_and_says_why():
    with pytest.raises(NotFromHere) as refused:
        after(alert(status="actioned"), "dismiss")

    assert refused.value.details == {"dismiss": "an actioned alert cannot be dismissed"}


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (["read"], "read"),
        (["acknowledge"], "read"),
        (["snooze"], "read"),
        (["unacknowledge"], "new"),
        (["assign"], "new"),
        (["action"], "actioned"),
        (["dismiss"], "dismissed"),
        (["dismiss", "action"], "actioned"),
        (["resolve"], "resolved"),
        (["action", "read"], "actioned"),
        (["action", "reopen"], "read"),
        (["reopen"], "new"),
    ],
)
def test_acts_lead_from_status_to_status(names, status):
    assert after(alert(), *names).status == status


def test_an_acknowledged_alert_stays_open_and_its_first_time_stands():
    one = after(alert(acknowledged_at=NOW), "acknowledge")

    assert (one.is_open, one.acknowledged_at) == (True, NOW)


def test_giving_back_starts_the_clock_of_the_escalation_anew():
    one = after(alert(escalate_at=LATER), "acknowledge", "unacknowledge")

    assert (one.acknowledged_at, one.escalate_at) == (None, LATER + ESCALATION.after)


def test_while_an_alert_is_snoozed_the_clock_of_the_escalation_stands():
    one = after(alert(escalate_at=LATER), "snooze")

    assert one.escalate_at == LATER + HOUR + ESCALATION.after


def test_assigning_leaves_the_clock_running():
    one = after(alert(escalate_at=LATER), "assign", assigned_to="key-7")

    assert (one.assigned_to, one.escalate_at) == ("key-7", LATER)


def test_a_rule_without_escalation_never_starts_a_clock():
    one = acted(alert(), Act("snooze", snoozed_until=LATER), None, NOW)

    assert one.escalate_at is None


def test_what_was_acknowledged_is_not_repeated():
    of = told(group(alert()))
    acknowledged = group(after(alert(), "acknowledge"), told=of.told)

    found = stepped(acknowledged, NOW + 24 * HOUR)

    assert (list(found.words.values()), found.again_at) == (["acknowledged"], None)


@pytest.mark.parametrize(("until", "minutes"), [(LATER, None), (None, 60)])
def test_a_snooze_ends_at_a_moment_or_after_minutes(until, minutes):
    assert snooze_end(NOW, until, minutes) == LATER


@pytest.mark.parametrize(
    ("until", "minutes", "field"),
    [
        (None, None, "until"),
        (LATER, 60, "until"),
        (NOW, None, "until"),
        (NOW - HOUR, None, "until"),
        (NOW + LONGEST_SNOOZE + MINUTE, None, "until"),
        (datetime(2026, 11, 24), None, "until"),
        (None, 0, "minutes"),
        (None, -5, "minutes"),
        (None, 1e300, "minutes"),
        (None, float("nan"), "minutes"),
        (None, LONGEST_SNOOZE / timedelta(minutes=1) + 1, "minutes"),
    ],
)
def test_a_snooze_without_a_sensible_end_is_refused(until, minutes, field):
    with pytest.raises(Malformed) as refused:
        snooze_end(NOW, until, minutes)

    assert list(refused.value.details) == [field]
