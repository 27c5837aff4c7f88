"""A rule is refused as a whole, with all that is wrong with it."""

import pytest

from services.alerts.rule_reading import read_rule
from shared.errors import Malformed, Meaningless


def said(**changes):
    return {"rule_type": "new_lead", "conditions": {"min_intent_score": 80}} | changes


def faults(error=Malformed, **changes):
    with pytest.raises(error) as refused:
        read_rule(said(**changes))
    return refused.value.details


def test_a_rule_of_the_documents_is_read():
    assert read_rule(said())["conditions"]["all"]


def test_all_faults_of_a_rule_are_named_at_once():
    found = faults(
        conditions={"min_intent_scor": 1, "location": "Xyzzyville"},
        title="Lead {nam}",
        message="{",
        group_by=["plac"],
    )

    assert found == {
        "conditions.min_intent_scor": "is no field; did you mean min_intent_score?",
        "conditions.location": "is no place we know",
        "title": "at character 6: is no fact",
        "message": "at character 1: a brace by itself; write it twice for a brace",
        "group_by[0]": "is no fact; did you mean place?",
    }


def test_a_place_that_is_none_is_no_fault_of_form():
    assert set(faults(Meaningless, conditions={"location": "Xyzzyville"})) == {
        "conditions.location"
    }


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"rule_type": "new_leed"}, "rule_type"),
        ({"rule_type": "custom"}, "events"),
        ({"events": ["a", "b\r\nc"]}, "events[1]"),
        ({"events": ["a"] * 21}, "events"),
        ({"group_by": ["place"] * 6}, "group_by"),
        ({"title": "two\nlines"}, "title"),
    ],
)
def test_what_a_rule_names_must_exist(changes, place):
    assert set(faults(**changes)) == {place}


def test_a_rule_without_conditions_hears_everything_of_its_events():
    assert read_rule({"rule_type": "custom", "events": ["payment.failed"]})["conditions"] == {
        "all": []
    }
