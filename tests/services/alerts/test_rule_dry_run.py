"""How often a rule would have fired."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts.dry_run import MOST_EXAMPLES, dry_run
from tests.services.alerts.happenings import NOON, happened, ready


def at(number, minutes_ago, lead=None, **facts):
    one = happened(**facts)
    lead_id = UUID(int=lead or 100 + number)
    when = NOON - timedelta(minutes=minutes_ago)
    return replace(one, id=UUID(int=number), lead_id=lead_id, occurred_at=when)


def test_a_week_is_told_in_words_and_by_day():
    leads = [at(n, n * 600, intent_score=85) for n in range(14)]

    run = dry_run(ready({"min_intent_score": 80}), leads, NOON, 7)

    assert run.in_words == "would have fired 14 times last week"
    assert sum(run.days.values()) == run.fired == 14
    assert len(run.days) == 7


def test_what_does_not_meet_the_conditions_or_is_not_heard_does_not_count():
    leads = [at(1, 1, intent_score=85), at(2, 2, intent_score=20), at(3, 3)]
    other = replace(at(4, 4, intent_score=99), name="lead.qualified")

    run = dry_run(ready({"min_intent_score": 80}), [*leads, other], NOON, 7)

    assert (run.fired, run.looked_at, run.unknown) == (1, 3, 1)
    assert run.in_words == "would have fired once last week"


def test_what_lies_outside_the_time_does_not_count():
    leads = [at(1, -5), at(2, 8 * 24 * 60)]

    assert dry_run(ready(), leads, NOON, 7).in_words == "would not have fired last week"


def test_the_same_alert_again_is_one_alert():
    run = dry_run(ready(), [at(n, n, lead=7 if n < 4 else 8) for n in range(1, 6)], NOON, 1)

    assert run.in_words == "would have fired 5 times on one day, as 2 alerts"


def test_a_happening_that_comes_twice_counts_once():
    assert dry_run(ready(), [at(1, 1), at(1, 1)], NOON, 7).fired == 1


def test_a_count_fires_from_the_number_on_within_its_time():
    counted = ready({"count": {"at_least": 3, "minutes": 10}})

    assert dry_run(counted, [at(n, n) for n in (1, 2, 3, 4)], NOON, 7).fired == 2
    assert dry_run(counted, [at(n, n * 6) for n in (1, 2, 3, 4)], NOON, 7).fired == 0


def test_a_count_is_kept_apart_by_its_facts():
    counted = ready({"count": {"at_least": 2, "minutes": 10, "by": ["source_id"]}})
    leads = [at(n, n, source_id=source) for n, source in enumerate("aba", 1)]

    assert dry_run(counted, leads, NOON, 7).fired == 1


def test_days_are_those_of_a_time_zone():
    late = at(1, 11 * 60)  # 01:00 UTC, the evening before in New York

    run = dry_run(ready(), [late], NOON, 2, "America/New_York")

    assert [day.day for day, fired in run.days.items() if fired] == [3]


def test_examples_are_the_latest_with_their_reasons():
    run = dry_run(
        ready({"min_intent_score": 80}), [at(n, n, intent_score=85) for n in range(1, 30)], NOON, 7
    )

    assert [one.event_id.int for one in run.examples] == list(range(1, MOST_EXAMPLES + 1))
    assert run.examples[0].why == ("intent_score 85 is at least 80",)


@settings(deadline=None, max_examples=100)
@given(st.permutations(range(1, 7)), st.integers(2, 4))
def test_the_order_in_which_history_comes_changes_nothing(order, at_least):
    counted = ready({"count": {"at_least": at_least, "minutes": 5}})
    leads = {n: at(n, n * 2) for n in range(1, 7)}

    run = dry_run(counted, [leads[n] for n in order], NOON, 7)

    assert run == dry_run(counted, leads.values(), NOON, 7)


def test_what_is_as_long_ago_as_the_time_of_a_count_is_no_longer_in_it():
    counted = ready({"count": {"at_least": 2, "minutes": 10}})

    assert dry_run(counted, [at(1, 10), at(2, 0)], NOON, 7).fired == 0
    assert dry_run(counted, [at(1, 9), at(2, 0)], NOON, 7).fired == 1
