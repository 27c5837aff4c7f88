"""What is wrong with conditions is said when they are made, and where."""

import pytest

from services.alerts.condition_reading import DEEPEST, MOST_CONDITIONS, understood
from services.alerts.facts import FACTS
from shared.errors import Malformed, Meaningless


def faults(conditions, rule_type="custom", error=Malformed):
    with pytest.raises(error) as refused:
        understood(conditions, rule_type)
    return refused.value.details


def nested(levels):
    conditions = {"status": "new"}
    for _ in range(levels):
        conditions = {"not": conditions}
    return conditions


def test_an_unknown_field_is_named_with_what_may_be_meant():
    conditions = {"all": [{"status": "new"}, {"min_intent_scor": 80}]}

    assert faults(conditions) == {
        "conditions.all[1].min_intent_scor": "is no field; did you mean min_intent_score?"
    }


def test_all_faults_are_named_at_once():
    conditions = {"min_status": 3, "intent_score": "high", "not": {"tags": 5}, "near": 7}

    assert set(faults(conditions)) == {
        "conditions.min_status",
        "conditions.intent_score",
        "conditions.not.tags",
        "conditions.near.place",
    }


@pytest.mark.parametrize(
    ("conditions", "place"),
    [
        ([], "conditions"),
        ("min_intent_score > 80", "conditions"),
        ({"min_intent_score": "80"}, "conditions.min_intent_score"),
        ({"min_intent_score": True}, "conditions.min_intent_score"),
        ({"min_intent_score": float("nan")}, "conditions.min_intent_score"),
        ({"min_data.amount": 10**400}, "conditions.min_data.amount"),
        ({"duplicate": "yes"}, "conditions.duplicate"),
        ({"status": None}, "conditions.status"),
        ({"status": []}, "conditions.status"),
        ({"tags": ["a", ""]}, "conditions.tags[1]"),
        ({"tags": ["x"] * 101}, "conditions.tags"),
        ({"all": {}}, "conditions.all"),
        ({"any": []}, "conditions.any"),
        ({"any": [{}]}, "conditions.any[0]"),
        ({"not": {}}, "conditions.not"),
        ({"all": [5]}, "conditions.all[0]"),
        ({"exists": "email"}, "conditions.exists"),
        ({"exists": ["tags", "phone"]}, "conditions.exists[1]"),
        ({"contains": "tags"}, "conditions.contains"),
        ({"contains": {"status": "new"}}, "conditions.contains.status"),
        ({"starts_with": {"intent_score": "8"}}, "conditions.starts_with.intent_score"),
        ({"near": {"place": "Austin", "radius_km": 900}}, "conditions.near.radius_km"),
        ({"near": {"place": "Austin", "radius": 9}}, "conditions.near"),
        ({"during": {"from": "9:00", "timezone": "UTC"}}, "conditions.during.from"),
        ({"during": {"timezone": "UTC"}}, "conditions.during"),
        ({"during": {"from": "09:00"}}, "conditions.during.timezone"),
        ({"during": {"days": ["someday"], "timezone": "UTC"}}, "conditions.during.days[0]"),
        ({"count": 3}, "conditions.count"),
        ({"count": {"at_least": 1, "minutes": 5}}, "conditions.count.at_least"),
        ({"count": {"at_least": 2, "minutes": 2000}}, "conditions.count.minutes"),
        ({"count": {"at_least": 2, "minutes": 5, "by": ["x"]}}, "conditions.count.by[0]"),
        ({"not": {"count": {"at_least": 2, "minutes": 5}}}, "conditions.not.count"),
        ({"data.": 1}, "conditions.data."),
        ({"event_": 1}, "conditions.event_"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(conditions, place):
    assert set(faults(conditions)) == {place}


@pytest.mark.parametrize(
    ("conditions", "place"),
    [
        ({"location": "Xyzzyville"}, "conditions.location"),
        ({"location": ["Texas", "Xyzzyville"]}, "conditions.location[1]"),
        ({"region": "Atlantis"}, "conditions.region"),
        ({"country": "Texas"}, "conditions.country"),
        ({"near": {"place": "Texas"}}, "conditions.near.place"),
        ({"industry": ["retail", "xyzzy"]}, "conditions.industry[1]"),
        ({"status": "qualifed"}, "conditions.status"),
        ({"min_match_score": 120}, "conditions.min_match_score"),
        (
            {"during": {"from": "09:00", "to": "17:00", "timezone": "Mars/Base"}},
            "conditions.during.timezone",
        ),
        (
            {"during": {"from": "09:00", "to": "09:00", "timezone": "UTC"}},
            "conditions.during",
        ),
    ],
)
def test_what_means_nothing_is_refused_at_its_place(conditions, place):
    assert set(faults(conditions, error=Meaningless)) == {place}


@pytest.mark.parametrize(
    ("conditions", "place"),
    [
        ({"min_intent_score": 80, "max_intent_score": 20}, "conditions.min_intent_score"),
        (
            {"max_intent_score": 20, "all": [{"min_intent_score": 80}]},
            "conditions.all[0].min_intent_score",
        ),
        ({"intent_score": 50, "min_intent_score": 80}, "conditions.intent_score"),
        ({"status": "new", "all": [{"status": "lost"}]}, "conditions.status"),
        (
            {"any": [{"min_match_score": 9, "max_match_score": 8}]},
            "conditions.any[0].min_match_score",
        ),
        (
            {"not": {"min_match_score": 9, "max_match_score": 8}},
            "conditions.not.min_match_score",
        ),
    ],
)
def test_conditions_that_contradict_each_other_are_refused(conditions, place):
    assert set(faults(conditions, error=Meaningless)) == {place}


@pytest.mark.parametrize(
    "conditions",
    [
        {"min_intent_score": 80, "max_intent_score": 80, "intent_score": 80},
        {"min_intent_score": 80, "not": {"min_intent_score": 90}},
        {"tags": "a", "all": [{"tags": "b"}]},
        {"status": ["new", "lost"], "all": [{"status": ["LOST"]}]},
        {"any": [{"max_match_score": 8}, {"min_match_score": 9}]},
        {"data.plan": "gold", "all": [{"data.plan": "vip"}]},
        {"needs_identified": "business_loan", "priority": "urgent", "signal_type": "growth"},
    ],
)
def test_conditions_that_can_be_met_are_taken(conditions):
    understood(conditions, "custom")


def test_a_geographic_rule_names_a_place():
    assert faults({"status": "new"}, "geographic", Meaningless) == {
        "conditions": "name no place: near, location, region or country"
    }
    understood({"any": [{"near": "Austin, TX"}, {"not": {"country": "US"}}]}, "geographic")


def test_an_industry_rule_names_an_industry():
    assert set(faults({}, "industry", Meaningless)) == {"conditions"}
    understood({"industry": "52"}, "industry")


def test_conditions_nest_eight_levels_deep_and_no_deeper():
    understood(nested(DEEPEST), "custom")

    assert "deeper" in str(faults(nested(DEEPEST + 1)))
    assert "deeper" in str(faults(nested(500)))


def test_a_hundred_conditions_are_taken_and_no_more():
    def many(number):
        return {"all": [{"tags": f"t{n}"} for n in range(number)]}

    understood(many(MOST_CONDITIONS - 1), "custom")

    assert "at most 100" in str(faults(many(MOST_CONDITIONS)))


def test_nothing_that_somebody_wrote_is_said_back():
    details = faults({"ada lovelace@example.org": 1, "status": {"x": "<script>"}})

    assert "ada" not in str(details)
    assert "script" not in str(details)


def test_what_a_place_was_read_as_is_there_to_be_shown():
    (leaf,) = understood({"near": "Paris, TX"}, "geographic")["conditions"]["all"]

    assert (leaf["name"], leaf["radius_km"]) == ("Paris, TX, US", 50.0)


def test_the_country_of_the_installation_settles_which_place_is_meant():
    def country(home):
        return understood({"near": "Birmingham"}, "geographic", home)["conditions"]["all"][0][
            "name"
        ]

    assert country("GB").endswith("GB")
    assert country("US").endswith("US")


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_can_be_asked_for(name):
    understood({"exists": name}, "custom")
