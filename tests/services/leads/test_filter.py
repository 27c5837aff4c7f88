"""What filters mean, as callers spell them."""

from datetime import UTC
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.leads.filter import Circle, Filter, Region
from services.leads.filter_schema import Filtering, wanted
from services.leads.filter_store import where
from services.leads.listing_words import of_lead, searched, words
from services.leads.page import Mark, mark, spelled
from shared.errors import Malformed, Meaningless
from shared.validation import loaded

HERE = "30.2672,-97.7431"


def meant(**said):
    return wanted(loaded(Filtering(), said), "US")


def test_no_filter_hides_duplicates_alone():
    assert meant() == Filter()
    assert where(Filter())[0].as_string(None) == "NOT listed.duplicate"


def test_statuses_may_be_several_with_commas():
    assert meant(status="new, lost,new").statuses == ("new", "lost")


@pytest.mark.parametrize(
    "said",
    [
        {"status": "sold"},
        {"radius_km": 0},
        {"radius_km": 501},
        {"radius_km": "nan"},
        {"min_signal_strength": 101},
        {"company_size": "huge"},
        {"lead_type": "robot"},
        {"investigation_id": "7"},
        {"received_from": "yesterday"},
        {"search": "x" * 201},
        {"location": 7},
    ],
)
def test_a_filter_that_cannot_be_is_refused_by_name(said):
    with pytest.raises(Malformed) as refused:
        meant(**said)

    assert refused.value.details.keys() == said.keys()


def test_a_radius_around_nothing_is_refused_rather_than_ignored():
    with pytest.raises(Meaningless) as refused:
        meant(radius_km=5)

    assert refused.value.details.keys() == {"radius_km"}


def test_a_place_nobody_knows_is_refused_by_name():
    with pytest.raises(Meaningless) as refused:
        meant(location="Xqzzyvvple")

    assert "location" in refused.value.details


def test_an_industry_nobody_knows_is_refused_by_name():
    with pytest.raises(Meaningless) as refused:
        meant(industry="xqzzyvvple")

    assert "industry" in refused.value.details


def test_near_is_a_circle_of_fifty_kilometres_unless_said():
    assert meant(near=HERE).near == Circle(30.2672, -97.7431, 50.0)
    assert meant(near=HERE, radius_km=7).near.radius_km == 7


def test_a_town_reaches_around_itself_and_a_state_is_a_region():
    town = meant(location="Austin, TX").within

    assert isinstance(town, Circle) and 10 <= town.radius_km <= 30
    assert meant(location="Texas").within == Region("US", "TX")
    assert meant(location="France").within == Region("FR")


def test_a_region_has_no_radius():
    for said in ({"location": "Texas", "radius_km": 50}, {"near": "Texas"}):
        with pytest.raises(Meaningless):
            meant(**said)


def test_an_industry_is_all_that_belongs_to_it():
    prefixes = meant(industry="restaurants").industry

    assert any("722511".startswith(prefix) for prefix in prefixes)


def test_nobody_is_asked_for_by_a_word():
    assert meant(assigned_to="none").assigned_to == ""
    assert meant(assigned_to="").assigned_to is None


@pytest.mark.parametrize("name", ["search", "lead_category"])
def test_a_filter_without_a_letter_is_refused(name):
    with pytest.raises(Meaningless):
        meant(**{name: "!!"})


def test_a_comma_is_no_status():
    with pytest.raises(Malformed):
        meant(status=" , ")


@given(
    st.builds(
        Filter,
        investigation_id=st.none() | st.uuids(),
        statuses=st.lists(st.sampled_from(["new", "lost"]), max_size=2),
        within=st.none() | st.just(Region("US", "TX")),
        near=st.none() | st.just(Circle(30.0, -97.0, 50.0)),
        industry=st.lists(st.sampled_from(["72", "5415"]), max_size=2),
        words=st.lists(st.sampled_from(["ada", "lo~00ff"]), max_size=2),
        tag=st.none() | st.text(max_size=5),
        assigned_to=st.none() | st.text(max_size=5),
        lead_ids=st.lists(st.uuids(), max_size=2),
    )
)
def test_every_placeholder_has_its_value(wanted):
    conditions, values = where(wanted)
    text = conditions.as_string(None)

    assert all(f"%({name})s" in text for name in values)
    assert text.count("%(") - text.count("%(tenant)s") >= len(values)


# Words -------------------------------------------------------------------------------------------


@given(st.text(max_size=60))
def test_a_lead_is_found_by_the_very_words_it_says(text):
    assert set(searched(text)) <= set(words(text))


def test_an_address_is_found_whole_and_by_its_parts():
    found = words("Ada.Lovelace@Analytical.example")

    assert {"ada.lovelace@analytical.example", "ada", "lovelace", "analytical"} <= set(found)


@pytest.mark.parametrize("address", ["~ab@x.example", "a~b@x.example", "#vip@x.example"])
def test_an_address_that_looks_like_a_mark_of_ours_is_found_by_its_parts(address):
    assert not {"~", "#"} & set("".join(words(address)))
    assert searched(address) == words(address) != ()


def test_words_of_sealed_fields_stand_as_pseudonyms():
    lead = {"first_name": "Ada", "company": "Analytical"}
    found = of_lead(lead, frozenset({"first_name"}), lambda kind, word: -1)

    assert found == ("~ffffffffffffffff", "analytical")


# Pages -------------------------------------------------------------------------------------------


@given(st.uuids(), st.datetimes(timezones=st.just(UTC)), st.integers(0, 100), st.floats(0, 1))
def test_a_mark_is_read_as_it_was_spelled(lead_id, at, strength, chord):
    for sort, measured in (("strongest", None), ("nearest", chord)):
        given = Mark(lead_id, at, strength, measured)
        assert mark(sort, spelled(sort, given)) == given


@given(st.text(max_size=80))
def test_no_text_but_a_mark_is_taken_for_one(text):
    with pytest.raises(Malformed):
        mark("strongest", text)


def test_a_mark_of_another_order_is_refused():
    at = loaded(Filtering(), {"received_from": "2026-03-01T09:30:00Z"})["received_from"]
    with pytest.raises(Malformed):
        mark("oldest", spelled("newest", Mark(UUID(int=1), at, 5)))
