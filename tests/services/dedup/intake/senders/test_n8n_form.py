"""n8n's Form Trigger: answers by their labels."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from services.dedup.intake.senders.n8n_form import N8N_FORM
from services.dedup.intake.sent import Ignored
from tests.services.dedup.intake.senders.anything import ANYTHING, broken, endured


def filled(mode="production", **answers):
    return answers | {"submittedAt": "2026-11-21T09:15:00.000+01:00", "formMode": mode}


ANN = filled(Name="Ann Lee", Email="ann@acme.test")


def sent(payload):
    (item,) = N8N_FORM.items(payload)
    return item


def test_labels_are_names_and_what_n8n_adds_is_none():
    assert [(one.name, one.value, one.field) for one in sent(ANN).answers] == [
        ("Name", "Ann Lee", ""),
        ("Email", "ann@acme.test", ""),
    ]


def test_the_time_is_read_with_its_zone():
    assert sent(ANN).around.submitted_at == datetime(2026, 11, 21, 8, 15, tzinfo=UTC)


def test_there_is_no_key():
    assert sent(ANN).key is None


@pytest.mark.parametrize(("mode", "test"), [("test", True), ("production", False)])
def test_what_is_sent_to_the_editors_address_is_a_test(mode, test):
    assert sent(filled(mode, Email="a@b.example")).test is test


def test_query_parameters_are_circumstances():
    payload = ANN | {"formQueryParameters": {"utm_source": "mail", "universal_leadid": "L-1"}}

    around = sent(payload).around

    assert around.utm == {"source": "mail"}
    assert around.consent_proof == "L-1"


@pytest.mark.parametrize(
    "answers",
    [
        {"Nom complet": "Zoé Petit", "Courriel": "zoe@petit.example", "Services": ["Toit", "Mur"]},
        {"氏名": "田中健二", "メールアドレス": "kenji@tanaka.example", "電話番号": "090-1234-5678"},
        {"E-Mail": "a@home.example", "E-Mail (Arbeit)": "a@work.example", "Alter": 40},
    ],
)
def test_any_language_keeps_its_labels(answers):
    assert {one.name: one.value for one in sent(filled(**answers)).answers} == answers


def test_empty_answers_are_none_and_files_are_their_names():
    upload = {"filename": "plan.pdf", "mimetype": "application/pdf", "size": 7}

    answers = sent(filled(Phone=None, Note="", Plan=[upload])).answers

    assert [(one.name, one.value) for one in answers] == [("Plan", ["plan.pdf"])]


@pytest.mark.parametrize("payload", [{"Email": "a@b.example"}, {"formMode": "test"}, [], None])
def test_what_has_not_both_marks_is_ignored(payload):
    assert not N8N_FORM.recognises(payload, {})
    assert isinstance(sent(payload), Ignored)


@settings(deadline=None)
@given(ANYTHING | broken([ANN, filled("test", Plan={"filename": "a", "mimetype": "b"})]))
def test_nothing_raises_whatever_is_posted(payload):
    endured(N8N_FORM, payload)


def test_who_is_logged_in_to_n8n_is_not_who_filled_it_in():
    payload = ANN | {"user": {"email": "staff@n8n.test"}, "headers": {"x": "y"}}

    assert [one.name for one in sent(payload).answers] == ["Name", "Email"]
