"""Which rules of an account a happening meets."""

from uuid import UUID

from services.alerts.rulebook import Rulebook
from tests.services.alerts.happenings import happened, ready, told


def names(met):
    return [one.rule.rule_name for one in met]


def test_a_rule_hears_the_events_of_its_type():
    book = Rulebook([ready(rule_name="leads"), ready(rule_name="m", rule_type="high_score_match")])

    assert names(book.met(happened("lead.created"))) == ["leads"]
    assert names(book.met(happened("high_score_match"))) == ["m"]
    assert book.met(happened("unheard.of")) == []


def test_a_rule_that_hears_two_events_is_met_once_by_each():
    strong = ready({"min_signal_strength": 70}, rule_type="signal_strength")
    book = Rulebook([strong])

    assert book.met(happened("signal.detected", signal_strength=80)) == [strong]
    assert book.met(happened("lead.created", signal_strength=80)) == [strong]
    assert book.met(happened("lead.created", signal_strength=60)) == []


def test_a_rule_that_is_switched_off_hears_nothing():
    assert Rulebook([ready(is_active=False)]).met(happened()) == []


def test_the_rules_that_are_met_stand_in_the_order_they_came():
    book = Rulebook([ready(rule_name=name, id=UUID(int=at)) for at, name in enumerate("cab")])

    assert names(book.met(happened())) == ["c", "a", "b"]


def test_a_custom_rule_hears_what_it_names():
    book = Rulebook([ready(rule_type="custom", events=("payment.failed", "payment.failed"))])

    assert len(book.met(happened("payment.failed"))) == 1


def test_a_custom_rule_may_name_an_event_by_the_type_that_hears_it():
    book = Rulebook([ready(rule_type="custom", events=("new_lead",))])

    assert len(book.met(told(name="new_lead"))) == 1
    assert len(book.met(told(name="lead.created"))) == 1
