"""What further records of a person say, beside the lead that is shown."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.leads.also_known import Said, also_known

NOW = datetime(2026, 1, 1, tzinfo=UTC)

ADA = {"first_name": "Ada", "last_name": "Lovelace", "phone": "+1 212 555 0123"}


def record(number, **fields):
    return Said(UUID(int=number), "import", NOW + timedelta(days=number), fields)


def told(shown, *records):
    return [(each["field"], each["value"]) for each in also_known(shown, records, "US")]


def test_what_a_further_record_adds_is_told_with_where_it_stands():
    (found,) = also_known(ADA, [record(7, company="Analytical Engines")], "US")

    assert found == {
        "field": "company",
        "value": "Analytical Engines",
        "lead_id": UUID(int=7),
        "source_id": "import",
        "at": NOW + timedelta(days=7),
    }


def test_another_spelling_is_nothing_new():
    assert told(ADA, record(1, name="ADA LOVELACE", phone="(212) 555-0123")) == []


def test_a_further_address_is_an_address():
    shown = {"email": "ada@analytical.example"}

    assert told(shown, record(1, other_email="ADA@analytical.example")) == []


def test_a_value_is_told_once_and_the_latest_first():
    records = record(1, city="London"), record(2, city="london"), record(3, city="Paris")

    assert told(ADA, *records) == [("city", "Paris"), ("city", "london")]


def test_the_answer_of_one_lead_tells_it(client, post, user_id):
    known = post(name="Ada Lovelace", email="ada@analytical.example")
    later = post(name="Ada Lovelace", email="ada@analytical.example", company="Analytical Engines")

    place = f"/api/v1/lead-discovery/leads/{known['lead_id']}?user_id={user_id}"
    (found,) = client.get(place).json["also_known"]

    assert (found["field"], found["lead_id"]) == ("company", later["lead_id"])
