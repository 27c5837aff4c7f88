"""How many people share a number of which more leads are known than are read."""

import pytest

PATH = "/webhook/leadfly/duplicate-prevention"

BRITISH, FRENCH = "+44 7700 900123", "+33 7700900123"
"""Two numbers that end in the same nine digits, by which leads are found."""

GIVEN = ("Anton", "Birgit", "Cosmin", "Dorothea", "Emre", "Franziska", "Goran", "Hildegard")
FAMILY = ("Aschenbrenner", "Bozkurt", "Czerny", "Dvorak", "Eichhorn", "Fujimoto", "Grieg", "Hahn")


def colleague(number):
    """Return the lead of person *number*, the first forty British and the others French."""
    name = f"{GIVEN[number % 8]} {FAMILY[number // 8]}"
    phone = BRITISH if number < 40 else FRENCH
    return {"name": name, "email": f"p{number}@haus{number}.example", "phone": phone}


def again(**said):
    """Return another lead of a British colleague, who is so found beside a British lead."""
    return colleague(30) | {"email": "new@anderswo.example"} | said


def sharing(answer):
    """Return what the answer says of the telephone."""
    evidence = answer["match_details"]["evidence"]
    return next(e["explanation"] for e in evidence if e["comparison"] == "phone")


@pytest.fixture
def together(client, user_id):
    """Return a function that posts leads as one batch and returns its results."""

    def together(leads, **options):
        body = {"user_id": user_id, "source_id": "s", "leads": [{"lead_data": x} for x in leads]}
        answer = client.post(f"{PATH}/batch", json=body | {"options": {"explain": True} | options})
        return answer.json["results"]

    return together


@pytest.fixture
def crowded(together):
    """Make sixty people known, of whom forty share a British number and twenty a French one."""
    together([colleague(number) for number in range(60)])


def test_only_people_of_the_very_number_are_counted(crowded, explained):
    assert sharing(explained(**again())) == "40 people share this number."


def test_a_further_number_is_counted_by_itself_too(crowded, explained):
    answer = explained(**again(phone="+49 30 23125014", other_phone=BRITISH))

    assert sharing(answer) == "40 people share this number."


def test_later_leads_of_a_batch_count_those_before_them_by_their_number(crowded, together):
    new = [
        {"name": "Ilse Iversen", "email": "ilse@i.example", "phone": BRITISH},
        {"name": "Jo Jansson", "email": "jo@j.example", "phone": FRENCH},
    ]

    *_, last = together([*new, again()], dry_run=True)

    assert sharing(last) == "41 people share this number."
