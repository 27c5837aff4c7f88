"""LinkedIn lead gen forms: news of leads, leads taken back, fetched form responses."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from services.dedup.intake.post import Post
from services.dedup.intake.sender import Forged
from services.dedup.intake.senders.linkedin import LINKEDIN
from services.dedup.intake.sent import Ignored, Notice, Withdrawn
from tests.services.dedup.intake.senders.anything import ANYTHING, broken, endured

NOW = datetime(2026, 11, 21, 8, 1, tzinfo=UTC)
CLIENT_SECRET = "a made-up client secret"
URN = "urn:li:leadGenFormResponse:1"
CODE = "890e4665-4dfe-4ab1-b689-ed553bceeed0"


def notification(**changes):
    return {
        "type": "LEAD_ACTION",
        "leadAction": "CREATED",
        "leadGenFormResponse": URN,
        "leadGenForm": "urn:li:leadGenForm:9",
        "leadType": "SPONSORED",
        "occurredAt": 1787212200000,
    } | changes


def question(number, label, predefined=None, options=None):
    asked = {"questionId": number, "question": {"localized": {"de_DE": label}}, "name": label}
    if predefined:
        asked["predefinedField"] = predefined
    if options:
        offered = [{"id": each, "text": {"localized": {"de_DE": said}}} for each, said in options]
        asked["questionDetails"] = {"multipleChoiceQuestionDetails": {"options": offered}}
    return asked


def written(number, answer):
    return {"questionId": number, "answerDetails": {"textQuestionAnswer": {"answer": answer}}}


def response(questions, answers, **changes):
    return {
        "id": "52dcb737-26f9-4af3-b1fc-935b3e93f838-4",
        "submittedAt": 1787212200000,
        "testLead": False,
        "leadType": "SPONSORED",
        "leadMetadata": {"sponsoredLeadMetadata": {"campaign": "urn:li:sponsoredCampaign:32"}},
        "formResponse": {"answers": answers, "consentResponses": []},
        "form": {"id": 7234246, "name": "Demo", "content": {"questions": questions}},
    } | changes


LEAD = response(
    [
        question(1, "Vorname", "FIRST_NAME"),
        question(2, "Nachname", "LAST_NAME"),
        question(3, "E-Mail", "EMAIL"),
        question(4, "Telefon", "PHONE_NUMBER"),
        question(5, "Firma", "COMPANY_NAME"),
        question(6, "Was brauchen Sie?", options=[(71, "Beratung"), (72, "Angebot")]),
    ],
    [
        written(1, "Jörg"),
        written(2, "Weiß"),
        written(3, "joerg@weiss.example"),
        written(4, "+4930901820"),
        written(5, "Weiß GmbH"),
        {"questionId": 6, "answerDetails": {"multipleChoiceAnswer": {"options": [72]}}},
    ],
)


def sent(payload):
    (item,) = LINKEDIN.items(payload)
    return item


def test_a_created_lead_is_a_notice():
    notice = sent(notification())

    assert isinstance(notice, Notice)
    assert notice.reference == URN
    assert notice.around.form_id == "urn:li:leadGenForm:9"
    assert notice.around.submitted_at == datetime(2026, 8, 20, 7, 50, tzinfo=UTC)


def test_a_deleted_lead_is_withdrawn_under_the_key_it_came_under():
    assert sent(notification(leadAction="DELETED")) == Withdrawn(sent(notification()).reference)


def test_a_lead_has_one_name_whether_it_is_announced_with_its_urn_or_not():
    bare = notification(leadGenFormResponse=URN.rpartition(":")[2])

    assert sent(bare) == sent(notification())


def test_a_lead_that_somebody_else_fetched_is_found_by_its_deletion():
    deleted = notification(leadAction="DELETED", leadGenFormResponse=f"{URN[:-1]}{LEAD['id']}")

    assert sent(LEAD).key == sent(deleted).key


@pytest.mark.parametrize(
    "payload",
    [
        notification(leadAction="UPDATED"),
        notification(leadGenFormResponse=None),
        notification(leadGenFormResponse="urn:li:leadGenFormResponse:../me"),
        {"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": []},
        {},
        [],
    ],
)
def test_other_news_is_ignored_with_a_reason(payload):
    assert isinstance(sent(payload), Ignored)


def test_answers_are_typed_by_the_questions_that_linkedin_fills_in():
    answers = [(one.name, one.field, one.value) for one in sent(LEAD).answers]

    assert answers == [
        ("Vorname", "first_name", "Jörg"),
        ("Nachname", "last_name", "Weiß"),
        ("E-Mail", "email", "joerg@weiss.example"),
        ("Telefon", "phone", "+4930901820"),
        ("Firma", "company", "Weiß GmbH"),
        ("Was brauchen Sie?", "", ["Angebot"]),
    ]


def test_a_question_may_have_its_name_alone():
    asked = {"questionId": 1, "predefinedField": "WORK_EMAIL", "name": "Courriel professionnel"}

    (answer,) = sent(response([asked], [written(1, "luc@petit.example")])).answers

    assert (answer.name, answer.field) == ("Courriel professionnel", "email")


def test_two_addresses_are_both_kept():
    asked = [question(1, "E-Mail", "EMAIL"), question(2, "Geschäftlich", "WORK_EMAIL")]
    payload = response(asked, [written(1, "a@home.example"), written(2, "a@work.example")])

    assert [one.field for one in sent(payload).answers] == ["email", "email"]


def test_answers_without_their_questions_keep_their_ids():
    payload = response([], [written(20502584796, "luc@petit.example")])
    del payload["form"]

    (answer,) = sent(payload).answers

    assert (answer.key, answer.field, answer.value) == ("20502584796", "", "luc@petit.example")


def test_the_advertisers_hidden_fields_are_no_answers():
    payload = response([], [])
    payload["form"]["hiddenFields"] = [
        {"name": "Company", "value": "The Advertiser Ltd"},
        {"name": "utm_source", "value": "linkedin"},
    ]

    lead = sent(payload)

    assert not lead.answers
    assert lead.around.utm == {"source": "linkedin"}


def test_consents_are_answers_given_or_not():
    payload = response([], [])
    payload["formResponse"]["consentResponses"] = [
        {"consentId": 4, "accepted": True},
        {"consentId": 5, "accepted": False},
    ]
    payload["form"]["content"]["legalInfo"] = {
        "consents": [{"id": 4, "consent": {"localized": {"en_US": "Call me"}}}]
    }

    answers = [(one.name, one.key, one.value) for one in sent(payload).answers]

    assert answers == [("Call me", "4", True), ("5", "5", False)]


def test_circumstances_are_kept():
    around = sent(LEAD).around

    assert (around.form_id, around.form_name) == ("7234246", "Demo")
    assert around.campaign == "urn:li:sponsoredCampaign:32"


def test_linkedins_test_lead_is_one():
    assert sent(LEAD | {"testLead": True}).test
    assert not sent(LEAD).test


def test_a_fetched_lead_comes_under_its_notices_reference():
    (lead,) = LINKEDIN.fetched(LEAD, URN)

    assert lead.key == URN


@pytest.mark.parametrize("answer", [{"status": 401, "message": "x"}, None, [LEAD]])
def test_an_answer_without_a_lead_is_ignored_with_a_reason(answer):
    assert isinstance(LINKEDIN.fetched(answer, URN)[0], Ignored)


@pytest.mark.parametrize(
    "reference", ["52dcb737-26f9-4", "urn:li:leadGenFormResponse:52dcb737-26f9-4"]
)
def test_a_lead_is_asked_for_by_its_id(reference):
    fetch = LINKEDIN.fetch(reference, {"access_token": "t0ken"})

    assert fetch.path.startswith("/leadFormResponses/52dcb737-26f9-4?fields=id,")
    assert "t0ken" not in fetch.path
    assert fetch.headers["Authorization"] == "Bearer t0ken"
    assert fetch.headers["LinkedIn-Version"].isdigit()


@pytest.mark.parametrize(
    ("reference", "secrets"),
    [(URN, {}), ("../me", {"access_token": "t"}), (f"{URN}?x", {"access_token": "t"})],
)
def test_nothing_is_fetched_without_a_token_or_for_no_id(reference, secrets):
    assert LINKEDIN.fetch(reference, secrets) is None


RAW = json.dumps(notification()).encode()


def mac(message, secret=CLIENT_SECRET):
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    "header",
    [
        mac(b"hmacsha256=" + RAW),
        "hmacsha256=" + mac(b"hmacsha256=" + RAW),
        mac(b"hmacsha256=" + RAW).upper(),
        mac(RAW),
        "hmacsha256=" + mac(RAW),
    ],
)
def test_either_reading_of_the_vendors_page_lets_a_post_in(header):
    LINKEDIN.verify(Post(headers={"x-li-signature": header}, raw=RAW), CLIENT_SECRET, NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-li-signature": ""},
        {"x-li-signature": "hmacsha256="},
        {"x-li-signature": "ü" * 64},
        {"x-li-signature": mac(b"hmacsha256=" + RAW, "another")},
        {"x-li-signature": mac(b"hmacsha256=" + RAW + b" ")},
    ],
)
def test_a_forged_or_absent_signature_is_refused(headers):
    with pytest.raises(Forged):
        LINKEDIN.verify(Post(headers=headers, raw=RAW), CLIENT_SECRET, NOW)


def test_an_empty_secret_lets_nobody_in():
    post = Post(headers={"x-li-signature": mac(RAW, "")}, raw=RAW)

    with pytest.raises(Forged):
        LINKEDIN.verify(post, "", NOW)


def test_the_challenge_is_answered_with_its_signature():
    greeting = LINKEDIN.greet(
        Post(method="GET", query={"challengeCode": CODE}), {"secret": CLIENT_SECRET}
    )

    assert greeting.media_type == "application/json"
    assert json.loads(greeting.body) == {
        "challengeCode": CODE,
        "challengeResponse": mac(CODE.encode()),
    }


@pytest.mark.parametrize(
    "code", [RAW.decode(), "hmacsha256=" + RAW.decode(), "", "{}", CODE + "\n", CODE * 2]
)
def test_nobody_has_a_body_signed_by_handing_it_in_as_a_challenge(code):
    with pytest.raises(Forged):
        LINKEDIN.greet(Post(method="GET", query={"challengeCode": code}), {"secret": CLIENT_SECRET})


def test_a_challenge_without_a_secret_is_refused():
    with pytest.raises(Forged):
        LINKEDIN.greet(Post(method="GET", query={"challengeCode": CODE}), {})


def test_a_get_that_is_no_handshake_is_not_linkedins():
    assert LINKEDIN.greet(Post(method="GET", query={"hub.mode": "subscribe"}), {}) is None


@settings(deadline=None)
@given(ANYTHING | broken([LEAD, notification(), notification(leadAction="DELETED")]))
def test_nothing_raises_whatever_is_posted(payload):
    endured(LINKEDIN, payload)
