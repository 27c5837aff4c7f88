"""Unbounce: fields among the page's own, in a form or in JSON within a form."""

import pytest
from hypothesis import given, settings

from services.dedup.intake.senders.unbounce import UNBOUNCE
from services.dedup.intake.sent import Ignored
from tests.services.dedup.intake.senders.anything import ANYTHING, broken, endured
from tests.services.dedup.intake.senders.forms import as_told, cases

CASES = cases("unbounce")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim)
def test_a_submission_is_told_in_its_own_words(case):
    as_told(UNBOUNCE, case)


def test_a_field_is_known_by_its_id():
    (item,) = UNBOUNCE.items(CASES[0].json)

    assert [one.key for one in item.answers] == ["email", "full_name"]


def test_answers_in_xml_alone_are_refused_with_what_to_do():
    payload = {"page_id": "p", "variant": "a", "data.xml": "<form_data/>"}

    assert UNBOUNCE.recognises(payload, {})
    (item,) = UNBOUNCE.items(payload)
    assert isinstance(item, Ignored)
    assert "JSON" in item.reason


@pytest.mark.parametrize("hour", ["", "25:00 PM UTC", "10:57 PM CET", "now"])
def test_an_hour_that_is_none_leaves_the_time_open(hour):
    (item,) = UNBOUNCE.items(CASES[0].json | {"time_submitted": [hour]})

    assert item.around.submitted_at is None


@pytest.mark.parametrize("payload", [{}, [], None, {"email": ["a@b.test"]}])
def test_what_is_no_submission_is_ignored(payload):
    (item,) = UNBOUNCE.items(payload)

    assert isinstance(item, Ignored)


@settings(deadline=None, max_examples=150)
@given(ANYTHING)
def test_no_payload_is_too_strange(payload):
    endured(UNBOUNCE, payload)


@settings(deadline=None, max_examples=250)
@given(broken([case.post.payload for case in CASES]))
def test_a_broken_submission_is_endured(payload):
    endured(UNBOUNCE, payload)
