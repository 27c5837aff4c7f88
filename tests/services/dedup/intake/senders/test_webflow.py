"""Webflow: answers under their labels in every shape; time and body are signed."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings

from services.dedup.intake.post import Post
from services.dedup.intake.sender import Forged
from services.dedup.intake.senders.webflow import WEBFLOW
from services.dedup.intake.sent import Ignored
from tests.services.dedup.intake.senders.anything import ANYTHING, broken, endured
from tests.services.dedup.intake.senders.forms import as_told, cases, sent

CASES = cases("webflow")
NOW = datetime(2026, 11, 21, 14, 30, 1, tzinfo=UTC)
SECRET = "geheim"
RAW = CASES[0].post.raw


def in_ms(at):
    return str(int(at.timestamp() * 1000))


def headers(at=NOW, raw=RAW, secret=SECRET, **changes):
    digest = hmac.new(secret.encode(), f"{in_ms(at)}:".encode() + raw, hashlib.sha256).hexdigest()
    return {"x-webflow-timestamp": in_ms(at), "x-webflow-signature": digest} | changes


def refused(found, secret=SECRET):
    try:
        WEBFLOW.verify(Post(headers=found, raw=RAW), secret, NOW)
    except Forged:
        return True
    return False


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim)
def test_a_submission_is_told_in_its_own_words(case):
    as_told(WEBFLOW, case)


def test_a_label_is_no_type():
    assert {one.field for case in CASES for one in sent(WEBFLOW, case.post).answers} == {""}


def test_a_question_is_known_by_its_element():
    keys = {one.name: one.key for one in sent(WEBFLOW, CASES[1].post).answers}

    assert (keys["E-mail"], keys["Telefono"]) == ("285042f7-01", "")


def test_other_events_of_a_site_are_ignored():
    payload = {"triggerType": "site_publish", "payload": {"siteId": "654"}}

    assert WEBFLOW.recognises(payload, {})
    (item,) = WEBFLOW.items(payload)
    assert isinstance(item, Ignored)


@pytest.mark.parametrize("seconds", [0, 299, -299])
def test_what_was_signed_just_now_passes(seconds):
    assert not refused(headers(NOW + timedelta(seconds=seconds)))


@pytest.mark.parametrize("seconds", [301, 86_400, -301, -86_400])
def test_what_was_signed_long_ago_or_far_ahead_is_refused(seconds):
    assert refused(headers(NOW + timedelta(seconds=seconds)))


@pytest.mark.parametrize(
    "found",
    [
        {},
        headers(raw=b"{}"),
        headers(secret="other"),
        headers(**{"x-webflow-signature": ""}),
        headers(**{"x-webflow-signature": "é漢字"}),
        headers(**{"x-webflow-signature": headers()["x-webflow-signature"][:-1]}),
        headers(**{"x-webflow-timestamp": in_ms(NOW + timedelta(seconds=1))}),
        headers(**{"x-webflow-timestamp": ""}),
        headers(**{"x-webflow-timestamp": "now"}),
        headers(**{"x-webflow-timestamp": "１７９５２７１４０１０００"}),
        headers(**{"x-webflow-timestamp": "\udce9"}),
        headers(**{"x-webflow-timestamp": "9" * 400}),
    ],
)
def test_any_other_signature_is_refused(found):
    assert refused(found)


def test_without_a_secret_nobody_passes():
    assert refused(headers(secret=""), "")


@settings(deadline=None, max_examples=150)
@given(ANYTHING)
def test_no_payload_is_too_strange(payload):
    endured(WEBFLOW, payload)


@settings(deadline=None, max_examples=250)
@given(broken([case.post.payload for case in CASES]))
def test_a_broken_submission_is_endured(payload):
    endured(WEBFLOW, payload)
