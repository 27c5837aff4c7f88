"""What the parts of one submission say about each other: lists, labels apart, prefixes, roles."""

import pytest

from services.dedup.intake.senders.generic import GENERIC
from services.dedup.intake.senders.gravity_forms import GRAVITY_FORMS
from services.dedup.intake.senders.webflow import WEBFLOW
from services.dedup.intake.understanding import understood

ANN = {"name": "Ann Lee", "email": "ann@lee.test"}
NUMBER = "+44 1632 960999"


def fields(body, sender=GENERIC):
    (sent,) = sender.items(body)
    return understood(sent, {}, sender.name).fields


@pytest.mark.parametrize(
    "labels",
    [
        {"q1": "Your name", "q2": "Email", "q3": "Landlord's phone"},
        {"q1": "Nom complet", "q2": "Courriel", "q3": "Téléphone de l'installateur"},
        {"q1": "Imię i nazwisko", "q2": "E-mail", "q3": "Telefon wychowawcy"},
    ],
)
def test_an_object_of_labels_names_the_answers_that_stand_under_the_same_ids(labels):
    answers = {"q1": "Ann Lee", "q2": "ann@lee.test", "q3": NUMBER}

    assert fields({"labels": labels, "answers": answers}) == ANN


def test_a_list_of_labels_without_types_names_the_answers():
    asked = [{"id": "a", "etiqueta": "Tu nombre"}, {"id": "b", "etiqueta": "Correo"}]

    assert fields({"campos": asked, "respuestas": {"a": "Ann Lee", "b": "ann@lee.test"}}) == ANN


def test_questions_and_answers_are_told_apart_by_what_they_say():
    asked = [{"kysymys": "Nimi", "vastaus": "Ann Lee"}]
    asked += [{"kysymys": "Sähköposti", "vastaus": "ann@lee.test"}]

    assert fields({"vastaukset": asked}) == ANN


def test_a_question_with_unknown_things_beside_it_is_a_question():
    pair = {"question": "Email", "zlorb": True, "answer": "ann@lee.test"}

    assert fields({"list": {"1": pair}})["email"] == "ann@lee.test"


def test_items_of_a_list_may_be_texts_of_json():
    asked = ['{"q": "Name", "a": "Ann Lee"}', '{"q": "Email", "a": "ann@lee.test"}']

    assert fields({"answers": asked}) == ANN


def test_a_forms_query_in_a_text_is_read():
    assert fields({"raw": "nome=Ann+Lee&email=ann%40lee.test", "method": "POST"}) == ANN


def test_a_pages_address_is_no_query():
    page = "https://ours.test/?email=bob@crow.test&name=Bob"

    assert fields(ANN | {"page": page}) == ANN


@pytest.mark.parametrize("noise", ["zq_{}", "{}-zq", "mf {} zq"])
def test_a_word_that_all_labels_share_says_nothing(noise):
    body = {"vorname": "Ann", "nachname": "Lee", "email": "ann@lee.test", "firma": "Lee Bau"}

    assert fields({noise.format(name): said for name, said in body.items()}) == {
        "first_name": "Ann",
        "last_name": "Lee",
        "email": "ann@lee.test",
        "company": "Lee Bau",
    }


@pytest.mark.parametrize("customer", ["customer", "kunde", "cliente", "klant", "klient", "asiakas"])
def test_whoever_is_described_beside_the_customer_is_not_the_lead(customer):
    unit = {"name": "Bob Crow", "email": "bob@crow.test", "phone": NUMBER}

    assert fields({"booking": {"unit": unit, customer: ANN | {"phone": ""}}}) == ANN


def test_who_shares_a_prefix_with_our_people_is_ours():
    body = {"kunde_name": "Ann Lee", "kunde_telefon": "+49 30 23125001", "kunde_email": ""}

    found = fields(body | {"vertrieb_name": "Bob Crow", "vertrieb_email": "bob@crow.test"})

    assert found == {"name": "Ann Lee", "phone": "+49 30 23125001"}


