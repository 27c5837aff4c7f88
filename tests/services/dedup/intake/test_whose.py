"""Somebody else's value never becomes the lead's; what the form says of the lead does."""

import pytest

from services.dedup.intake.reading import pairs
from services.dedup.intake.senders.generic import GENERIC
from services.dedup.intake.understanding import understood
from shared.labels import label, spelling
from shared.labels.label import meaning

ANN = {"Name": "Ann Lee", "Email": "ann@lee.test"}
MEGABYTE = "k" * 2**20


def fields(body):
    (sent,) = GENERIC.items(body)
    return understood(sent, {}, "generic").fields


@pytest.mark.parametrize(
    "label",
    [
        "Current agency",
        "Which agency do you work with?",
        "Letzter Arbeitgeber",
        "Versicherungsunternehmen",
        "Compagnie d'assurance",
        "Empleador anterior",
        "Empresa concorrente",
        "Datore di lavoro precedente",
        "Vorige werkgever",
        "Poprzedni pracodawca",
        "Предыдущий работодатель",
        "Страхова компанія",
        "Önceki işveren",
        "現在ご利用の会社",
        "上一家公司",
        "현재 이용 업체",
        "شركة التأمين",
        "חברת ביטוח",
    ],
)
def test_a_firm_that_the_lead_only_deals_with_is_not_its_own(label):
    assert "company" not in fields({**ANN, label: "Crow Brothers Ltd"})


@pytest.mark.parametrize(
    "label",
    [
        "Where are you employed?",
        "On behalf of (company)",
        "Biz name",
        "Für wen arbeiten Sie?",
        "Où travaillez-vous ?",
        "¿Para qué empresa trabajas?",
        "Em qual empresa você trabalha?",
        "Per chi lavori?",
        "Hoe heet uw bedrijf?",
        "Gdzie pracujesz?",
        "Где вы работаете?",
        "Nerede çalışıyorsunuz?",
        "どちらにお勤めですか",
        "您在哪里工作",
        "어디에서 일하시나요?",
        "أين تعمل؟",
    ],
)
def test_the_leads_employer_is_its_company(label):
    assert fields({**ANN, label: "Miller"})["company"] == "Miller"


@pytest.mark.parametrize(
    "label",
    [
        "Before we start, what is your name?",
        "Who are we talking to?",
        "What do people call you?",
        "Company contact",
        "Mit wem sprechen wir?",
        "¿Con quién hablamos?",
        "Como podemos te chamar?",
        "Met wie spreken wij?",
        "Как вас называть?",
        "何とお呼びすればよいですか",
        "성함이 어떻게 되세요?",
    ],
)
def test_a_question_may_ask_for_a_name_of_one_word(label):
    assert fields({label: "Nia", "Email": "sales@wold.test"}).get("name") == "Nia"


def test_talk_that_may_say_whose_a_name_is_is_not_left_out():
    assert "name" not in fields({"For your dog, what is your name?": "Bello", "Email": "a@b.test"})
    assert meaning("Before we meet your friend, what is your name?").other


def test_a_name_that_the_leads_own_address_spells_is_the_leads_whoever_is_asked_for():
    assert fields({"Doctor name": "Omar Teal", "Email": "omar@teal.test"})["name"] == "Omar Teal"
    assert "name" not in fields({"Doctor name": "Omar Teal", "Email": "ann@teal.test"})


def test_beside_a_contact_for_billing_its_address_is_not_the_leads():
    body = {**ANN, "Billing contact": "Bob Crow", "Billing email": "bob@crow.test"}

    assert set(fields(body)) == {"name", "email"}
    assert fields({"Billing email": "bob@crow.test"})["email"] == "bob@crow.test"


def test_whoever_sends_a_present_fills_in_the_form():
    body = {"Sender name": "Ann Lee", "Sender email": "ann@lee.test", "Recipient name": "Bob Crow",
            "Recipient email": "bob@crow.test"}  # fmt: skip

    assert fields(body) == {"name": "Ann Lee", "email": "ann@lee.test"}


def test_a_mails_head_names_nobody():
    assert fields({"sender": "no-reply@host.test", "recipient": "us@host.test", "n": "x"}) == {}


def test_beside_somebody_else_a_firm_of_a_strange_kind_is_left_out():
    body = {**ANN, "Law firm": "Crow Brothers LLP"}

    assert fields(body)["company"] == "Crow Brothers LLP"
    assert "company" not in fields({**body, "Attorney name": "Bob Crow"})


def test_the_business_beside_a_customer_is_the_sellers():
    body = {"customer": {"name": "Ann Lee", "phone": "+1 415 555 2671"},
            "business": {"name": "Shiny Cleaners"}}  # fmt: skip

    assert "company" not in fields(body)


def test_the_unnumbered_of_two_people_is_the_lead():
    body = {"firstname2": "Bob", "lastname2": "Crow", "firstname": "Ann", "lastname": "Lee"}

    assert fields(body) == {"first_name": "Ann", "last_name": "Lee"}


@pytest.mark.parametrize(
    "body",
    [
        {"field_data": [{"type": "FIRST_NAME", "value": "Ann"},
                        {"type": "LAST_NAME", "value": "Lee"},
                        {"type": "EMAIL", "value": "ann@lee.test"}]},
        {"customer": {"name": [{"part": "first", "value": "Ann"}, {"part": "last", "value": "Lee"}],
                      "email": "ann@lee.test"}},
        {"mf-x-fname": "Ann", "mf-x-lname": "Lee", "mf-x-email": "ann@lee.test"},
    ],
)  # fmt: skip
def test_parts_of_a_name_are_read_in_more_shapes(body):
    assert fields(body) == {"first_name": "Ann", "last_name": "Lee", "email": "ann@lee.test"}


def test_a_typed_table_keeps_values_under_their_type():
    name = {
        "id": "title",
        "type": "title",
        "title": [{"plain_text": "Ann "}, {"plain_text": "Lee"}],
    }
    mail = {"id": "e", "type": "email", "email": "ann@lee.test"}

    assert fields({"properties": {"Name": name, "Email": mail}}) == {
        "name": "Ann Lee",
        "email": "ann@lee.test",
    }


def test_hubspot_keeps_the_firms_name_under_name():
    rows = [("0-1", "firstname", "Ann"), ("0-1", "email", "ann@lee.test"), ("0-2", "name", "Mill")]
    body = {"fields": [{"objectTypeId": o, "name": n, "value": v} for o, n, v in rows]}

    assert fields(body)["company"] == "Mill"


def test_a_value_that_repeats_its_label_is_read_without_it():
    assert fields({"phone": "Phone: 415 555 0123"})["phone"] == "415 555 0123"


@pytest.mark.parametrize("remembered", [label._remembered, pairs._bare, spelling._folded])
def test_a_name_of_a_megabyte_is_not_remembered(remembered):
    (sent,) = GENERIC.items({MEGABYTE: "x", "b": {MEGABYTE + "b": ["y"]}})
    understood(sent, {MEGABYTE: "email"}, "generic")
    before = remembered.cache_info()

    for name in (MEGABYTE, MEGABYTE + "b"):
        pairs.bare(name)
        spelling.folded(name)
        meaning(name)

    assert remembered.cache_info() == before
