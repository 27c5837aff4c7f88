"""Receivers are told of what was raised, once, with a word for every decision."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

from services.alerts import group_store, history_store, overview_store, silence_store
from services.alerts.group_store import Due
from services.alerts.happening import Happening
from services.alerts.notifying import tell
from services.alerts.silence import Silence
from shared.events import Event
from shared.ids import uuid7
from tests.services.alerts.alerting import NOW

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def told(worker_database, mine):
    """Tell a receiver of what is due, as the worker does."""

    def told(receiver_id, now=NOW, database=worker_database):
        return tell(database, Due(mine.tenant_id, receiver_id), now)

    return told


@pytest.fixture
def jobs(mine, owner_conninfo):
    """Return the arguments of this account's jobs, oldest first."""

    def jobs():
        with psycopg.connect(owner_conninfo) as owner:
            rows = owner.execute(
                "SELECT arguments FROM public.jobs WHERE tenant_id = %s ORDER BY id",
                [mine.tenant_id],
            ).fetchall()
        return [arguments for (arguments,) in rows]

    return jobs


def created(mine, n=1, now=NOW):
    """Raise *n* alerts about new leads."""
    return mine.raised(*[Event("lead.created", mine.lead(), now) for _ in range(n)], now=now)


def sent(mine):
    """Return reason and number of alerts of each notification, oldest first."""
    return mine.rows(
        "SELECT reason, alert_count FROM alerts.notifications WHERE tenant_id = %(tenant)s "
        "ORDER BY id"
    )


def words(mine):
    """Return all decisions, oldest first."""
    rows = mine.rows("SELECT word FROM alerts.decisions WHERE tenant_id = %(tenant)s ORDER BY id")
    return [word for (word,) in rows]


def due_at(mine):
    (row,) = mine.rows("SELECT due_at FROM alerts.groups WHERE tenant_id = %(tenant)s")
    return row[0]


def test_a_receiver_of_the_rule_is_told_at_once_by_a_job(mine, told, jobs):
    receiver_id = mine.receiver()
    mine.rule(receivers=[receiver_id])
    created(mine)

    told(receiver_id)

    assert sent(mine) == [("first", 1)]
    (job,) = jobs()
    assert job["receiver_id"] == str(receiver_id)
    assert words(mine) == ["sent"]


def test_a_receiver_that_hears_all_is_told_and_another_is_not(mine, told):
    all_id, other_id = mine.receiver(hears_all=True), mine.receiver()
    mine.rule()
    created(mine)

    assert (told(all_id), told(other_id)) == (1, 0)
    assert len(sent(mine)) == 1


def test_nobody_is_told_twice_of_the_same(mine, told):
    receiver_id = mine.receiver()
    mine.rule(receivers=[receiver_id])
    created(mine)

    told(receiver_id)
    told(receiver_id, NOW + MINUTE)

    assert sent(mine) == [("first", 1)]


def test_more_of_a_group_waits_for_its_interval(mine, told):
    receiver_id = mine.receiver()
    mine.rule(receivers=[receiver_id])
    created(mine)
    told(receiver_id)
    created(mine, 2, NOW + MINUTE)

    told(receiver_id, NOW + MINUTE)
    early = sent(mine)
    told(receiver_id, NOW + 5 * MINUTE)

    assert early == [("first", 1)]
    assert sent(mine) == [("first", 1), ("more", 2)]
    assert "waits_for_group" in words(mine)


def test_ten_thousand_equal_events_are_two_messages_at_most(mine, told):
    receiver_id = mine.receiver(hears_all=True)
    for n in range(20):
        storm = [
            Happening(uuid7(), "alert", None, NOW, {"event": "alert"}, "oven") for _ in range(500)
        ]
        mine.raised(*storm, posted=True, now=NOW + n * timedelta(seconds=1))
        told(receiver_id, NOW + n * timedelta(seconds=1))
    told(receiver_id, NOW + HOUR)

    assert mine.alerts() == [10_000]
    assert len(sent(mine)) <= 2


def test_what_is_silenced_is_told_when_the_silence_ends(mine, told, database):
    receiver_id = mine.receiver()
    mine.rule(receivers=[receiver_id])
    silence = Silence(uuid7(), {"alert_type": "new_lead"}, NOW, NOW + HOUR, "", "local")
    with database.transaction(mine.tenant_id) as conn:
        silence_store.add(conn, mine.tenant_id, silence, NOW)
    created(mine)

    told(receiver_id)
    assert (words(mine), due_at(mine)) == (["silenced"], NOW + HOUR)
    told(receiver_id, NOW + HOUR)

    assert words(mine) == ["silenced", "sent"]


def test_a_silence_that_is_ended_early_lets_the_alert_out(mine, told, database):
    receiver_id = mine.receiver()
    mine.rule(receivers=[receiver_id])
    silence = Silence(uuid7(), {"alert_type": "new_lead"}, NOW, NOW + HOUR, "", "local")
    with database.transaction(mine.tenant_id) as conn:
        silence_store.add(conn, mine.tenant_id, silence, NOW)
    created(mine)
    told(receiver_id)

    with database.transaction(mine.tenant_id) as conn:
        assert silence_store.expire(conn, mine.tenant_id, silence.id, NOW + MINUTE)
        group_store.wake_all(conn, mine.tenant_id, NOW + MINUTE)
    told(receiver_id, NOW + MINUTE)

    assert words(mine) == ["silenced", "sent"]


