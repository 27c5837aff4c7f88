"""How many alerts of a rule led to something, and what is suggested when few did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerts.precision import FOLLOWS, Judged, interval, led_to_something, precision
from services.alerts.precision import suggestion as suggested
from tests.services.alerts.story import DAY, NOW


def judged(led, *scores, name="intent_score"):
    return [Judged(led, {name: score}) for score in scores]


GOOD = judged(True, 60, 70, 72, 75, 80, 85, 88, 90, 95, 99)
BAD = judged(False, *range(10, 70, 4), 75, 90)


@pytest.mark.parametrize(
    ("status", "statuses", "now", "expected"),
    [
        ("actioned", [], NOW, True),
        ("new", [("qualified", NOW + DAY)], NOW + 2 * DAY, True),
        ("dismissed", [("converted", NOW + DAY)], NOW + 2 * DAY, True),
        ("new", [("qualified", NOW + FOLLOWS + DAY)], NOW + 30 * DAY, False),
        ("new", [("qualified", NOW - DAY)], NOW + 30 * DAY, False),
        ("new", [("contacted", NOW + DAY)], NOW + 30 * DAY, False),
        ("dismissed", [], NOW, False),
        ("resolved", [], NOW, False),
        ("read", [], NOW + DAY, None),
        ("new", [], NOW + FOLLOWS, None),
    ],
)
def test_an_alert_led_to_something_if_it_or_its_lead_was_acted_on(status, statuses, now, expected):
    assert led_to_something(status, NOW, statuses, now) is expected


def test_what_nobody_knows_yet_is_not_judged():
    found = precision([*judged(True, 1, 2, 3), *judged(False, 1), *judged(None, 1, 2)])

    assert (found.alerts, found.judged, found.led, found.share) == (6, 4, 3, 0.75)


def test_a_rule_without_judged_alerts_has_no_share():
    found = precision(judged(None, 1))

    assert (found.share, found.low, found.high) == (None, 0.0, 1.0)


def test_wilsons_interval_is_the_textbooks():
    low, high = interval(8, 10)

    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_interval_holds_the_share_and_lies_within_bounds(hits, more):
    of = hits + more
    low, high = interval(hits, of)

    assert 0 <= low <= (hits / of if of else 0.5) <= high <= 1


def test_a_low_share_has_a_suggestion_that_cites_the_alerts():
    found = suggested([*GOOD, *BAD], {"min_intent_score": 10})

    assert found is not None
    assert (found.condition, found.value) == ("min_intent_score", 70)
    assert found.text == (
        "raise min_intent_score to 70: 9 of 10 that led to something had it,"
        " and only 2 of 17 that did not"
    )


def test_a_bound_that_the_rule_does_not_have_is_one_to_set():
    found = suggested([*GOOD, *BAD], {})

    assert found is not None
    assert found.text.startswith("set min_intent_score to 70")


@pytest.mark.parametrize(
    ("alerts", "conditions"),
    [
        (GOOD + BAD[:5], {}),  # most led to something
        (GOOD[:4] + BAD, {}),  # too few
        (GOOD + BAD, {"min_intent_score": 70}),  # as strict already
        (GOOD + judged(False, *[90] * 20), {}),  # the score tells nothing
        (GOOD + judged(None, *[10] * 40), {}),  # nobody knows yet
        (judged(True, *[90] * 9, name="lead_age_hours") + BAD, {}),  # unknown of what led
        ([], {}),
    ],
)
def test_nothing_is_suggested_without_a_reason(alerts, conditions):
    assert suggested(alerts, conditions) is None


facts = st.dictionaries(
    st.sampled_from(["intent_score", "match_score", "place"]),
    st.one_of(st.none(), st.booleans(), st.floats(0, 100), st.text(max_size=3)),
)


@given(st.lists(st.builds(Judged, st.sampled_from([True, False, None]), facts), max_size=60))
def test_a_suggestion_keeps_most_of_what_led_to_something(alerts):
    found = suggested(alerts, {})

    if found is not None:
        name = found.condition.removeprefix("min_")
        led = [one for one in alerts if one.led]
        kept = [one for one in led if float(one.facts.get(name) or 0) >= found.value]
        assert len(kept) >= 0.9 * len(led)
        assert 0 <= found.value <= 100
