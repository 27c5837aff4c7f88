"""What happened becomes an alert where a rule finds it worth one, once however often it comes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

from services.alerts import alert_store, overview_store, silence_store
from services.alerts.happening import Happening
from services.alerts.raised import NOTHING_MET, OPEN_ALREADY, SEEN, TOO_FEW
from services.alerts.silence import Silence
from shared.events import Event
from shared.ids import uuid7
from tests.services.alerts.alerting import NOW, Alerting

MINUTE = timedelta(minutes=1)


def posted(name="alert", lead_id=None, fingerprint=None, at=NOW, **data):
    facts = {"event": name} | {f"data.{key}": value for key, value in data.items()}
    if lead_id:
        facts["lead_id"] = str(lead_id)
    return Happening(uuid7(), name, lead_id, at, facts, fingerprint)


def test_a_rule_that_is_met_raises_an_alert_and_says_why(mine, database, gate):
    rule_id = mine.rule("high_score_match", conditions={"min_match_score": 80})
    lead_id = mine.lead()

    (raised,) = mine.raised(Event("high_score_match", lead_id, NOW, {"match_score": 91.0}))

    with database.transaction(mine.tenant_id) as conn:
        stored = alert_store.one(conn, gate, mine.tenant_id, raised.alert_ids[0])
    assert (stored.alert.rule_id, stored.alert.lead_id) == (rule_id, lead_id)
    assert (stored.alert.priority, stored.alert.status) == ("urgent", "new")
    assert "91" in stored.title


def test_a_rule_that_is_not_met_raises_nothing(mine):
    mine.rule("high_score_match", conditions={"min_match_score": 80})

    (raised,) = mine.raised(Event("high_score_match", mine.lead(), NOW, {"match_score": 70.0}))

    assert (raised.alert_ids, raised.suppressed_by) == ((), NOTHING_MET)
    assert mine.alerts() == []


def test_the_same_happening_again_is_counted_in_the_open_alert(mine):
    mine.rule()
    lead_id = mine.lead()
    events = [Event("lead.created", lead_id, NOW) for _ in range(3)]

    first, again = mine.raised(events[0]), mine.raised(*events[1:], now=NOW + MINUTE)

    assert [one.alert_ids for one in again] == [first[0].alert_ids] * 2
    assert mine.alerts() == [3]


def test_one_event_that_comes_twice_raises_once(mine):
    mine.rule()
    event = Event("lead.created", mine.lead(), NOW)

    mine.raised(event)
    (again,) = mine.raised(event)

    assert again.suppressed_by == SEEN
    assert mine.alerts() == [1]


def test_one_event_that_comes_twice_at_once_raises_once(mine):
    mine.rule()
    event = Event("lead.created", mine.lead(), NOW)

    mine.raised(event, event)

    assert mine.alerts() == [1]


def test_an_alert_that_ended_is_raised_anew(mine):
    mine.rule()
    lead_id = mine.lead()
    mine.raised(Event("lead.created", lead_id, NOW))
    mine.rows(
        "UPDATE alerts.alerts SET status = 'dismissed', ended_at = now() "
        "WHERE tenant_id = %(tenant)s RETURNING id"
    )

    mine.raised(Event("lead.created", lead_id, NOW))

    assert mine.alerts("status") == ["dismissed", "new"]


def test_an_alert_becomes_as_urgent_as_the_worst_of_what_it_counts(mine):
    mine.rule("high_score_match")
    lead_id = mine.lead()
    for score in (80.0, 95.0, 60.0):
        mine.raised(Event("high_score_match", lead_id, NOW, {"match_score": score}))

    assert mine.alerts("priority") == ["urgent"]


def test_what_is_posted_and_no_rule_hears_is_an_alert_as_it_is(mine):
    (raised,) = mine.raised(posted(title="The oven is hot", priority="high"), posted=True)

    assert len(raised.alert_ids) == 1
    assert mine.alerts("rule_id") == [None]
    assert mine.alerts("priority") == ["high"]


def test_what_is_posted_and_a_rule_refuses_is_no_alert(mine):
    mine.rule("custom", events=["form.left"], conditions={"min_data.seconds": 60})

    (raised,) = mine.raised(posted("form.left", seconds=5), posted=True)

    assert (raised.alert_ids, raised.suppressed_by) == ((), NOTHING_MET)


def test_a_post_that_is_the_same_as_an_open_alert_says_so(mine):
    mine.raised(posted(fingerprint="oven"), posted=True)
    (again,) = mine.raised(posted(fingerprint="oven"), posted=True)

    assert again.suppressed_by == OPEN_ALREADY
    assert mine.alerts() == [2]


def test_a_post_that_a_silence_covers_says_so(mine, database):
    silence = Silence(uuid7(), {"alert_type": "alert"}, NOW, NOW + MINUTE, "", "local")
    with database.transaction(mine.tenant_id) as conn:
        silence_store.add(conn, mine.tenant_id, silence, NOW)

    (raised,) = mine.raised(posted(), posted=True)

    assert raised.suppressed_by == "silenced"
    assert len(raised.alert_ids) == 1


def test_a_match_of_a_duplicate_is_inhibited(mine):
    mine.rule("high_score_match")
    event = posted("high_score_match", mine.lead())
    event.facts["duplicate"] = True

    (raised,) = mine.raised(event, posted=True)

    assert raised.suppressed_by == "inhibited"


COUNTED = {"count": {"at_least": 3, "minutes": 10, "by": ["data.form"]}}


def test_a_rule_that_counts_waits_until_it_happened_often_enough(mine):
    mine.rule("custom", events=["form.left"], conditions=COUNTED)

    came = [
        mine.raised(posted("form.left", at=NOW + n * MINUTE, form="a", n=n), posted=True)[0]
        for n in range(4)
    ]

    assert [one.suppressed_by for one in came[:2]] == [TOO_FEW] * 2
    assert [len(one.alert_ids) for one in came] == [0, 0, 1, 1]


def test_what_a_rule_counts_is_counted_apart(mine):
    mine.rule("custom", events=["form.left"], conditions=COUNTED)

    mine.raised(*[posted("form.left", form=form) for form in "abcabc"], posted=True)

    assert mine.alerts() == []


def test_a_lead_that_a_workflow_posts_as_well_counts_once(mine):
    mine.rule(conditions={"count": {"at_least": 2, "minutes": 10, "by": []}})
    lead_id = mine.lead()

    mine.raised(Event("lead.created", lead_id, NOW))
    (again,) = mine.raised(posted("lead.created", lead_id), posted=True)

    assert again.suppressed_by == TOO_FEW


def test_what_happened_too_long_ago_is_not_counted(mine):
    mine.rule("custom", events=["form.left"], conditions=COUNTED)
    times = [NOW, NOW + 5 * MINUTE, NOW + 10 * MINUTE]

    mine.raised(*[posted("form.left", at=at, form="a") for at in times], posted=True)

    assert mine.alerts() == []


def test_two_that_count_at_once_miss_nothing(mine, busy_database, gate):
    mine.rule(
        "custom",
        events=["form.left"],
        conditions={"count": {"at_least": 8, "minutes": 10, "by": []}},
    )
    one = Alerting(busy_database, gate, mine.tenant_id)

    with ThreadPoolExecutor(8) as threads:
        made = [posted("form.left", n=n) for n in range(8)]
        came = list(threads.map(lambda each: one.raised(each, posted=True)[0], made))

    assert sum(len(each.alert_ids) for each in came) == 1


def test_many_that_raise_the_same_at_once_raise_one_alert(mine, busy_database, gate):
    mine.rule()
    lead_id = mine.lead()
    one = Alerting(busy_database, gate, mine.tenant_id)

    with ThreadPoolExecutor(16) as threads:
        made = [Event("lead.created", lead_id, NOW) for _ in range(64)]
        list(threads.map(one.raised, made))

    assert mine.alerts() == [64]


def test_many_that_raise_much_at_once_never_wait_for_each_other(mine, busy_database, gate):
    mine.rule(receivers=[mine.receiver(), mine.receiver()], group_by=["lead_id"])
    leads = [mine.lead() for _ in range(10)]
    one = Alerting(busy_database, gate, mine.tenant_id)

    def raise_all(n):
        order = leads if n % 2 else leads[::-1]
        one.raised(*[Event("lead.created", lead_id, NOW) for lead_id in order])

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(raise_all, range(48)))

    assert mine.alerts() == [48] * 10


def test_a_rule_that_changed_is_asked_as_it_is_now(mine):
    rule_id = mine.rule()
    mine.raised(Event("lead.created", mine.lead(), NOW))

    mine.next_version(rule_id, is_active=False)
    mine.raised(Event("lead.created", mine.lead(), NOW))

    assert mine.alerts() == [1]


def test_erasing_a_lead_takes_its_alerts_along(mine, owner_conninfo):
    mine.rule("high_score_match", conditions={"count": {"at_least": 2, "minutes": 10, "by": []}})
    lead_id = mine.lead()
    mine.happens(lead_id)
    mine.raised(*[Event("high_score_match", lead_id, NOW + n * MINUTE) for n in range(2)])
    assert mine.alerts() == [1]

    with psycopg.connect(owner_conninfo) as owner:
        owner.execute("DELETE FROM public.leads WHERE id = %s", [lead_id])

    assert mine.alerts() == []
    assert mine.rows("SELECT FROM alerts.met WHERE tenant_id = %(tenant)s") == []
    assert mine.rows("SELECT FROM alerts.waiting WHERE tenant_id = %(tenant)s") == []


def test_the_words_of_an_alert_are_sealed(mine, owner_conninfo):
    mine.raised(posted(title="Ada Example wants a loan"), posted=True)

    with psycopg.connect(owner_conninfo) as owner:
        (row,) = owner.execute(
            "SELECT a::text FROM alerts.alerts AS a WHERE tenant_id = %s", [mine.tenant_id]
        ).fetchall()
    assert "Ada" not in row[0]
    assert b"Ada".hex() not in row[0]


def test_a_summary_counts_a_week(mine, database):
    for n, priority in enumerate(["urgent", "high", "high", "low"]):
        mine.raised(posted(fingerprint=str(n), priority=priority), posted=True)
    mine.raised(posted(fingerprint="old"), posted=True, now=NOW - timedelta(days=8))

    with database.transaction(mine.tenant_id) as conn:
        summary = overview_store.summary(conn, mine.tenant_id, NOW + MINUTE)
        types = overview_store.by_type(conn, mine.tenant_id, NOW + MINUTE, 10)

    assert (summary.total_alerts, summary.urgent_alerts, summary.high_priority_alerts) == (4, 1, 2)
    assert types == {"alert": 4}


@pytest.mark.parametrize(
    ("asked", "found"),
    [({}, 3), ({"priority": "high"}, 1), ({"is_open": False}, 0), ({"alert_type": "alert"}, 3)],
)
def test_alerts_are_listed_by_what_is_asked(mine, database, gate, asked, found):
    for n, priority in enumerate(["low", "high", "medium"]):
        mine.raised(posted(fingerprint=str(n), priority=priority), posted=True)

    with database.transaction(mine.tenant_id) as conn:
        page = alert_store.page(conn, gate, mine.tenant_id, asked, 10)

    assert len(page) == found
    assert [one.id for one in page] == sorted((one.id for one in page), reverse=True)