def test_what_nobody_acknowledges_escalates(mine, told):
    first_id, boss_id = mine.receiver(), mine.receiver()
    escalation = {"after_minutes": 15, "receivers": [str(boss_id)]}
    mine.rule(receivers=[first_id], escalation=escalation)
    created(mine)

    told(first_id), told(boss_id)
    assert words(mine) == ["sent", "waits_for_escalation"]
    told(boss_id, NOW + 15 * MINUTE)

    assert sent(mine) == [("first", 1), ("escalation", 1)]
    assert mine.alerts("escalated_at") == [NOW + 15 * MINUTE]


def test_the_storm_brake_holds_and_tells_the_rest_in_one(mine, told):
    receiver_id = mine.receiver(most_an_hour=3)
    mine.rule(receivers=[receiver_id], group_by=["lead_id"])
    created(mine, 50)

    told(receiver_id)
    created(mine, 20, NOW + MINUTE)
    told(receiver_id, NOW + MINUTE)
    told(receiver_id, NOW + HOUR)

    assert [reason for reason, _ in sent(mine)] == ["first"] * 3 + ["storm", "digest"]
    assert [number for _, number in sent(mine)] == [1, 1, 1, 47, 20]


def test_many_workers_tell_each_alert_once_and_keep_the_brake(mine, told, busy_worker_database):
    receiver_id = mine.receiver(most_an_hour=5)
    mine.rule(receivers=[receiver_id], group_by=["lead_id"])
    created(mine, 40)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: told(receiver_id, NOW, busy_worker_database), range(16)))

    assert len(sent(mine)) == 6
    assert sum(number for _, number in sent(mine)) == 40


def test_an_act_on_an_alert_has_its_groups_looked_at(mine, told, database):
    receiver_id = mine.receiver()
    mine.rule(receivers=[receiver_id])
    (raised,) = created(mine)
    told(receiver_id)

    with database.transaction(mine.tenant_id) as conn:
        group_store.wake_of(conn, mine.tenant_id, raised.alert_ids, NOW + MINUTE)

    assert due_at(mine) == NOW + MINUTE


def test_an_alert_that_inhibits_wakes_those_of_its_lead(mine, told, database):
    receiver_id, lead_id = mine.receiver(), mine.lead()
    mine.rule("late_duplicate")
    mine.rule("high_score_match", receivers=[receiver_id])
    late, match = mine.raised(
        Event("lead.late_duplicate", lead_id, NOW),
        Event("high_score_match", lead_id, NOW, {"match_score": 90.0}),
    )
    told(receiver_id)
    assert words(mine) == ["inhibited"]

    mine.rows(
        "UPDATE alerts.alerts SET status = 'resolved', ended_at = now() "
        "WHERE tenant_id = %(tenant)s AND id = %(id)s RETURNING id",
        id=late.alert_ids[0],
    )
    with database.transaction(mine.tenant_id) as conn:
        group_store.wake_of(conn, mine.tenant_id, late.alert_ids, NOW + MINUTE)
    told(receiver_id, NOW + MINUTE)

    assert words(mine) == ["inhibited", "sent"]
    assert match.alert_ids


def test_the_history_of_an_alert_has_decisions_and_deliveries(mine, told, database, gate):
    receiver_id = mine.receiver("The team")
    mine.rule(receivers=[receiver_id])
    (raised,) = created(mine)
    told(receiver_id)
    action = history_store.Action(uuid7(), "acknowledge", {}, "I call her", NOW, "local")

    with database.transaction(mine.tenant_id) as conn:
        history_store.act(conn, gate, mine.tenant_id, raised.alert_ids[0], action)
        actions = history_store.actions(conn, gate, mine.tenant_id, raised.alert_ids[0])
        decisions = history_store.decisions(conn, mine.tenant_id, raised.alert_ids[0])
        deliveries = history_store.deliveries(conn, mine.tenant_id, raised.alert_ids[0])
        to = history_store.deliveries_to(conn, mine.tenant_id, receiver_id, uuid7(), 10)

    assert actions == [action]
    assert [(one.word, one.receiver_name) for one in decisions] == [("sent", "The team")]
    assert [(one.status, one.reason) for one in deliveries] == [("pending", "first")]
    assert [one.id for one in to] == [one.id for one in deliveries]


def test_an_erased_lead_leaves_no_trace_of_what_was_told(mine, told, owner_conninfo):
    receiver_id, lead_id = mine.receiver(), mine.lead()
    mine.rule(receivers=[receiver_id])
    mine.raised(Event("lead.created", lead_id, NOW))
    told(receiver_id)

    with psycopg.connect(owner_conninfo) as owner:
        owner.execute("DELETE FROM public.leads WHERE id = %s", [lead_id])

    for table in ("standings", "decisions", "notified", "actions"):
        query = f"SELECT FROM alerts.{table} WHERE tenant_id = %(tenant)s"
        assert mine.rows(query) == [], table


def test_what_became_of_the_leads_of_a_rule_is_known(mine, database):
    rule_id = mine.rule()
    (raised,) = created(mine)
    lead_id = mine.alerts("lead_id")[0]
    mine.happens(lead_id, "lead.converted", NOW + HOUR)

    with database.transaction(mine.tenant_id) as conn:
        (outcome,) = overview_store.outcomes(conn, mine.tenant_id, rule_id, 10)

    assert outcome.alert_id == raised.alert_ids[0]
    assert outcome.statuses == [("converted", NOW + HOUR)]
