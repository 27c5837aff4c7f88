"""Jotform: answers out of the raw request, labels out of the text for people."""

import json

import pytest
from hypothesis import given, settings

from services.dedup.intake.senders.jotform import JOTFORM
from services.dedup.intake.sent import Ignored
from tests.services.dedup.intake.senders.anything import ANYTHING, broken, endured
from tests.services.dedup.intake.senders.forms import as_told, cases, sent

CASES = cases("jotform")


def submission(raw, **changes):
    return {"formID": "1", "submissionID": "2", "rawRequest": json.dumps(raw)} | changes


def names(payload):
    (item,) = JOTFORM.items(payload)
    return {one.key: one.name for one in item.answers}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim)
def test_a_submission_is_told_in_its_own_words(case):
    as_told(JOTFORM, case)


def test_a_name_is_no_type_but_a_control_is():
    assert [one.field for one in sent(JOTFORM, CASES[0].post).answers] == ["", ""]
    assert [one.field for one in sent(JOTFORM, CASES[3].post).answers] == ["", "email", ""]


def test_an_int64_id_survives_to_the_last_digit():
    assert sent(JOTFORM, CASES[2].post).key == "9007199254740993"


def test_a_label_with_commas_and_colons_is_found():
    pretty = "Your name, please:Ann, Anything else::No: nothing, Tel:5"
    found = names(submission({"q1_a": "Ann", "q2_b": "No: nothing", "q3_c": "5"}, pretty=pretty))

    assert found == {"q1_a": "Your name, please", "q2_b": "Anything else", "q3_c": "Tel"}


def test_answers_alike_have_no_certain_label():
    pretty = "Newsletter:Yes, Consent:Yes"

    found = names(submission({"q1_typeA": "Yes", "q2_typeB": "Yes"}, pretty=pretty))

    assert found == {"q1_typeA": "typeA", "q2_typeB": "typeB"}


def test_a_raw_request_cut_short_still_has_its_key():
    (item,) = JOTFORM.items(submission({}, rawRequest='{"q1_name": "An'))

    assert (item.key, list(item.answers)) == ("2", [])


@pytest.mark.parametrize("payload", [{}, [], None, {"formID": "1", "submissionID": "2"}])
def test_what_is_no_submission_is_ignored(payload):
    (item,) = JOTFORM.items(payload)

    assert isinstance(item, Ignored)


@settings(deadline=None, max_examples=150)
@given(ANYTHING)
def test_no_payload_is_too_strange(payload):
    endured(JOTFORM, payload)


@settings(deadline=None, max_examples=150)
@given(broken([case.post.payload for case in CASES]))
def test_a_broken_submission_is_endured(payload):
    endured(JOTFORM, payload)


@settings(deadline=None, max_examples=250)
@given(broken([json.loads(JOTFORM_RAW) for JOTFORM_RAW in ['{"q1_a": {"b": ["c"]}, "q2_d": 1}']]))
def test_a_broken_raw_request_is_endured(raw):
    endured(JOTFORM, submission(raw, pretty="a:c, d:1"))


def test_labels_that_n8n_has_put_in_place_of_keys_are_names():
    resolved = {"Your name": {"first": "Ann", "last": "Lee"}, "E-mail": "ann@acme.test"}

    (item,) = JOTFORM.items({"formID": "1", "submissionID": "2", "rawRequest": resolved})

    assert [one.name for one in item.answers] == ["Your name", "E-mail"]
