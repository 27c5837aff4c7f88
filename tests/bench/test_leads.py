from functools import cache
from itertools import pairwise

import phonenumbers

from bench.leads.arrival import Arrival
from bench.leads.generator import DUPLICATES, NEGATIVES, arrivals
from bench.leads.negatives_home import PLACEHOLDER_PHONES
from bench.leads.vocabulary import countries
from shared.lead_fields import FIELDS


@cache
def stream() -> list[Arrival]:
    return arrivals(seed=3, people=3000)


def test_a_seed_always_makes_the_same_leads():
    assert arrivals(seed=5, people=120) == arrivals(seed=5, people=120)


def test_another_seed_makes_other_leads():
    assert arrivals(seed=5, people=120) != arrivals(seed=6, people=120)


def test_leads_arrive_in_order():
    assert all(a.submitted_at <= b.submitted_at for a, b in pairwise(stream()))


def test_every_kind_occurs():
    named = {f"dup:{entry.name}" for entry in DUPLICATES}
    named |= {f"neg:{entry.name}" for entry in NEGATIVES}

    assert {arrival.kind for arrival in stream()} == named | {"first"}


def test_every_kind_says_what_it_stands_for():
    assert all(entry.kind.__doc__ for entry in (*DUPLICATES, *NEGATIVES))


def test_a_person_is_known_exactly_if_they_came_before():
    seen: set[int] = set()
    for arrival in stream():
        assert arrival.known == (arrival.person in seen)
        seen.add(arrival.person)


def test_duplicates_are_of_the_person_they_were_made_from_and_negatives_are_not():
    for place, arrival in enumerate(stream()):
        if arrival.of is None:
            assert arrival.kind == "first"
            continue
        assert arrival.of < place
        same = stream()[arrival.of].person == arrival.person
        assert same == arrival.kind.startswith("dup:") == arrival.known


def test_half_of_the_leads_are_unremarkable_and_a_quarter_each_duplicates_and_negatives():
    families = [arrival.kind.partition(":")[0] for arrival in stream()]

    for family, share in (("first", 0.5), ("dup", 0.25), ("neg", 0.25)):
        assert abs(families.count(family) / len(families) - share) < 0.02


def test_leads_come_from_thirty_countries_of_all_ten_groups():
    assert len({arrival.country for arrival in stream()}) >= 30
    assert len({arrival.group for arrival in stream()}) == 10


def test_leads_post_only_fields_that_say_something():
    for arrival in stream():
        assert arrival.lead and set(arrival.lead) <= set(FIELDS)
        assert all(text.strip() for text in arrival.lead.values())


def test_the_phones_of_unremarkable_leads_are_valid_in_their_country():
    read = [
        (phonenumbers.parse(arrival.lead["phone"], arrival.country), arrival)
        for arrival in stream()
        if arrival.kind == "first" and arrival.lead.get("phone", "000") not in PLACEHOLDER_PHONES
    ]
    assert read and all(phonenumbers.is_valid_number(number) for number, _ in read)


def test_few_leads_are_ambiguous():
    assert sum(arrival.ambiguous for arrival in stream()) / len(stream()) < 0.05


def test_countries_belong_to_the_groups_they_are_reported_in():
    assert {country.group for country in countries().values()} == {a.group for a in stream()}
