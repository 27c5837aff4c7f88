"""Who of those that a form names is the lead, and what is theirs who only serve, sell or sign."""

import pytest

from services.dedup.intake.reading.nothing import no_firm, says_nothing
from services.dedup.intake.senders.generic import GENERIC
from services.dedup.intake.understanding import understood

ANN = {"Name": "Ann Lee", "Email": "ann@lee.test"}
CALL = {"From": "+13125550141", "To": "+13125550999", "CallerName": "ANN LEE"}


def fields(body):
    (sent,) = GENERIC.items(body)
    return understood(sent, {}, "generic").fields


@pytest.mark.parametrize(
    ("lead", "other"),
    [
        ("Tenant", "Landlord"),
        ("Mieter", "Vermieter"),
        ("Locataire", "Propriétaire"),
        ("Inquilino", "Propietario"),
        ("Huurder", "Verhuurder"),
        ("Patient", "Next of kin"),
        ("Buyer", "Seller"),
        ("Parent", "Student"),
        ("Rodzic", "Dziecko"),
        ("Sender", "Recipient"),
    ],
)
def test_the_nearer_of_two_roles_is_the_lead(lead, other):
    body = {
        f"{other} name": "Bob Crow",
        f"{other} email": "bob@crow.test",
        f"{lead} name": "Ann Lee",
        f"{lead} email": "ann@lee.test",
    }

    assert fields(body) == {"name": "Ann Lee", "email": "ann@lee.test"}


@pytest.mark.parametrize("role", ["seller", "buyer", "patient", "student", "insured", "landlord"])
def test_a_role_that_stands_alone_is_the_lead(role):
    assert fields({role: {"name": "Ann Lee", "email": "ann@lee.test"}}) == {
        "name": "Ann Lee",
        "email": "ann@lee.test",
    }


def test_a_role_may_say_the_rest_of_one_person():
    assert fields({"Patient name": "Ann Lee", "Phone": "+1 415 555 2671"})["name"] == "Ann Lee"


def test_who_owns_a_record_is_not_the_lead_whose_name_is_not_told():
    assert "name" not in fields({"email": "ann@lee.test", "owner_name": "Bob Crow"})
    assert fields({"Email": "ann@lee.test", "Owner's name": "Ann Lee"})["name"] == "Ann Lee"


def test_beside_the_lead_a_person_under_a_word_that_nobody_knows_is_a_stranger():
    body = {**ANN, "Name Zlorb": "Bob Crow", "Telefon Zlorb": "+49 30 23125099"}

    assert fields(body) == {"name": "Ann Lee", "email": "ann@lee.test"}


def test_the_same_person_told_twice_is_no_stranger():
    zlorb = {"name": "Ann Lee", "email": "ann@lee.test", "phone": "+1 415 555 2671"}

    assert fields({**ANN, "zlorb": zlorb})["phone"] == "+1 415 555 2671"


@pytest.mark.parametrize(
    "label",
    [
        *("current_insurance.company", "Current carrier", "Utility company", "Your bank"),
        *("Aktueller Stromanbieter", "Mutuelle actuelle", "Operadora atual", "Gestore attuale"),
        *("Huidige energieleverancier", "Obecny dostawca prądu", "current_company", "Your gym"),
    ],
)
def test_whoever_the_lead_deals_with_is_not_its_firm(label):
    assert "company" not in fields({**ANN, label: "Crow Brothers Ltd"})


def test_a_candidates_present_company_is_its_own():
    body = {"candidate": {"name": "Ann Lee", "email": "ann@lee.test"}, "current_company": "Miller"}

    assert fields(body)["company"] == "Miller"


@pytest.mark.parametrize("text", ["self", "Freelance", "n/a", "keine", "particulier", "Žádná", "-"])
def test_who_has_no_firm_says_so_in_many_words(text):
    assert no_firm(text)
    assert "company" not in fields({**ANN, "Company": text})


@pytest.mark.parametrize("text", ["{{ name }}", "@name", "[first-name]", "*|FNAME|*", "N/A", "nvt"])
def test_a_variable_that_was_not_filled_in_says_nothing(text):
    assert says_nothing(text)
    assert not says_nothing("Ann Lee")


def test_the_lead_of_a_call_is_who_called():
    assert fields(CALL) == {"name": "ANN LEE", "phone": "+13125550141"}


def test_the_lead_of_a_call_that_we_made_is_who_was_called():
    assert fields(CALL | {"Direction": "outbound-api"})["phone"] == "+13125550999"


def test_the_number_that_was_written_to_is_not_the_leads():
    body = {"wa_id": "5511912345678", "profile_name": "Ann Lee", "business_number": "+551140001234"}

    assert fields(body) == {"name": "Ann Lee", "phone": "5511912345678"}


def test_a_mails_sender_is_the_lead_unless_a_program_wrote():
    mail = {"from": "Ann Lee <ann@lee.test>", "to": "sales@ours.test", "subject": "Quote"}
    form = {"from": "Bot <noreply@forms.test>", "reply_to": "ann@lee.test", "name": "Ann Lee"}

    assert fields(mail) == fields(form) == {"name": "Ann Lee", "email": "ann@lee.test"}


def test_of_those_who_attend_who_is_not_ours_is_the_lead():
    body = {
        "attendees": [
            {"displayName": "Our Team", "email": "team@ours.test", "self": True},
            {"displayName": "Ann Lee", "email": "ann@lee.test"},
        ]
    }

    assert fields(body) == {"name": "Ann Lee", "email": "ann@lee.test"}


def test_a_forms_own_name_is_not_the_leads():
    pairs = [{"name": "name", "value": "Ann Lee"}, {"name": "email", "value": "ann@lee.test"}]

    assert fields({"name": "Contact form", "fields": pairs})["name"] == "Ann Lee"


def test_a_leads_name_above_its_fields_stays_its_name():
    pairs = [{"name": "email", "value": "ann@lee.test"}]

    assert fields({"name": "Ann Lee", "custom_fields": pairs})["name"] == "Ann Lee"


def test_who_works_with_the_tool_is_not_the_lead_beside_a_contact():
    body = {
        "user": {"name": "Bob Crow", "email": "bob@ours.test"},
        "contacts": [{"name": "Ann Lee", "email": "ann@lee.test"}],
    }

    assert fields(body) == {"name": "Ann Lee", "email": "ann@lee.test"}


def test_the_place_that_a_guest_asked_is_not_the_guests():
    body = {"guest": ANN, "restaurant": {"name": "Chez Nous", "phone": "+33 1 55 55 01 00"}}

    assert fields(body) == {"name": "Ann Lee", "email": "ann@lee.test"}


def test_who_pays_is_the_lead_and_the_goods_go_to_anybody():
    body = {
        "billing_name": "Ann Lee",
        "billing_email": "ann@lee.test",
        "shipping_name": "Bob Crow",
        "shipping_phone": "+1 415 555 2671",
    }

    assert fields(body) == {"name": "Ann Lee", "email": "ann@lee.test"}


def test_an_event_and_what_it_is_about_are_no_pair():
    body = {"type": "contact.created", "data": {"name": "Ann Lee", "email": "ann@lee.test"}}

    assert fields(body)["email"] == "ann@lee.test"
