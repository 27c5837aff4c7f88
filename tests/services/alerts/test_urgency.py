"""How urgent it is where the rule does not say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts.rule import PRIORITIES
from services.alerts.urgency import priority
from tests.services.alerts.happenings import happened, rule


@pytest.mark.parametrize(
    ("score", "expected"), [(90, "urgent"), (89.9, "high"), (75, "high"), (74.9, "medium")]
)
def test_a_match_is_as_urgent_as_it_is_good(score, expected):
    assert priority(rule(), happened("high_score_match", match_score=score)) == expected


def test_what_the_rule_says_goes_first():
    assert priority(rule(priority="low"), happened(match_score=99)) == "low"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"signal_strength": 85, "intent_score": 70}, "urgent"),
        ({"signal_strength": 85, "intent_score": 69}, "high"),
        ({"signal_strength": 85}, "high"),
        ({"signal_strength": 50}, "medium"),
        ({"signal_strength": 49}, "low"),
        ({}, "medium"),
    ],
)
def test_a_signal_is_as_urgent_as_it_is_strong(facts, expected):
    assert priority(None, happened("signal.detected", **facts)) == expected


def test_a_new_lead_is_never_below_medium():
    assert priority(None, happened("lead.created", intent_score=3)) == "medium"


def test_a_consent_that_was_withdrawn_is_high_whatever_the_lead_is_like():
    assert priority(None, happened("consent.withdrawn", intent_score=3)) == "high"


def test_a_workflow_may_say_how_urgent_it_is():
    assert priority(None, happened("payment.failed", **{"data.priority": "Urgent"})) == "urgent"
    assert priority(None, happened("payment.failed", **{"data.priority": "asap"})) == "medium"


@settings(deadline=None)
@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_a_stronger_signal_is_never_less_urgent(strength, more, intent):
    weak, strong = sorted((strength, more))

    def of(signal):
        one = happened("signal.detected", signal_strength=signal, intent_score=intent)
        return PRIORITIES.index(priority(None, one))

    assert of(weak) <= of(strong)
