"""The judge's world keeps its promises: labels that hold, numbers that exist, every kind played."""

import random
from collections import Counter

import phonenumbers
import pytest

from bench.judge import arrivals
from bench.judge.casting import DUPLICATES, NEGATIVES
from bench.judge.names import cultures
from bench.judge.world import World, countries
from shared.lead_fields import FIELDS

PEOPLE = 6_000

ONE_MAILBOX = {
    "neg:role_inbox",
    "neg:role_inbox_native",
    "neg:role_inbox_and_switchboard",
    "neg:agency_inbox",
    "neg:placeholder_mail",
}
"""Kinds in which two people share a mailbox by design and a human can still tell them apart."""


@pytest.fixture(scope="module")
def found():
    return arrivals(11, PEOPLE)


def pairs(found, sign):
    return [(found[a.of], a) for a in found if a.kind.startswith(sign) and not a.ambiguous]


def mailbox(arrival):
    return arrival.lead.get("email", "").strip().lower()


def digits(arrival):
    return "".join(sign for sign in arrival.lead.get("phone", "") if sign.isdigit())[-6:]


def test_one_seed_is_one_year_of_arrivals():
    assert arrivals(4, 300) == arrivals(4, 300)
    assert arrivals(4, 300) != arrivals(5, 300)


def test_half_are_new_a_quarter_return_and_a_quarter_only_seem_to(found):
    signs = Counter(arrival.kind.partition(":")[0] for arrival in found)

    shares = {sign: count / len(found) for sign, count in signs.items()}
    assert shares == pytest.approx({"first": 0.5, "dup": 0.25, "neg": 0.25}, abs=0.02)


def test_arrivals_come_in_order_and_a_known_person_is_a_duplicate(found):
    seen = set()
    for before, arrival in zip([None, *found], found, strict=False):
        assert before is None or before.submitted_at <= arrival.submitted_at
        assert arrival.known == (arrival.person in seen) == arrival.kind.startswith("dup:")
        seen.add(arrival.person)


def test_every_lead_has_known_fields_with_something_in_them_and_a_contact(found):
    for arrival in found:
        assert arrival.lead.keys() <= set(FIELDS)
        assert all(text.strip() for text in arrival.lead.values())
        assert arrival.lead.keys() & {"email", "phone"}


def test_a_duplicate_is_made_from_its_person_and_a_negative_from_another(found):
    for position, arrival in enumerate(found):
        if arrival.of is not None:
            assert arrival.of < position
            assert (found[arrival.of].person == arrival.person) == arrival.known


def test_every_kind_is_played_and_says_what_happens_in_a_sentence(found):
    registry = {f"dup:{name}": scene for name, scene in DUPLICATES.items()}
    registry |= {f"neg:{name}": scene for name, scene in NEGATIVES.items()}

    assert {arrival.kind for arrival in found} - {"first"} == set(registry)
    assert all(scene.act.__doc__.endswith(".") for scene in registry.values())


def test_every_country_and_group_appears(found):
    assert {arrival.country for arrival in found} == set(countries())
    assert len({arrival.group for arrival in found}) == 10


def test_the_numbers_of_the_world_exist():
    world = World(random.Random(2))
    for country in countries():
        for make in (world.mobile, world.line):
            numbers = [phonenumbers.parse(make(country).e164) for _ in range(20)]
            assert sum(map(phonenumbers.is_valid_number, numbers)) >= 17, (country, make)


def test_two_people_share_a_mailbox_only_where_the_kind_says_so(found):
    for before, arrival in pairs(found, "neg:"):
        if mailbox(before) and mailbox(before) == mailbox(arrival):
            assert arrival.kind in ONE_MAILBOX


def test_a_decidable_duplicate_shares_more_than_a_name(found):
    for before, arrival in pairs(found, "dup:"):
        local = mailbox(before).partition("@")[0].replace(".", "")
        shared = (
            (digits(before) and digits(before) == digits(arrival))
            or (local and local[:1] in mailbox(arrival).replace(".", ""))
            or any(
                before.lead.get(field) and before.lead.get(field) == arrival.lead.get(field)
                for field in ("company", "job_title", "street", "date_of_birth")
            )
        )
        assert shared or arrival.kind in {
            "dup:phone_slip",
            "dup:phone_vanity",
            "dup:phone_foreign_digits",
            "dup:phone_extension",
            "dup:untidy_email",
        }, arrival


def test_a_decidable_namesake_at_one_number_says_junior(found):
    for before, arrival in pairs(found, "neg:"):
        names = [
            " ".join(a.lead.get(f, "") for f in ("name", "first_name", "last_name"))
            for a in (before, arrival)
        ]
        if names[0] == names[1] and digits(before) == digits(arrival) != "":
            assert arrival.kind == "neg:placeholder_name"


def test_every_culture_of_a_country_has_names():
    named = {code for about in countries().values() for code in about["cultures"].split()[::2]}

    assert named == set(cultures())
