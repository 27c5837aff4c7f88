"""Meta lead ads: notifications, leads from Graph, and leads as n8n gives them."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from services.dedup.intake.post import Post
from services.dedup.intake.sender import Forged
from services.dedup.intake.senders.meta import META
from services.dedup.intake.sent import Ignored, Notice
from tests.services.dedup.intake.senders.anything import ANYTHING, broken, endured

NOW = datetime(2026, 11, 21, 8, 1, tzinfo=UTC)
APP_SECRET = "a made-up app secret"

N8N = {
    "id": "1234567890",
    "data": {"full_name": "Ann Lee", "email": "ann@acme.test", "phone_number": "+15551234567"},
    "form": {"id": "77", "name": "F", "locale": "en_US", "status": "ACTIVE"},
    "ad": {"id": "1", "name": "A"},
    "created_time": "2026-11-21T08:00:00+0000",
}


def change(leadgen_id, field="leadgen", **value):
    about = {"leadgen_id": leadgen_id, "form_id": "77", "page_id": "5", "created_time": 1795248000}
    return {"field": field, "value": about | value}


def notification(*entries):
    return {
        "object": "page",
        "entry": [{"id": "5", "time": 1795248001, "changes": list(each)} for each in entries],
    }


def graph(*filled, **changes):
    return {
        "id": "1234567890",
        "created_time": "2026-11-21T08:00:00+0000",
        "ad_id": "1",
        "form_id": "77",
        "field_data": [{"name": name, "values": list(values)} for name, *values in filled],
    } | changes


ANN = graph(("full_name", "Ann Lee"), ("email", "ann@acme.test"), ("phone_number", "+15551234567"))


def sent(payload):
    (item,) = META.items(payload)
    return item


def typed(payload):
    return [(one.field, one.value) for one in sent(payload).answers]


def test_each_lead_of_a_batch_is_a_notice_of_its_own():
    batch = notification([change("1"), change("2")], [change("3")])

    assert [item.reference for item in META.items(batch)] == ["1", "2", "3"]


def test_a_notice_says_which_form_and_when():
    (notice,) = META.items(notification([change("1", ad_id="9")]))

    assert notice.around.form_id == "77"
    assert notice.around.campaign == "9"
    assert notice.around.submitted_at == datetime(2026, 11, 21, 8, tzinfo=UTC)


def test_ids_that_come_as_numbers_stay_exact():
    (notice,) = META.items(notification([change(9007199254740993)]))

    assert notice.reference == "9007199254740993"


def test_other_changes_of_a_page_are_ignored_and_the_leads_beside_them_are_not():
    batch = notification([change("1", field="feed"), change("2")])

    ignored, notice = META.items(batch)

    assert isinstance(ignored, Ignored)
    assert notice.reference == "2"


def test_the_dashboards_sample_is_a_test():
    (notice,) = META.items(notification([change("444444444444")]))

    assert isinstance(notice, Notice)
    assert notice.test


@pytest.mark.parametrize("reference", [None, "", "../1", "1?fields=id", "1/2", ["1"]])
def test_a_change_without_a_usable_id_is_ignored(reference):
    (item,) = META.items(notification([change(reference)]))

    assert isinstance(item, Ignored)


@pytest.mark.parametrize("payload", [ANN, N8N])
def test_a_lead_is_typed_by_metas_own_names(payload):
    assert typed(payload) == [
        ("name", "Ann Lee"),
        ("email", "ann@acme.test"),
        ("phone", "+15551234567"),
    ]
    assert sent(payload).key == "1234567890"


def test_names_of_another_language_are_left_to_words():
    payload = graph(
        ("vollständiger_name", "Jörg Weiß"),
        ("e-mail-adresse", "joerg@weiss.example"),
        ("telefonnummer", "+4930901820"),
    )

    assert [field for field, _ in typed(payload)] == ["", "", ""]


def test_a_forms_questions_say_what_its_names_do_not():
    payload = {
        "id": "8",
        "field_data": [
            {"name": "q1", "values": ["ines@vinho.example"]},
            {"name": "email", "values": ["branco"]},
        ],
        "form": {
            "id": "77",
            "name": "Orçamento",
            "questions": [
                {"key": "q1", "label": "E-mail profissional", "type": "WORK_EMAIL"},
                {"key": "email", "label": "Que cor prefere?", "type": "CUSTOM"},
            ],
        },
        "created_time": "2026-11-21T08:00:00+0000",
    }

    first, second = sent(payload).answers

    assert (first.name, first.field) == ("E-mail profissional", "email")
    assert (second.name, second.field) == ("Que cor prefere?", "")


def test_field_data_without_names_is_somebody_elses():
    snap = {"lead_id": "1", "field_data": [{"type": "EMAIL", "value": "ann@acme.test"}]}

    assert META.recognises(ANN, {})
    assert not META.recognises(snap, {})


def test_several_addresses_are_all_kept():
    payload = graph(("email", "a@home.example"), ("work_email", "a@work.example"))

    assert [field for field, _ in typed(payload)] == ["email", "email"]


def test_a_question_of_several_answers_has_a_list():
    assert typed(graph(("services", "Roof", "Windows"))) == [("", ["Roof", "Windows"])]


def test_missing_values_are_no_answers():
    assert not sent(graph(("full_name",), ("email", ""))).answers


def test_consent_boxes_are_answers_ticked_or_not():
    payload = ANN | {
        "custom_disclaimer_responses": [
            {"checkbox_key": "news", "is_checked": True},
            {"checkbox_key": "calls", "is_checked": ""},
        ]
    }

    boxes = {one.key: one.value for one in sent(payload).answers[3:]}

    assert boxes == {"news": True, "calls": False}


def test_tracking_parameters_are_circumstances():
    payload = graph(
        ("email", "a@home.example"),
        ("utm_source", "fb"),
        ("xxTrustedFormCertUrl", "https://cert.trustedform.com/x"),
    )

    lead = sent(payload)

    assert len(lead.answers) == 1
    assert lead.around.utm == {"source": "fb"}
    assert lead.around.consent_proof == "https://cert.trustedform.com/x"


@pytest.mark.parametrize(
    "filled",
    [
        ("full_name", "<test lead: dummy data for full_name>"),
        ("FULL_NAME", "<test lead: dummy data for FULL_NAME>"),
        ("email", "test@fb.com"),
    ],
)
def test_a_lead_of_the_testing_tool_is_a_test(filled):
    assert sent(graph(filled)).test


def test_a_persons_lead_is_no_test():
    assert not sent(graph(("message", "I saw the test lead: nice"))).test


def test_a_fetched_lead_comes_under_its_notices_reference():
    (lead,) = META.fetched(ANN, "555")

    assert lead.key == "555"


@pytest.mark.parametrize("answer", [{"error": {"code": 190}}, [], None, {"id": "1"}, "x"])
def test_an_answer_without_a_lead_is_ignored_with_a_reason(answer):
    (item,) = META.fetched(answer, "555")

    assert "access token" in item.reason


def test_a_lead_is_asked_for_with_the_token_in_a_header():
    fetch = META.fetch("555", {"access_token": "t0ken"})

    assert fetch.path.startswith("/555?fields=")
    assert "t0ken" not in fetch.path
    assert fetch.headers == {"Authorization": "Bearer t0ken"}


@pytest.mark.parametrize(
    ("reference", "secrets"),
    [("555", {}), ("../me", {"access_token": "t"}), ("5?x", {"access_token": "t"})],
)
def test_nothing_is_fetched_without_a_token_or_for_no_id(reference, secrets):
    assert META.fetch(reference, secrets) is None


def signed(raw, secret=APP_SECRET):
    signature = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return Post(headers={"x-hub-signature-256": f"sha256={signature}"}, raw=raw)


RAW = json.dumps(notification([change("1")])).encode()


def test_the_apps_signature_lets_a_post_in():
    META.verify(signed(RAW), APP_SECRET, NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-hub-signature-256": ""},
        {"x-hub-signature-256": "sha256="},
        {"x-hub-signature-256": "sha256=é"},
        {"x-hub-signature-256": signed(RAW, "another").headers["x-hub-signature-256"]},
        {"x-hub-signature-256": signed(RAW).headers["x-hub-signature-256"][7:]},
        {"x-hub-signature": signed(RAW).headers["x-hub-signature-256"]},
    ],
)
def test_a_forged_or_absent_signature_is_refused(headers):
    with pytest.raises(Forged):
        META.verify(Post(headers=headers, raw=RAW), APP_SECRET, NOW)


def test_a_changed_body_is_refused():
    post = Post(headers=signed(RAW).headers, raw=RAW + b" ")

    with pytest.raises(Forged):
        META.verify(post, APP_SECRET, NOW)


def handshake(**query):
    asked = {"mode": "subscribe", "verify_token": "tok", "challenge": "1158201444"} | query
    return Post(method="GET", query={f"hub.{name}": value for name, value in asked.items()})


def test_the_handshake_is_answered_with_its_challenge_as_plain_text():
    greeting = META.greet(handshake(), {"verify_token": "tok"})

    assert (greeting.body, greeting.media_type) == (b"1158201444", "text/plain")


@pytest.mark.parametrize(
    ("query", "secrets"),
    [
        ({"verify_token": "wrong"}, {"verify_token": "tok"}),
        ({"verify_token": "tök"}, {"verify_token": "tok"}),
        ({"verify_token": ""}, {"verify_token": ""}),
        ({"verify_token": ""}, {}),
        ({"challenge": "<script>alert(1)</script>"}, {"verify_token": "tok"}),
        ({"challenge": "1" * 10_000}, {"verify_token": "tok"}),
        ({"challenge": "1\r\nSet-Cookie: a=b"}, {"verify_token": "tok"}),
        ({"challenge": ""}, {"verify_token": "tok"}),
    ],
)
def test_a_wrong_handshake_is_refused(query, secrets):
    with pytest.raises(Forged):
        META.greet(handshake(**query), secrets)


def test_a_get_that_is_no_handshake_is_not_metas():
    assert META.greet(Post(method="GET", query={"email": "a@b.example"}), {}) is None


@settings(deadline=None)
@given(ANYTHING | broken([ANN, N8N, notification([change("1")], [change("2", field="feed")])]))
def test_nothing_raises_whatever_is_posted(payload):
    endured(META, payload)
