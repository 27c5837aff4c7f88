"""Gravity Forms: an entry's numbered inputs become the answers of its fields."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup.intake.senders.gravity_forms import GRAVITY_FORMS
from services.dedup.intake.sent import Ignored
from tests.services.dedup.intake.senders.anything import ANYTHING, SCALARS, broken, endured
from tests.services.dedup.intake.senders.forms import as_told, cases

CASES = cases("gravity_forms")


def answers(**inputs):
    entry = {"id": "1", "form_id": "2", "date_created": "2026-11-21 08:00:00", "ip": ""}
    numbered = {name[1:].replace("_", "."): value for name, value in inputs.items()}
    (item,) = GRAVITY_FORMS.items(entry | numbered)
    return {one.key: one.value for one in item.answers}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim)
def test_an_entry_is_told_in_its_own_words(case):
    as_told(GRAVITY_FORMS, case)


def test_a_name_has_its_parts():
    found = answers(f1_2="Dr.", f1_3="Ann", f1_4="B.", f1_6="Lee", f1_8="Jr.")

    assert found == {
        "1": {"prefix": "Dr.", "first": "Ann", "middle": "B.", "last": "Lee", "suffix": "Jr."}
    }


def test_an_address_has_its_parts():
    found = answers(f7_1="1 High St", f7_2="", f7_3="Ely", f7_4="", f7_5="CB7 4AA", f7_6="UK")

    assert found == {
        "7": {"street": "1 High St", "city": "Ely", "postal_code": "CB7 4AA", "country": "UK"}
    }


@pytest.mark.parametrize(
    "inputs",
    [
        {"f7_1": "Red", "f7_2": "", "f7_3": "Blue", "f7_4": "", "f7_5": "", "f7_6": ""},
        {"f7_1": "Red", "f7_2": "Blue"},
        {"f7_3": "Red", "f7_2": "Blue"},
        {"f7_1": "Red", "f7_3": "1", "f7_11": "Blue"},
    ],
)
def test_boxes_are_neither_a_name_nor_an_address(inputs):
    assert isinstance(answers(**inputs)["7"], list)


def test_no_card_is_kept():
    assert answers(f5_1="XXXXXXXXXXXX1111", f5_4="Visa", **{"f5_2_month": ""}) == {}


def test_what_add_ons_put_into_an_entry_is_no_answer():
    entry = CASES[0].json | {"workflow_step": "2", "gform_x": "y", "is_approved": "1"}
    (item,) = GRAVITY_FORMS.items(entry)

    assert len(item.answers) == len(CASES[0].answers)


@pytest.mark.parametrize("percent", ["35", 100])
def test_an_entry_that_was_not_sent_yet_waits_for_the_whole_one(percent):
    (item,) = GRAVITY_FORMS.items(CASES[0].json | {"partial_entry_percent": percent})

    assert isinstance(item, Ignored)


def test_an_entry_that_was_once_partial_is_taken_when_it_is_sent():
    (item,) = GRAVITY_FORMS.items(CASES[0].json | {"partial_entry_percent": ""})

    assert item.key == CASES[0].key


def test_selected_fields_bear_no_mark_but_are_read():
    (case,) = [case for case in CASES if not case.claimed]

    assert not GRAVITY_FORMS.recognises(case.json, {})


@settings(deadline=None, max_examples=150)
@given(ANYTHING)
def test_no_payload_is_too_strange(payload):
    endured(GRAVITY_FORMS, payload)


@settings(deadline=None, max_examples=250)
@given(broken([case.post.payload for case in CASES]))
def test_a_broken_entry_is_endured(payload):
    endured(GRAVITY_FORMS, payload)


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(st.from_regex(r"\A[0-9]{1,2}(\.[0-9]{1,2})?\Z"), SCALARS, max_size=12))
def test_any_numbers_are_endured(inputs):
    endured(GRAVITY_FORMS, CASES[0].json | inputs)
