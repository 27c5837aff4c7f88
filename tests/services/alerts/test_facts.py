"""What is known of a happening, by one name each; what is of the wrong sort is unknown."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts.facts import FACTS, kept
from services.alerts.vocabulary import known
from tests.services.alerts.happenings import AUSTIN, LEAD, NOON, told

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)

NAMES = st.sampled_from([*FACTS, "types", "priority", "location", "city", "fingerprint", "title"])


def test_a_match_tells_service_score_and_priority():
    data = {"service_id": str(UUID(int=9)), "match_score": 91.5, "priority": "high"}

    facts = told(name="high_score_match", data=data).facts

    assert facts["service_id"] == str(UUID(int=9))
    assert (facts["match_score"], facts["match_priority"]) == (91.5, "high")


def test_the_types_of_a_signal_are_a_list():
    assert told(name="signal.detected", data={"types": ["growth"]}).facts["signal_types"] == (
        "growth",
    )


def test_what_an_event_tells_goes_before_what_was_stored_of_the_lead():
    facts = told(
        {"signal_strength": 20}, name="signal.detected", data={"signal_strength": 85}
    ).facts

    assert facts["signal_strength"] == 85


def test_an_event_that_tells_nonsense_leaves_what_was_stored():
    assert told({"intent_score": 20}, data={"intent_score": "a lot"}).facts["intent_score"] == 20


@pytest.mark.parametrize("nonsense", [float("nan"), float("inf"), 10**400, True, "80", 101, -1, []])
def test_a_score_that_is_none_is_unknown(nonsense):
    assert "intent_score" not in told({"intent_score": nonsense}).facts


def test_a_lead_without_tags_is_known_to_have_none():
    assert told({"tags": []}).facts["tags"] == ()


def test_the_age_of_a_lead_is_known_in_hours():
    assert told({"received_at": NOON - timedelta(days=2)}).facts["lead_age_hours"] == 48


def test_the_trade_of_a_lead_is_a_code_however_it_is_said():
    assert told({"industry": "Restaurants"}).facts["industry"] == "7225"


def test_what_a_workflow_posts_is_reached_by_its_path():
    data = {"campaign": {"name": "spring", "cost": 12.5}, "vip": True, "ids": [1, "b"]}

    facts = told(name="payment.failed", data=data).facts

    assert facts["data.campaign.name"] == "spring"
    assert (facts["data.vip"], facts["data.ids"]) == (True, ("1", "b"))


def test_a_place_that_a_workflow_posts_is_looked_up():
    facts = told(name="form.sent", data={"location": "Austin, TX"}).facts

    assert (facts["country"], facts["admin1"], facts["place"]) == ("US", "TX", "Austin")


def test_a_lead_whose_place_is_known_stays_there():
    assert told(AUSTIN, data={"location": "Berlin"}).facts["place"] == "Austin"


def test_no_event_says_by_itself_which_lead_it_is_about():
    assert told(data={"lead_id": "other", "place": "Ada Lovelace"}).facts["lead_id"] == str(LEAD)
    assert "place" not in told(data={"place": "Ada Lovelace"}).facts


def test_the_type_of_a_rule_is_another_name_of_its_event():
    assert told(name="new_lead").name == "lead.created"


def test_the_sender_may_say_what_it_is_the_same_as():
    assert told(data={"fingerprint": " invoice 17 "}).fingerprint == "invoice 17"


def test_nothing_is_kept_that_may_say_who_somebody_is():
    data = {"email": "ada@example.org", "phone": 15551234567, "amount": 1200, "service_id": "a@b.c"}
    facts = told({"assigned_to": "Grace", **AUSTIN}, name="form.sent", data=data).facts

    left = kept(facts)

    assert left == {
        "event": "form.sent",
        "lead_id": str(LEAD),
        "country": "US",
        "admin1": "TX",
        "place": "Austin",
        "data.amount": 1200,
    }


def test_every_fact_says_what_it_means():
    assert all(one.meaning.endswith((".", "…")) and known(one.name) for one in FACTS.values())


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(NAMES | st.text(max_size=8), JSON, max_size=6), st.text(max_size=12))
def test_whatever_is_posted_is_read(data, name):
    facts = told(name=name, data=data).facts

    assert None not in facts.values()
    assert set(kept(facts)) <= set(facts)


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(NAMES, JSON, max_size=6))
def test_whatever_is_stored_of_a_lead_is_read(lead):
    facts = told(lead).facts

    assert all(isinstance(value, str | int | float | bool | tuple) for value in facts.values())
