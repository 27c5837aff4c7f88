"""What meets a rule, what does not, and what nobody knows; and why, with the values."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.alerts.condition_reading import reading, understood
from services.alerts.conditions import compiled
from tests.services.alerts.happenings import AUSTIN, happened, holds, why


@pytest.mark.parametrize(
    ("conditions", "facts", "verdict"),
    [
        ({"min_intent_score": 80}, {"intent_score": 80}, True),
        ({"min_intent_score": 80}, {"intent_score": 79}, False),
        ({"max_signal_strength": 30}, {"signal_strength": 30}, True),
        ({"max_signal_strength": 30}, {"signal_strength": 31}, False),
        ({"intent_score": 80}, {"intent_score": 80.0}, True),
        ({"status": ["new", "Qualified"]}, {"status": "qualified"}, True),
        ({"status": "new"}, {"status": "lost"}, False),
        ({"source_id": "Landing-Page"}, {"source_id": "landing-page"}, True),
        ({"duplicate": False}, {"duplicate": False}, True),
        ({"duplicate": False}, {"duplicate": True}, False),
        ({"needs": "business_loan"}, {"needs": ("growth_capital", "business_loan")}, True),
        ({"tags": ["vip", "beta"]}, {"tags": ("beta",)}, True),
        ({"tags": "vip"}, {"tags": ()}, False),
        ({"contains": {"tags": ["vip", "beta"]}}, {"tags": ("beta",)}, False),
        ({"contains": {"tags": ["vip", "beta"]}}, {"tags": ("Beta", "x", "vip")}, True),
        ({"starts_with": {"source_id": "google-"}}, {"source_id": "Google-Ads"}, True),
        ({"starts_with": {"source_id": ["a", "b"]}}, {"source_id": "google"}, False),
        ({"data.vip": True}, {"data.vip": 1}, False),
        ({"data.plan": "gold"}, {"data.plan": "Gold"}, True),
        ({"min_data.amount": 100}, {"data.amount": 250}, True),
        ({"exists": ["industry", "place"]}, {"industry": "52", "place": "Bonn"}, True),
        ({"exists": "industry"}, {}, False),
        ({}, {}, True),
    ],
)
def test_a_condition_holds_of_what_it_says(conditions, facts, verdict):
    assert holds(conditions, happened(**facts)) is verdict


@pytest.mark.parametrize(
    "conditions",
    [
        {"min_intent_score": 80},
        {"status": "new"},
        {"industry": "retail"},
        {"near": "Austin, TX"},
        {"location": "Texas"},
        {"contains": {"tags": "vip"}},
        {"starts_with": {"source_id": "a"}},
    ],
)
def test_what_nobody_knows_meets_neither_a_condition_nor_its_contrary(conditions):
    assert holds(conditions, happened()) is None
    assert holds({"not": conditions}, happened()) is None
    assert not reading({"not": conditions}, "custom").hold(happened())


def test_a_number_that_came_as_a_text_is_not_compared():
    assert holds({"min_data.amount": 100}, happened(**{"data.amount": "250"})) is None


def test_one_false_condition_is_enough_whatever_else_is_unknown():
    assert holds({"min_intent_score": 80, "status": "new"}, happened(status="lost")) is False


def test_one_true_alternative_is_enough_whatever_else_is_unknown():
    both = {"any": [{"min_intent_score": 80}, {"status": "new"}]}

    assert holds(both, happened(status="new")) is True
    assert holds(both, happened(status="lost")) is None


def test_conditions_nest():
    conditions = {
        "all": [{"not": {"status": "lost"}}, {"any": [{"min_intent_score": 80}, {"tags": "vip"}]}]
    }

    assert holds(conditions, happened(status="new", intent_score=10, tags=("vip",))) is True
    assert holds(conditions, happened(status="lost", intent_score=90)) is False


def test_a_lead_in_a_part_of_the_trade_is_in_the_trade():
    assert holds({"industry": "retail"}, happened(industry="445110")) is True
    assert holds({"industry": ["retail", "52"]}, happened(industry="522110")) is True
    assert holds({"industry": "technology"}, happened(industry="5415")) is True


def test_hospitality_is_not_software():
    assert holds({"industry": "software"}, happened(industry="72")) is False


def test_a_lead_of_a_wider_trade_may_be_in_the_narrower_one():
    assert holds({"industry": "Restaurants"}, happened(industry="72")) is None


def test_a_radius_is_a_border():
    near = {"near": {"place": "Austin, TX", "radius_km": 30}}

    assert holds(near, happened(latitude=30.5083, longitude=-97.6789)) is True  # Round Rock
    assert holds(near, happened(latitude=29.4241, longitude=-98.4936)) is False  # San Antonio


def test_a_circle_reaches_over_the_date_line():
    fiji = {"near": {"place": "-16.78, 179.34", "radius_km": 300}}

    assert holds(fiji, happened(latitude=-16.8, longitude=-179.9)) is True


def test_california_is_not_chicago():
    chicago = happened(country="US", admin1="IL", latitude=41.88, longitude=-87.63)

    assert holds({"location": "California"}, chicago) is False


def test_a_region_is_one_of_its_country():
    assert holds({"region": "Bavaria"}, happened(country="DE", admin1="BY")) is True
    assert holds({"region": "Bavaria"}, happened(country="AT", admin1="BY")) is False
    assert holds({"region": "Bavaria"}, happened(country="DE")) is None


def test_a_country_goes_by_any_of_its_names():
    assert holds({"country": ["Deutschland", "USA"]}, happened(country="DE")) is True
    assert holds({"location": "Germany"}, happened(country="DE", admin1="BY")) is True


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (datetime(2026, 3, 4, 21, 30, tzinfo=UTC), True),  # Wednesday, 22:30 in Berlin
        (datetime(2026, 3, 5, 4, 59, tzinfo=UTC), True),  # Thursday, still of Wednesday's night
        (datetime(2026, 3, 5, 5, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 5, 22, 0, tzinfo=UTC), False),  # Thursday's night
        (datetime(2026, 7, 1, 20, 0, tzinfo=UTC), True),  # in summer an hour earlier
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(at, inside):
    night = {
        "during": {"from": "22:00", "to": "06:00", "timezone": "Europe/Berlin", "days": ["wed"]}
    }

    assert holds(night, replace(happened(), occurred_at=at)) is inside


def test_a_day_without_times_is_the_whole_day():
    weekend = {"during": {"days": ["sat", "sun"], "timezone": "America/New_York"}}
    late_friday = datetime(2026, 3, 7, 3, 0, tzinfo=UTC)

    assert holds(weekend, replace(happened(), occurred_at=late_friday)) is False
    assert holds(weekend, replace(happened(), occurred_at=late_friday.replace(hour=6))) is True


def test_reasons_cite_the_values_that_were_compared():
    conditions = {"min_intent_score": 80, "status": "new", "industry": "hospitality"}
    lead = happened(intent_score=85, status="new", industry="7225")

    assert why(conditions, lead) == [
        "industry Restaurants is part of Hospitality",
        "intent_score 85 is at least 80",
        "status is new",
    ]


def test_what_is_not_met_is_told_alone():
    conditions = {"min_intent_score": 80, "status": "new"}

    assert why(conditions, happened(intent_score=60, status="new")) == [
        "intent_score 60 is not at least 80"
    ]


def test_lists_and_other_values_are_told():
    lead = happened(tags=("vip",), status="lost")

    assert why({"tags": "vip", "contains": {"tags": ["vip"]}}, lead) == [
        "tags (vip) has all of vip",
        "tags (vip) has vip",
    ]
    assert why({"status": ["new", "qualified"]}, lead) == ["status is lost, not new or qualified"]
    assert why({"tags": "beta"}, happened(tags=())) == ["tags (none) has not beta"]


def test_what_is_not_known_is_told():
    assert why({"not": {"min_intent_score": 80}}, happened()) == ["intent_score is not known"]


def test_distances_and_hours_are_told():
    conditions = {
        "near": {"place": "Austin, TX", "radius_km": 10},
        "during": {"from": "09:00", "to": "17:00", "timezone": "UTC"},
    }

    assert why(conditions, happened(**AUSTIN)) == [
        "wed 12:00 is within 09:00 to 17:00 on mon tue wed thu fri sat sun, UTC",
        "Austin is 0 km from Austin, TX, US, within 10 km",
    ]


def test_a_count_says_how_often_within_what_and_apart_by_what():
    conditions = reading({"count": {"at_least": 3, "minutes": 10, "by": ["source_id"]}}, "custom")

    assert conditions.count.at_least == 3
    assert conditions.count.within.total_seconds() == 600
    assert conditions.counted_by(happened(source_id="a")) != conditions.counted_by(
        happened(source_id="b")
    )


def test_strangers_are_not_counted_together():
    conditions = reading({"count": {"at_least": 3, "minutes": 10, "by": ["source_id"]}}, "custom")

    assert conditions.counted_by(happened()) is None


@pytest.mark.parametrize("tree", [{}, {"conditions": {"is": "magic"}, "count": None}, None, []])
def test_what_is_no_tree_holds_of_nothing_but_is_refused(tree):
    with pytest.raises(ValueError, match="no conditions"):
        compiled(tree)


def test_a_tree_is_stored_and_read_again_as_it_is():
    tree = understood({"location": ["Texas", "Berlin"], "min_intent_score": 80}, "geographic")

    assert compiled(tree).verdict(happened(country="US", admin1="TX", intent_score=90)) is True
