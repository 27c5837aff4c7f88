"""Submissions: answers, apart from what a form carries along unseen."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from services.dedup.intake.senders.json_values import (
    file_names,
    ip,
    listed,
    mapping,
    moment,
    silent,
    sole,
    text,
    url,
)
from services.dedup.intake.senders.submission import _role_of, submission
from services.dedup.intake.sent import Answer, Circumstances
from tests.services.dedup.intake.senders.anything import ANYTHING


def told(*pairs, **around):
    return submission([Answer(name, value) for name, value in pairs], Circumstances(**around))


@pytest.mark.parametrize("name", ["utm_source", "UTM Source", "utmSource", "utm-source"])
def test_a_hidden_field_tells_the_campaign(name):
    found = told((name, "ads"), ("Name", "Ann"))

    assert found.around.utm == {"source": "ads"}
    assert [one.name for one in found.answers] == ["Name"]


def test_a_name_too_long_for_a_role_is_an_answers_and_is_not_remembered():
    before = _role_of.cache_info().currsize

    found = told(("utm_source" + "_" * 100_000, "ads"))

    assert len(found.answers) == 1
    assert _role_of.cache_info().currsize == before


def test_a_key_tells_as_much_as_a_label():
    found = submission([Answer("Feld 7", "ads", "utm_medium")], Circumstances())

    assert found.around.utm == {"medium": "ads"}


def test_of_two_proofs_of_consent_the_certificate_is_kept():
    found = told(("universal_leadid", "0B8C"), ("xxTrustedFormCertUrl", "https://cert.example/1"))

    assert found.around.consent_proof == "https://cert.example/1"
    assert not found.answers


def test_what_the_sender_says_itself_goes_before_a_hidden_field():
    found = told(("campaign", "x"), campaign="y")

    assert found.around.campaign == "y"


@pytest.mark.parametrize(
    "name", ["g-recaptcha-response", "h-captcha-response", "xxTrustedFormToken"]
)
def test_a_captchas_token_is_no_answer(name):
    assert not told((name, "03AGdBq24")).answers


@pytest.mark.parametrize("value", [None, "", "  ", [], {}, [""], {"first": "", "last": None}])
def test_who_says_nothing_gives_no_answer(value):
    assert not told(("Name", value)).answers


@pytest.mark.parametrize("value", [0, False, "0", ["", "a"], {"first": "Ann", "last": ""}])
def test_a_zero_and_a_no_are_answers(value):
    assert [one.value for one in told(("Name", value)).answers] == [value]


def test_a_question_about_a_campaign_is_an_answer():
    assert told(("Which campaign brought you here?", "radio")).answers


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("2026-11-21T08:00:00Z", datetime(2026, 11, 21, 8, tzinfo=UTC)),
        ("2026-11-21T08:00:00+02:00", datetime(2026, 11, 21, 6, tzinfo=UTC)),
        ("2026-11-21 08:00:00", datetime(2026, 11, 21, 8, tzinfo=UTC)),
        (1795248000, datetime(2026, 11, 21, 8, tzinfo=UTC)),
        ("1795248000000", datetime(2026, 11, 21, 8, tzinfo=UTC)),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("²", None),
        ("9" * 15, None),
        (True, None),
    ],
)
def test_a_time_is_read_or_left_open(value, at):
    assert moment(value) == at


def test_a_file_is_its_name_and_never_its_address():
    assert file_names("https://files.example/secret/My%20plan.pdf?sig=abc") == ["My plan.pdf"]
    assert file_names([{"name": "a.png", "url": "https://files.example/a"}]) == ["a.png"]


def test_the_first_of_several_addresses_is_the_visitors():
    assert ip("203.0.113.9, 10.0.0.1") == "203.0.113.9"
    assert ip("203.0.113") is None


@settings(deadline=None)
@given(ANYTHING)
def test_any_value_may_stand_anywhere(value):
    assert isinstance(text(value), str)
    assert isinstance(mapping(value), dict)
    assert isinstance(listed(value), list)
    assert isinstance(silent(value), bool)
    assert all(isinstance(name, str) for name in file_names(value))
    assert moment(value) is None or moment(value).tzinfo is UTC
    assert ip(value) is None or isinstance(ip(value), str)
    assert url(value) is None or isinstance(url(value), str)
    sole(value)
