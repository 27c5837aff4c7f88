"""What stands for nothing is not given: it neither counts, nor flags, nor is compared or kept."""

from uuid import UUID

import pytest

from services.dedup import contact
from shared import leads

NOTHINGS = ["-", "n/a", "null", "undefined", "#N/A", "[object Object]", "{{ $json.value }}", "?"]


def checked(post, name, /, **fields):
    return post(email=f"{name}@firm-{name}.example", **fields)


@pytest.mark.parametrize("nothing", NOTHINGS)
def test_a_lead_with_an_email_and_nothings_is_taken_as_one_with_an_email_alone(post, nothing):
    beside = dict.fromkeys(("name", "phone", "company", "job_title", "website", "city"), nothing)

    alone, filled = checked(post, "ash"), checked(post, "birch", **beside)

    assert filled["action_taken"] == "allow_processing"
    for said in ("risk_assessment", "lead_validation"):
        assert filled[said] == alone[said]


def test_a_template_left_unfilled_in_the_email_leaves_the_phone(post):
    answer = post(email="{{ $json.email }}", phone="+49 30 23125014", name="Nina Falk")

    assert answer["action_taken"] == "allow_processing"
    assert answer["lead_validation"]["email_valid"] is False


def test_a_lead_of_nothings_alone_is_refused_in_words(client, user_id):
    body = {"user_id": user_id, "source_id": "s", "lead_data": {"email": "-", "phone": "n/a"}}

    answer = client.post("/webhook/leadfly/duplicate-prevention", json=body)

    assert answer.status_code == 400
    assert set(answer.json["error"]["details"]) <= {"lead_data.email", "lead_data.phone"}


def test_a_name_that_an_address_was_sent_under_is_named(client, user_id):
    sent = {"email_address": "ada@analytical.example", "first_name": "Ada"}
    body = {"user_id": user_id, "source_id": "s", "lead_data": sent}

    answer = client.post("/webhook/leadfly/duplicate-prevention", json=body)

    assert answer.status_code == 400
    assert answer.json["error"]["details"] == {
        "lead_data.email": "give an email or a phone; not known: email_address"
    }


def test_a_family_called_null_gives_a_name(post):
    answer = checked(post, "null", first_name="Jennifer", last_name="Null", company="Elm Ltd")

    assert answer["lead_validation"]["completeness_score"] == 80
    assert answer["risk_assessment"]["risk_factors"] == {}


def test_nothings_are_not_kept(post, database, gate, user_id):
    answer = checked(post, "cole", company="-", name="{{name}}")

    with database.transaction(user_id) as conn:
        lead = leads.find(conn, gate, user_id, UUID(answer["lead_id"]))

    assert lead.fields == {"email": "cole@firm-cole.example"}


# Several numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "further"),
    [
        ("+49 30 901850 / +49 171 1234568", "+49 30 901850", "+49 171 1234568"),
        ("+49 30 901850/+49 171 1234568", "+49 30 901850", "+49 171 1234568"),
        ("030 901850; 0171 1234568", "030 901850", "0171 1234568"),
        ("030 901850, 0171 1234568", "030 901850", "0171 1234568"),
        ("030 901850\n0171 1234568", "030 901850", "0171 1234568"),
        ("030 901850 or 0171 1234568", "030 901850", "0171 1234568"),
        ("030 901850 und 0171 1234568", "030 901850", "0171 1234568"),
        ("212-555-0143 / 212-555-0199", "212-555-0143", "212-555-0199"),
        ("030 901850/0171 1234568/0172 7654321", "030 901850", "0171 1234568; 0172 7654321"),
    ],
)
def test_several_numbers_in_one_box_are_each_kept(text, first, further):
    assert contact.promoted({"phone": text}) == {"phone": first, "other_phone": further}


@pytest.mark.parametrize(
    "text",
    [
        *("030/901850", "+49 30 90185 0/12", "0171/1234567", "(030) 901850/901851"),
        *("+49 (0) 33422 / 1234567", "0043 1 / 0123456789", "+44 20 7946 0111,12"),
        *("+44 20 7946 0111;ext=12", "12125550143,,1234", "1-800-FLOWERS or 1-800-555-0143"),
        *("+49 30 901850 / Fax +49 30 901851", "tel:+4930901850"),
    ],
)
def test_one_number_with_signs_in_it_stays_one(text):
    assert contact.promoted({"phone": text}) == {"phone": text}


def test_a_number_beside_another_one_is_as_good_a_proof(post):
    name = "Ada Lovelace"
    post(name=name, email="ada@one.example", phone="+49 30 901850 / +49 171 1234568")

    answer = post(name=name, email="ada@two.example", phone="+49 171 1234568")

    assert answer["duplicate_found"] is True