@pytest.mark.parametrize("label", ["Kunde", "Cliente", "Client", "Klant", "Klient", "Клиент"])
def test_a_name_under_the_bare_word_for_a_customer_is_the_leads(label):
    assert fields({label: "Zenobia Wrona", "Tel": NUMBER})["name"] == "Zenobia Wrona"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("asesor", "solicitante"), ("adviseur", "aanvrager"), ("agente", "acquirente")],
)
def test_a_list_of_people_tells_their_roles(ours, theirs):
    people = [{"rol": ours, "name": "Bob Crow", "phone": NUMBER}, {"rol": theirs} | ANN]

    assert fields(people) == fields({"people": people}) == ANN


def test_who_asks_for_somebody_else_is_the_lead():
    body = {"submitted_by": ANN, "client": {"name": "Bob Crow", "phone": NUMBER}}

    assert fields(body) == ANN


@pytest.mark.parametrize("flag", [{"primary": True}, {"type": "primary"}, {"isDefault": True}])
def test_the_address_that_is_flagged_as_the_main_one_comes_first(flag):
    mails = [{"address": "old@lee.test"}, {"address": "ann@lee.test"} | flag]

    assert fields({"person": {"name": "Ann Lee", "emails": mails}})["email"] == "ann@lee.test"


def test_a_firms_name_is_not_its_contacts():
    body = {"account": {"name": "Harbor Sails", "contacts": [ANN]}}

    assert fields(body) == ANN | {"company": "Harbor Sails"}


@pytest.mark.parametrize(
    ("label", "said", "last"),
    [
        ("tussenvoegsel", "van den", "van den Berg"),
        ("Namenszusatz", "von", "von Berg"),
        ("Namenszusatz", "Dr.", "Berg"),
        ("Segundo apellido", "Mora", "Berg Mora"),
        ("apellido_materno", "Mora", "Berg Mora"),
    ],
)
def test_a_last_name_is_put_together_from_its_boxes(label, said, last):
    body = {"first_name": "Ann", label: said, "last_name": "Berg", "email": "ann@berg.test"}

    assert fields(body)["last_name"] == last


def test_vowels_may_be_spelt_in_two_letters():
    body = {"haendler": {"name": "Crow GmbH", "email": "info@crow.test"}, "kaeufer": ANN}

    assert fields(body) == ANN


@pytest.mark.parametrize("label", ["Clinic email", "Email do consultório", "E-Mail der Filiale"])
def test_the_address_of_a_place_is_not_the_leads_who_gave_a_number(label):
    body = {"Name": "Ann Lee", "Phone": NUMBER, label: "info@place.test"}

    assert "email" not in fields(body)


def test_a_workplace_is_the_firm_of_whoever_has_an_address_there():
    body = ANN | {"email": "ann@oaklane.test", "Practice": "Oak Lane Dental"}

    assert fields(body)["company"] == "Oak Lane Dental"
    assert "company" not in fields(body | {"email": "ann@lee.test"})


def test_whose_address_is_asked_for_by_an_unknown_word_is_not_the_lead():
    body = {"Name": "Ann Lee", "Phone": NUMBER}

    assert "email" not in fields(body | {"Zlorb email": "bob@crow.test"})
    assert fields(body | {"Zlorb email": "ann@lee.test"})["email"] == "ann@lee.test"


def test_what_is_left_out_of_a_long_word_is_forgiven():
    assert fields({"frist_name": "Ann", "lastnam": "Lee"})["last_name"] == "Lee"


def test_webflows_fields_may_be_a_list():
    listed = [{"name": "Name", "value": "Ann Lee"}, {"name": "Email", "value": "ann@lee.test"}]
    body = {"triggerType": "form_submission", "payload": {"data": {"fields": listed}}}

    assert fields(body, WEBFLOW) == ANN


def test_gravitys_numbers_are_named_by_the_labels_beside_them():
    labels = {"1": "Name", "2": "E-Mail", "5": "Telefon des Vermieters"}
    entry = {"id": "7", "form_id": "9", "date_created": "2026-11-03 07:10:00", "labels": labels}

    assert fields(entry | {"1": "Ann Lee", "2": "ann@lee.test", "5": NUMBER}, GRAVITY_FORMS) == ANN
