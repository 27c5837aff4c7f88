"""Tally: answers under their labels, ids of options resolved, signed bodies."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from services.dedup.intake.post import Post
from services.dedup.intake.sender import Forged
from services.dedup.intake.senders.tally import TALLY
from services.dedup.intake.sent import Ignored
from tests.services.dedup.intake.senders.anything import ANYTHING, broken, endured
from tests.services.dedup.intake.senders.forms import as_told, cases, sent

CASES = cases("tally")
NOW = datetime(2026, 11, 21, 15, 1, tzinfo=UTC)
SECRET = "geheim"


def signed(raw, secret=SECRET):
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()


def refused(headers, raw=b"{}", secret=SECRET):
    try:
        TALLY.verify(Post(headers=headers, raw=raw), secret, NOW)
    except Forged:
        return True
    return False


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim)
def test_a_submission_is_told_in_its_own_words(case):
    as_told(TALLY, case)


def test_only_fields_of_a_type_are_sure():
    assert [one.field for one in sent(TALLY, CASES[0].post).answers] == ["email", "phone", ""]


def test_who_pays_is_not_taken_for_who_asks():
    said = str([one.value for one in sent(TALLY, CASES[1].post).answers])

    assert "Bakker" not in said
    assert "boekhouding" not in said


def test_the_address_of_an_uploaded_file_is_not_kept():
    assert "storage.example" not in str(list(sent(TALLY, CASES[1].post).answers))


def test_a_box_that_stands_alone_is_an_answer():
    field = {"key": "question_x", "label": "I agree", "type": "CHECKBOXES", "value": True}
    (item,) = TALLY.items({"eventType": "FORM_RESPONSE", "data": {"fields": [field]}})

    assert [(one.name, one.value) for one in item.answers] == [("I agree", True)]


@pytest.mark.parametrize("payload", [{}, [], {"eventType": "FORM_RESPONSE"}, {"eventType": "X"}])
def test_what_is_no_submission_is_ignored(payload):
    (item,) = TALLY.items(payload)

    assert isinstance(item, Ignored)


def test_a_body_signed_with_the_secret_passes():
    raw = CASES[0].post.raw

    assert not refused({"tally-signature": signed(raw)}, raw)


@pytest.mark.parametrize(
    "header", ["", signed(b"{}", "other"), signed(b"{} "), signed(b"{}")[:-1], "é漢字", "\udce9"]
)
def test_any_other_signature_is_refused(header):
    assert refused({"tally-signature": header})


def test_no_signature_is_refused():
    assert refused({})


def test_without_a_secret_nobody_passes():
    assert refused({"tally-signature": signed(b"{}", "")}, secret="")


@settings(deadline=None, max_examples=150)
@given(ANYTHING)
def test_no_payload_is_too_strange(payload):
    endured(TALLY, payload)


@settings(deadline=None, max_examples=250)
@given(broken([case.post.payload for case in CASES]))
def test_a_broken_submission_is_endured(payload):
    endured(TALLY, payload)
