"""Typeform: answers under their questions' titles, signed bodies."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from services.dedup.intake.post import Post
from services.dedup.intake.sender import Forged
from services.dedup.intake.senders.typeform import TYPEFORM
from services.dedup.intake.sent import Ignored
from tests.services.dedup.intake.senders.anything import ANYTHING, broken, endured
from tests.services.dedup.intake.senders.forms import as_told, cases, sent

CASES = cases("typeform")
NOW = datetime(2026, 11, 21, 8, 24, tzinfo=UTC)
SECRET = "geheim"


def signed(raw, secret=SECRET):
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    return "sha256=" + base64.b64encode(digest).decode()


def refused(post, secret=SECRET):
    try:
        TYPEFORM.verify(post, secret, NOW)
    except Forged:
        return True
    return False


def response(*answers, **changes):
    return {
        "event_type": "form_response",
        "form_response": {"token": "t", "answers": list(answers)} | changes,
    }


def answer(payload):
    (item,) = TYPEFORM.items(payload)
    (found,) = item.answers
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim)
def test_a_response_is_told_in_its_own_words(case):
    as_told(TYPEFORM, case)


def test_only_questions_of_a_type_are_sure():
    typed = [(one.name, one.field) for one in sent(TYPEFORM, CASES[1].post).answers if one.field]

    assert typed == [("Rufnummer", "phone"), ("Wohin dürfen wir schreiben?", "email")]


def test_a_question_is_known_by_its_ref_or_else_its_id():
    assert [one.key for one in sent(TYPEFORM, CASES[0].post).answers] == ["em", "B"]


def test_an_earlier_answer_in_a_title_does_not_lend_it_its_name():
    fields = [{"id": "x", "title": "Thanks {{field:email}}! Which colour?"}]
    found = answer(
        response(
            {"type": "text", "text": "red", "field": {"id": "x", "type": "short_text"}},
            definition={"fields": fields},
        )
    )

    assert found.name == "Thanks ! Which colour?"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"type": "choice", "choice": {"label": "Red"}}, "Red"),
        ({"type": "choices", "choices": [{"label": "Red"}, {"label": "Blue"}]}, ["Red", "Blue"]),
        ({"type": "ranking", "ranking": {"labels": ["b", "a"]}}, ["b", "a"]),
        ({"type": "date", "date": "2026-11-21"}, "2026-11-21"),
        ({"type": "url", "url": "https://acme.test"}, "https://acme.test"),
        ({"type": "boolean", "boolean": False}, False),
        ({"type": "multi_format", "multi_format": {"text": "hi", "video_url": "u"}}, "hi"),
    ],
)
def test_every_type_of_answer_is_read(value, said):
    assert answer(response(value | {"field": {"id": "x"}})).value == said


def test_of_a_payment_no_card_and_no_name_is_kept():
    paid = {"type": "payment", "payment": {"amount": "5", "last4": "4242", "name": "A LEE"}}

    assert answer(response(paid | {"field": {"id": "x"}})).value == "5"


def test_a_partial_response_waits_for_the_whole_one():
    payload = response() | {"event_type": "form_response_partial"}

    assert TYPEFORM.recognises(payload, {})
    (item,) = TYPEFORM.items(payload)
    assert isinstance(item, Ignored)
    assert "partial" in item.reason


@pytest.mark.parametrize("payload", [{}, [], None, {"event_type": "form_response"}, {"a": 1}])
def test_what_is_no_response_is_ignored(payload):
    (item,) = TYPEFORM.items(payload)

    assert isinstance(item, Ignored)


def test_a_body_signed_with_the_secret_passes():
    raw = CASES[0].post.raw

    assert not refused(Post(headers={"typeform-signature": signed(raw)}, raw=raw))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256=",
        signed(b"{}").removeprefix("sha256="),
        signed(b"{}", "other"),
        signed(b"{} "),
        signed(b"{}") + "=",
        "sha256=é漢字",
        "sha256=\udce9",
    ],
)
def test_any_other_signature_is_refused(header):
    assert refused(Post(headers={"typeform-signature": header}, raw=b"{}"))


def test_no_signature_is_refused():
    assert refused(Post(raw=b"{}"))


def test_without_a_secret_nobody_passes():
    assert refused(Post(headers={"typeform-signature": signed(b"{}", "")}, raw=b"{}"), "")


@settings(deadline=None, max_examples=150)
@given(ANYTHING)
def test_no_payload_is_too_strange(payload):
    endured(TYPEFORM, payload)


@settings(deadline=None, max_examples=250)
@given(broken([case.post.payload for case in CASES]))
def test_a_broken_response_is_endured(payload):
    endured(TYPEFORM, payload)


def test_answers_that_n8n_has_simplified_are_read_by_their_titles():
    response = {"token": "t", "answers": {"Work email": "ann@acme.test", "Your name": "Ann Lee"}}

    (item,) = TYPEFORM.items({"event_type": "form_response", "form_response": response})

    assert [(one.name, one.value) for one in item.answers] == [
        ("Work email", "ann@acme.test"),
        ("Your name", "Ann Lee"),
    ]
